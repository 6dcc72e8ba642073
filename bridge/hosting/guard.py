"""The output guard: what a plugin gave back is sound, of the right shape, and not silence out of sound."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.errors import PluginFailed
from bridge.units import gain_from_db

BLOWN_UP_DBFS = 60.0
"""No setting of a sane plugin turns sound at full scale into this; a feedback that runs away does."""

HEARD = gain_from_db(-60.0)
"""Peak of an input that counts as sound."""


HEARD_ON_ONE_SIDE = gain_from_db(-30.0)
"""Peak that a single channel must have had: a gate may well close over the hiss of the quieter side."""

_ONE_SIDED = re.compile(
    r"pan|balance|mute|solo|width|side|mid|mono|left|right|swap|channel|mode", re.IGNORECASE
)


def may_be_one_sided(settings: Iterable[str]) -> bool:
    """Whether a step's own settings may be why one side of a sound is silent."""
    return any(_ONE_SIDED.search(name) for name in settings)


class OutputGuard:
    """Watches one plugin's stream. Raises PluginFailed that names the plugin and the time.

    one_sided: silence of a single channel is what the step may have asked for.
    """

    def __init__(self, plugin: str, rate: int, channels: int, one_sided: bool = False) -> None:
        self._plugin = plugin
        self._rate = rate
        self._frames = 0
        self._one_sided = one_sided
        self._alike = True
        self._in: Samples = np.zeros(channels, np.float32)
        self._out: Samples = np.zeros(channels, np.float32)

    def block(self, sent: Samples, got: Samples) -> Samples:
        """Checks the answer `got` [shape=(channels, <=frames)] to `sent` [shape=(channels, frames)]."""
        if got.ndim != 2 or got.shape[0] != sent.shape[0] or got.shape[1] > sent.shape[1]:
            raise self._fault("wrong_length", f"answered {sent.shape} samples with {got.shape}")
        peaks = np.max(np.abs(got), axis=1) if got.size else np.zeros(got.shape[0])
        if not np.all(np.isfinite(peaks)):
            channel, first = _first(~np.isfinite(got))
            raise self._fault("not_finite", f"gave NaN or infinity in channel {channel}", first)
        if peaks.size and peaks.max() > gain_from_db(BLOWN_UP_DBFS):
            channel, first = _first(np.abs(got) > gain_from_db(BLOWN_UP_DBFS))
            what = f"gave samples more than {BLOWN_UP_DBFS:g} dB over full scale in channel {channel}"
            raise self._fault("blown_up", what, first)
        self._frames += got.shape[1]
        self._alike = self._alike and bool(np.array_equal(sent, np.broadcast_to(sent[:1], sent.shape)))
        self._in = np.maximum(self._in, np.max(np.abs(sent), axis=1, initial=0.0))
        self._out = np.maximum(self._out, peaks)
        return got

    def end(self, missing_frames: int) -> None:
        """Once the stream is over. missing_frames: how many never came out."""
        if missing_frames:
            raise self._fault("wrong_length", f"kept {missing_frames} frames for itself")
        if self._in.max(initial=0.0) > HEARD and not self._out.any():
            raise self._fault("silent", "turned sound into silence")
        dead = np.flatnonzero((self._in > HEARD_ON_ONE_SIDE) & (self._out == 0.0))
        # Of two equal channels a plugin may well make one and nothing: that is what their difference is.
        if dead.size and not self._alike and not self._one_sided:
            raise self._fault("silent", f"gave nothing in channel {dead[0] + 1}, which had sound,")

    def _fault(self, fault: str, what: str, after: int = 0) -> PluginFailed:
        at_s = (self._frames + after) / self._rate
        return PluginFailed(f"Plugin {self._plugin} {what} at {at_s:.2f} s.", self._plugin, fault)


def _first(bad: NDArray[np.bool_]) -> tuple[int, int]:
    """Channel, counted from 1, and frame of the earliest bad sample [shape=(channels, frames)]."""
    frame = int(np.argmax(bad.any(axis=0)))
    return int(np.argmax(bad[:, frame])) + 1, frame
