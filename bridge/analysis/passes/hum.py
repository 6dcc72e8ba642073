"""Mains hum: the sum of the front pair below 600 Hz, kept at a low rate and looked at finely."""

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
HARMONICS = 10
CLEAREST = 6

_LONGEST_WINDOW_S = 16.0
"""The longer, the further a line that never changes stands out of music; mains keeps to 0.02 Hz so long."""

_LOWEST_RATE = 1500.0
_OFF = np.arange(-1.5e-3, 1.51e-3, 1e-4)
"""Mains may lie so far from its nominal frequency (EN 50160 allows 1 % at most; 0.15 % is hardly ever passed)."""

_ASIDE_HZ = np.concatenate([np.arange(-5.0, -0.95, 0.1), np.arange(1.0, 5.05, 0.1)])
_AUDIBLE = 1e-7
"""70 dB below the loudest line nothing is heard, and the rounding of steady tones to 16 bits makes combs of its own."""

_HIGHEST_DB = 20.0
_LATTICE_HIGHEST_DB = 40.0
_LATTICE_DB = 2.0


class Hum:
    """low: means of `step` samples, at 1500 to 3000 a second."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.step = max(1, (1 << int(stream.rate / _LOWEST_RATE).bit_length()) // 2)
        self._weights = np.full(self.step, 1.0 / self.step, np.float32)
        self.low = Series(dtype=np.float32)
        self._found: tuple[int, tuple[NDArray[np.float64], float, float]] | None = None

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        if chunk.start < LONGEST_S * self.stream.rate and self.stream.rate >= 2 * _LOWEST_RATE:
            parts = chunk.sum_of_pair.reshape(chunk.frames, -1, self.step)
            self.low.append(np.matmul(parts, self._weights).reshape(-1))

    def combs(self) -> dict[float, float]:
        """By mains frequency: dB by which its lines stand over what lies around them, mean of the six clearest of ten.

        0 where the same comb stands as high some Hz aside: a loop that repeats exactly has lines at every multiple
        of its rate. Raises Unmeasurable for no frames, silence, less than 6 s and rates below 3000 Hz.
        """
        if not self.frames:
            raise Unmeasurable(EMPTY)
        needs_seconds(self.frames / self.stream.rate, SHORTEST_S)
        if not len(self.low):
            raise Unmeasurable(f"a rate of {self.stream.rate} Hz is too low")
        if not self.low.values.any():
            raise Unmeasurable(SILENCE)
        return {mains: self._comb_db(mains) for mains in MAINS_HZ}

    def _comb_db(self, mains: float) -> float:
        power, bin_hz, line_hz = self._spectrum
        places = mains * np.arange(1, HARMONICS + 1)
        floor = np.array([_floor(power, at, bin_hz, 2.2 * line_hz) for at in places])
        comb = _stands_out(power, np.outer(1.0 + _OFF, places) / bin_hz, floor)
        aside = _stands_out(power, (places + _ASIDE_HZ[:, None]) / bin_hz, floor)
        stands = _clearest(comb, _LATTICE_HIGHEST_DB) > _clearest(aside, _LATTICE_HIGHEST_DB) + _LATTICE_DB
        return _clearest(comb, _HIGHEST_DB) if stands else 0.0

    @property
    def _spectrum(self) -> tuple[NDArray[np.float64], float, float]:
        """Median over windows of the power, its bins apart in Hz, and how wide a line is."""
        if self._found is None or self._found[0] != self.frames:
            rate = self.stream.rate / self.step
            length = min(round(_LONGEST_WINDOW_S * rate), len(self.low))
            power, padded = _median_spectrum(self.low, length)
            self._found = self.frames, (power, rate / padded, rate / length)
        return self._found[1]


def _median_spectrum(wave: Series, length: int) -> tuple[NDArray[np.float64], int]:
    """Window after window: those of ten minutes in double precision would take 11 MB."""
    from scipy.fft import next_fast_len, rfft

    padded = next_fast_len(3 * length // 2)
    starts = range(0, len(wave) - length + 1, max(1, length // 2))
    window = np.hanning(length)
    powers = np.empty((len(starts), padded // 2 + 1), np.float32)
    for row, start in zip(powers, starts, strict=True):
        row[:] = np.abs(rfft(wave.part(start, start + length) * window, padded)) ** 2
    return np.median(powers, axis=0, overwrite_input=True).astype(np.float64), padded


def _floor(power: NDArray[np.float64], at_hz: float, bin_hz: float, gap_hz: float) -> float:
    """What four of five bins within 5 Hz stay below; the line itself left out."""
    hz = np.arange(int((at_hz - 5.0) / bin_hz), int((at_hz + 5.0) / bin_hz))
    around = power[hz[np.abs(hz * bin_hz - at_hz) > gap_hz]]
    return float(np.percentile(around, 80.0)) if around.size else 0.0


def _stands_out(
    power: NDArray[np.float64], places: NDArray[np.float64], floor: NDArray[np.float64]
) -> NDArray[np.float64]:
    """dB of each line over its floor; places: bins of the lines [both shape=(combs, harmonics)]."""
    nearest = np.rint(places).astype(np.intp)
    peak = np.maximum(np.maximum(power[nearest - 1], power[nearest]), power[nearest + 1])
    audible = np.maximum(floor, _AUDIBLE * float(power.max()) + 1e-30)
    height: NDArray[np.float64] = np.maximum(10.0 * np.log10(peak / audible + 1e-12), 0.0)
    return height


def _clearest(heights: NDArray[np.float64], highest_db: float) -> float:
    """The best comb: mean of its clearest lines, each counted up to `highest_db`."""
    counted = np.minimum(heights, highest_db)
    return float(np.sort(counted, axis=1)[:, -CLEAREST:].mean(axis=1).max())
