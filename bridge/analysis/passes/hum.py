"""Mains hum: the sum of the front pair below 300 Hz, kept at a low rate and looked at finely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable, needs_seconds

LONGEST_S = 600
"""Hum does not come and go: ten minutes tell all."""

SHORTEST_S = 6.0
MAINS_HZ = (50.0, 60.0)
HARMONICS = 5

_WINDOW_S = 4.0
_LOWEST_RATE = 700.0
_AUDIBLE = 1e-6
"""60 dB below the loudest line nothing is heard, and the rounding of steady tones to 16 bits makes combs of its own."""

_STEADY = 25.0
"""Percentile over windows: a line must stand in three of four."""


class Hum:
    """low: means of `step` samples, at 700 to 1400 a second."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.step = max(1, (1 << int(stream.rate / _LOWEST_RATE).bit_length()) // 2)
        self._weights = np.full(self.step, 1.0 / self.step, np.float32)
        self.low = Series(dtype=np.float32)

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        if chunk.start < LONGEST_S * self.stream.rate and self.stream.rate >= 2 * _LOWEST_RATE:
            parts = chunk.sum_of_pair.reshape(chunk.frames, -1, self.step)
            self.low.append(np.matmul(parts, self._weights).reshape(-1))

    def lines(self) -> dict[float, tuple[float, ...]]:
        """dB by which each harmonic of each mains frequency stands over its surroundings, in three windows of four.

        Raises Unmeasurable for no frames, silence, less than 6 s and rates below 1400 Hz.
        """
        if not self.frames:
            raise Unmeasurable(EMPTY)
        needs_seconds(self.frames / self.stream.rate, SHORTEST_S)
        if not len(self.low):
            raise Unmeasurable(f"a rate of {self.stream.rate} Hz is too low")
        if not self.low.values.any():
            raise Unmeasurable(SILENCE)
        rate = self.stream.rate / self.step
        power = _steady_spectrum(self.low.values.astype(np.float64), round(_WINDOW_S * rate))
        hz = np.arange(power.size) * rate / round(_WINDOW_S * rate)
        return {
            mains: tuple(_line_db(power, hz, mains * k) for k in range(1, HARMONICS + 1))
            for mains in MAINS_HZ
        }


def _steady_spectrum(wave: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    from scipy.fft import rfft

    views = np.lib.stride_tricks.sliding_window_view(wave, length)[:: length // 2]
    window = np.blackman(length)
    power: NDArray[np.float64] = np.percentile(np.abs(rfft(views * window)) ** 2, _STEADY, axis=0)
    return power


def _line_db(power: NDArray[np.float64], hz: NDArray[np.float64], at_hz: float) -> float:
    """The strongest bin within 0.3 Hz over its surroundings, not below 0: over the middle of those 2 to 6 Hz away, and
    over every one 1 to 2 Hz away, where the skirt of a note would still stand."""
    apart = np.abs(hz - at_hz)
    near, skirt = power[apart <= 0.3], power[(apart >= 1.0) & (apart <= 2.0)]
    around = power[(apart >= 2.0) & (apart <= 6.0)]
    if not near.size or not around.size or not near.max() > _AUDIBLE * power.max():
        return 0.0
    floor = max(float(np.median(around)), float(skirt.max()), 1e-30)
    return float(max(0.0, 10.0 * np.log10(near.max() / floor)))
