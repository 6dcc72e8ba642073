"""The output guard: what a plugin gave back is sound, of the right shape, and not silence out of sound."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.errors import PluginFailed
from bridge.units import gain_from_db

BLOWN_UP_DBFS = 60.0
"""No setting of a sane plugin turns sound at full scale into this; a feedback that runs away does."""

HEARD = gain_from_db(-60.0)
"""Peak of an input that counts as sound."""


class OutputGuard:
    """Watches one plugin's stream. Raises PluginFailed that names the plugin and the time."""

    def __init__(self, plugin: str, rate: int) -> None:
        self._plugin = plugin
        self._rate = rate
        self._frames = 0
        self._peak_in = 0.0
        self._peak_out = 0.0

    def block(self, sent: Samples, got: Samples) -> Samples:
        """Checks the answer `got` [shape=(channels, <=frames)] to `sent` [shape=(channels, frames)]."""
        if got.ndim != 2 or got.shape[0] != sent.shape[0] or got.shape[1] > sent.shape[1]:
            raise self._fault("wrong_length", f"answered {sent.shape} samples with {got.shape}")
        peaks = np.max(np.abs(got), axis=1) if got.size else np.zeros(got.shape[0])
        if not np.all(np.isfinite(peaks)):
            channel = int(np.flatnonzero(~np.isfinite(peaks))[0])
            first = int(np.flatnonzero(~np.isfinite(got[channel]))[0])
            raise self._fault("not_finite", f"gave NaN or infinity in channel {channel + 1}", first)
        if peaks.size and peaks.max() > gain_from_db(BLOWN_UP_DBFS):
            raise self._fault("blown_up", f"gave samples more than {BLOWN_UP_DBFS:g} dB over full scale")
        self._frames += got.shape[1]
        self._peak_in = max(self._peak_in, float(np.max(np.abs(sent), initial=0.0)))
        self._peak_out = max(self._peak_out, float(np.max(peaks, initial=0.0)))
        return got

    def end(self, missing_frames: int) -> None:
        """Once the stream is over. missing_frames: how many never came out."""
        if missing_frames:
            raise self._fault("wrong_length", f"kept {missing_frames} frames for itself")
        if self._peak_in > HEARD and self._peak_out == 0.0:
            raise self._fault("silent", "turned sound into silence")

    def _fault(self, fault: str, what: str, after: int = 0) -> PluginFailed:
        at_s = (self._frames + after) / self._rate
        return PluginFailed(f"Plugin {self._plugin} {what} at {at_s:.2f} s.", self._plugin, fault)
