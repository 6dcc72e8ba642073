"""What beats are read from: energy in 24 bands every 10 ms or so, of the mono sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.read_once import read_once
from bridge.analysis.series import POWER, Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable, needs_seconds
from bridge.analysis.windows import hann
from bridge.compiled import rfft

LONGEST_S = 1200
"""Tempo is read from the first 20 minutes: more would cost memory and tell nothing new."""

SHORTEST_S = 4.0
LOWEST_RATE = 8000
BANDS = 24

ACCENTED = (range(5), range(5, 19), range(19, BANDS))
"""40-136 Hz (kick, bass), up to 4.1 kHz (snare, chords, melody), above (hats)."""

STANDS_OUT_DB = 3.0
"""Rise of level, mean of all bands, by which an onset stands out from the second around it. Noise stays below it."""

DELAY_STEPS = 1.5
"""From a sound's beginning to the peak of its strength: windows are four steps long, and the rise is taken over two.
Found with hits at known times."""

_AT_ONCE = 2049
"""Bins in one product of matrices, all of them up to 96 kHz. Larger ones are split among threads by OpenBLAS, which
then wait for each other a hundred times longer than the work takes."""

_STEPS = 8
"""Energies per frame: 10.7 ms at 48 kHz, 11.6 ms at 44.1 kHz. A window is four of them long."""


class Onsets:
    """bands: energy per band and step [shape=(BANDS, steps)]."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.bands = Series(BANDS, dtype=np.float32, kept=POWER)
        self.hop = stream.frame // _STEPS
        self._window = hann(4 * self.hop)
        self._history = np.zeros(3 * self.hop, np.float32)
        matrix = _bands(stream.rate, 4 * self.hop)
        heard = np.flatnonzero(matrix.any(axis=1))
        self._bins = slice(int(heard[0]), int(heard[-1]) + 1)
        self._matrix = matrix[self._bins]
        self.kept: dict[Callable[..., Any], Any] = {}

    @property
    def steps_per_s(self) -> float:
        return self.stream.rate / self.hop

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        if chunk.start > LONGEST_S * self.stream.rate or self.stream.rate < LOWEST_RATE:
            return
        self.kept.clear()
        joined = np.concatenate([self._history, chunk.mono])
        self._history = joined[-3 * self.hop :].copy()
        views = np.lib.stride_tricks.sliding_window_view(joined, 4 * self.hop)[:: self.hop]
        spectra = rfft(views * self._window)[:, self._bins]
        power = (spectra.real**2 + spectra.imag**2).reshape(-1, _STEPS, spectra.shape[1])
        parts = range(0, power.shape[-1], _AT_ONCE)
        summed = sum(np.matmul(power[..., k : k + _AT_ONCE], self._matrix[k : k + _AT_ONCE]) for k in parts)
        self.bands.append(np.asarray(summed).reshape(-1, BANDS).T)

    @read_once
    def strength(self) -> NDArray[np.float64]:
        """How much begins at each step [shape=(steps,)]: rise of the level in each band over two steps, in dB, summed.

        Levels are held at 50 dB below each band's loudest, so that it does not depend on gain nor on faint noise.
        Raises Unmeasurable for a low rate, no frames, less than 4 s and silence.
        """
        self._require()
        loudest = self._loudest()
        total = np.zeros(len(self.bands))
        for band in map(int, np.flatnonzero(loudest > loudest.max() * 1e-7)):
            level = self._band(band)
            np.maximum(level, loudest[band] * 1e-5, out=level)
            np.log10(level, out=level)
            total += _rise(np.multiply(level, 10.0, out=level))
        return total

    @property
    def seconds(self) -> float:
        """Of the sound that was heard here."""
        return len(self.bands) / self.steps_per_s

    @read_once
    def starts_s(self) -> NDArray[np.float64]:
        """When notes and hits begin, in seconds: peaks of the strength that are the highest for 30 ms to each side and
        stand out from the second around them. Raises Unmeasurable as `strength` does."""
        strength = self.strength() / BANDS
        near = max(2, round(0.03 * self.steps_per_s))
        around = max(8, round(0.5 * self.steps_per_s))
        views = np.lib.stride_tricks.sliding_window_view
        highest = views(np.pad(strength, near), 2 * near + 1).max(axis=1)
        quiet = _median_around(strength, around)
        peaks = np.flatnonzero((strength == highest) & (strength > quiet + STANDS_OUT_DB))
        starts_s: NDArray[np.float64] = np.maximum(peaks - DELAY_STEPS, 0.0) / self.steps_per_s
        return starts_s

    def accents(self) -> NDArray[np.float64]:
        """The same rise in amplitude instead of dB, of low, middle and high bands [shape=(3, steps)]: kick, snare and
        bass speak louder here than the hi-hat."""
        self._require()
        accents = np.zeros((len(ACCENTED), len(self.bands)))
        for into, group in zip(accents, ACCENTED, strict=True):
            for band in group:
                into += _rise(np.sqrt(self._band(band)))
        return accents

    def _band(self, band: int) -> NDArray[np.float64]:
        """One band in double precision: all of them at once would cost an hour's sound 100 MB."""
        return self.bands.row(band).astype(np.float64)

    def _loudest(self) -> NDArray[np.float32]:
        """Of each band [shape=(BANDS,)]."""
        return np.array([self.bands.row(band).max(initial=0.0) for band in range(BANDS)])

    def _require(self) -> None:
        if self.stream.rate < LOWEST_RATE:
            raise Unmeasurable(f"a rate of {self.stream.rate} Hz is below {LOWEST_RATE} Hz")
        if not self.frames:
            raise Unmeasurable(EMPTY)
        needs_seconds(self.frames / self.stream.rate, SHORTEST_S)
        if not self._loudest().any():
            raise Unmeasurable(SILENCE)


def _rise(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each step stands above the one two before it, 0 where it does not."""
    rise = np.zeros(level.size)
    rise[2:] = np.maximum(level[2:] - level[:-2], 0.0)
    return rise


def _median_around(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Median of the values up to `reach` away, taken every few steps and read in between: it changes slowly."""
    every = max(1, reach // 4)
    views = np.lib.stride_tricks.sliding_window_view(np.pad(values, reach, mode="edge"), 2 * reach + 1)[
        ::every
    ]
    medians: NDArray[np.float64] = np.interp(
        np.arange(values.size), np.arange(views.shape[0]) * every, np.median(views, axis=1)
    )
    return medians


def _bands(rate: int, window: int) -> NDArray[np.float32]:
    """Sums bins into bands of equal width in octaves, 40 Hz to 14 kHz [shape=(bins, BANDS)]."""
    hz = np.arange(window // 2 + 1) * rate / window
    edges = np.geomspace(40.0, min(14000.0, rate * 0.45), BANDS + 1)
    matrix = (hz[:, None] >= edges[:-1]) & (hz[:, None] < edges[1:])
    nearest = np.abs(hz[:, None] - np.sqrt(edges[:-1] * edges[1:])).argmin(axis=0)
    matrix[nearest[~matrix.any(axis=0)], ~matrix.any(axis=0)] = True
    return matrix.astype(np.float32)
