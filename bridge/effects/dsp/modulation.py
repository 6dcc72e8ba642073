"""Chorus, flanger and phaser through pedalboard, and a gain that swings: all start at the same place of their swing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.equal_power import equal_power
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.sides import PAIRS
from bridge.effects.dsp.silence import nothing
from bridge.errors import BadInput

_CHUNK = 8192
"""The library begins anew where a block is longer than all before it: none ever is."""

_SETTLING_S = 0.1
"""It glides its settings for some 10 ms after it was made."""

_LOWEST_RATE, _HIGHEST_RATE = 1_000, 768_000

Make = Callable[[], Any]


class Swept(Overlapped):
    """out = dry * x + wet * plugin(x), one plugin a channel; right partners swing `apart` cycles ahead of left ones."""

    def __init__(
        self, make: Make, rate: int, channels: int, rate_hz: float, apart: float, gains: tuple[float, float]
    ) -> None:
        """make: a fresh plugin without dry sound. gains: dry and wet."""
        if not _LOWEST_RATE <= rate <= _HIGHEST_RATE:
            raise BadInput(f"Modulation works from {_LOWEST_RATE} to {_HIGHEST_RATE} Hz, not at {rate} Hz.")
        super().__init__(self._swing, channels, 0, _CHUNK, 0)
        right = {pair[1] for pair in PAIRS.get(channels, ())}
        settled = math.ceil(_SETTLING_S * rate)
        ahead = round(apart / rate_hz * rate)
        self._plugins = [make() for _ in range(channels)]
        self._rate = rate
        self._dry, self._wet = (np.float32(gain) for gain in gains)
        for index, plugin in enumerate(self._plugins):
            _run_idle(plugin, rate, _CHUNK + settled + (ahead if index in right else 0))

    def _swing(self, window: Samples) -> Samples:
        wet = [
            np.asarray(plugin.process(np.ascontiguousarray(row[None]), self._rate, reset=False), np.float32)
            for plugin, row in zip(self._plugins, window, strict=True)
        ]
        return self._dry * window + self._wet * np.concatenate(wet, axis=0)


def _run_idle(plugin: Any, rate: int, frames: int) -> None:
    """Silence through a plugin, so that its swing goes on."""
    for start in range(0, frames, _CHUNK):
        plugin.process(np.zeros((1, min(_CHUNK, frames - start)), np.float32), rate, reset=False)


def chorus(
    rate: int,
    channels: int,
    rate_hz: float,
    depth: float,
    delay_ms: float,
    feedback: float,
    apart: float,
    mix: float,
) -> Swept:
    """Copies whose delay swings by up to 10 ms (depth 1) around `delay_ms`; equal-power mix with the dry sound."""
    from pedalboard import Chorus

    def make() -> Chorus:
        return Chorus(rate_hz=rate_hz, depth=depth, centre_delay_ms=delay_ms, feedback=feedback, mix=1.0)

    return Swept(make, rate, channels, rate_hz, apart, equal_power(mix))


def phaser(
    rate: int,
    channels: int,
    rate_hz: float,
    depth: float,
    centre_hz: float,
    feedback: float,
    apart: float,
    mix: float,
) -> Swept:
    """Six all-passes whose frequency swings around `centre_hz`; notches are deepest at a linear mix of a half."""
    from pedalboard import Phaser

    def make() -> Phaser:
        centre = min(centre_hz, 0.2 * rate)
        return Phaser(rate_hz=rate_hz, depth=depth, centre_frequency_hz=centre, feedback=feedback, mix=1.0)

    return Swept(make, rate, channels, rate_hz, apart, (1.0 - mix, mix))


class Swing:
    """A gain of 1 - depth * (1 - cos(2 pi f t + phase)) / 2; right partners `apart` cycles ahead of left ones."""

    latency_frames = 0

    def __init__(self, rate: int, channels: int, rate_hz: float, depth: float, apart: float) -> None:
        right = {pair[1] for pair in PAIRS.get(channels, ())}
        self._cycles = rate_hz / rate
        self._depth = depth
        self._phase = np.array([[apart if index in right else 0.0] for index in range(channels)])
        self._at = 0
        self._channels = channels

    def process(self, block: Samples) -> Samples:
        at = (np.arange(self._at, self._at + block.shape[1]) * self._cycles)[None] + self._phase
        self._at += block.shape[1]
        gain = 1.0 - self._depth * (0.5 - 0.5 * np.cos(2 * np.pi * at))
        return np.asarray(block * gain, np.float32)

    def flush(self) -> Samples:
        return nothing(self._channels)
