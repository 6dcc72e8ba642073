"""What an impulse says about a plugin: its true latency and how long it goes on sounding."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.hosting import floating
from bridge.hosting.pace import BLOCK, Pace
from bridge.units import gain_from_db

LEVEL = 0.5
LISTEN_S = 1.0
FARTHEST_S = 0.2
"""A hidden latency beyond this is taken for an intended delay."""

_TRIAL_GRACE_S = 20.0
"""What a plugin may take beside its frames while it is only tried."""

_MEANT_TO_DELAY = re.compile(
    r"delay|echo|verb|room|hall|chorus|flang|doubl|grain|pitch|phas|loop", re.IGNORECASE
)


Beat = Callable[[], None]
"""A sign of life, given between stretches of sound."""


def no_beat() -> None:
    """For who is not waited for."""


@dataclass(frozen=True)
class Response:
    """Frames count from the impulse, after pedalboard has taken the reported latency away.

    onset: the first sample within 40 dB of the largest one, or None for no answer; negative where the plugin reports
    more latency than it has. sharp: the largest sample is at the onset, as with a plain delay. end: one after the
    last sample above -60 dB.
    """

    onset: int | None
    sharp: bool
    end: int


def respond(
    plugin: Any, rate: int, channels: int, seconds: float = LISTEN_S, beat: Beat = no_beat
) -> Response:
    """The impulse response; resets the plugin before."""
    plugin.reset()
    start = int(plugin.reported_latency_samples)
    frames = -(-(2 * start + int(seconds * rate)) // BLOCK) * BLOCK
    sound = np.zeros((channels, frames), np.float32)
    sound[:, start] = LEVEL
    heard = np.max(np.abs(play(plugin, sound, rate, beat=beat)), axis=0)
    peak = float(heard.max(initial=0.0))
    if not np.isfinite(peak) or peak < 1e-6:
        return Response(None, False, 0)
    onset = int(np.argmax(heard > peak * gain_from_db(-40.0)))
    loud = np.flatnonzero(heard > peak * gain_from_db(-60.0))
    return Response(onset - start, int(np.argmax(heard)) - onset <= 2, int(loud[-1]) + 1 - start)


def play(plugin: Any, sound: Samples, rate: int, block: int = BLOCK, beat: Beat = no_beat) -> Samples:
    """`sound` through the plugin without a reset; the reported latency is missing at the end.

    Raises PluginFailed (`too_slow`).
    """
    parts, start = [], 0
    pace = Pace(str(plugin.name), rate, _TRIAL_GRACE_S)
    while start < sound.shape[1]:
        piece = sound[:, start : start + pace.step]
        before = perf_counter()
        with floating.kept():
            parts.append(plugin.process(piece, rate, buffer_size=block, reset=False))
        beat()
        pace.took(piece.shape[1], perf_counter() - before)
        start += piece.shape[1]
    return np.concatenate(parts, axis=1) if parts else sound


def hidden_latency(
    plugin: Any, rate: int, channels: int, beat: Beat = no_beat, response: Response | None = None
) -> int:
    """Frames by which the plugin is later than it says, negative where it is earlier; 0 for what is meant to be late.

    A delay or a reverb answers late because that is its sound: nothing is taken away where the name, the category or
    a parameter speaks of one, where the answer is no clean impulse, or where it comes later than FARTHEST_S.
    response: where it has been listened to already, for at least FARTHEST_S.
    """
    if _meant_to_delay(plugin):
        return 0
    response = response or respond(plugin, rate, channels, beat=beat)
    if response.onset is None or not response.sharp or response.onset > FARTHEST_S * rate:
        return 0
    return response.onset


def _meant_to_delay(plugin: Any) -> bool:
    words = [str(plugin.name), str(plugin.category), *plugin.parameters]
    return any(_MEANT_TO_DELAY.search(word) for word in words)
