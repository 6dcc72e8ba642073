"""What the key is read from: how strongly each pitch class sounds, in steps of ten cents, of the mono sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.halving import Halving
from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable, needs_seconds
from bridge.analysis.windows import hann
from bridge.compiled import rfft

SHORTEST_S = 3.0
LOWEST_RATE = 8000
BINS = 120
"""Per octave: ten cents each, so that a tuning other than 440 Hz can be found and taken out."""

_LOWEST_HZ, _HIGHEST_HZ = 60.0, 4000.0
_ENOUGH_HZ = 11000.0
"""The rate is halved while it stays above this: a window then takes an eighth of the time."""
_BASS_SHARE = 0.5
"""The bass (below 260 Hz) tells a key from its relative: it counts by half once more."""
_SPAN = 4
"""Frames per window: 0.34 s, 2.9 Hz between bins; semitones are 3.6 Hz apart at 60 Hz."""

_AT_ONCE = 32
"""Spectra that are looked through together: enough to spare interpreter time."""

_HARMONICS = (2, 3, 4, 5, 6)
_EXPLAINED = 0.6
"""A peak may be a harmonic of a tone below it: of what that tone has, 0.6 is taken off its second harmonic, and 0.6 of
the one before off each further one. The third harmonic would else speak for the dominant, the fifth for major (after
A. Klapuri, "Multiple fundamental frequency estimation by summing harmonic amplitudes", 2006, which takes harmonics out
likewise)."""

_OCTAVES = 7
_FROM_HZ = 55.0
_CELLS = _OCTAVES * BINS
_NEAR = 2
"""Cells of ten cents by which a harmonic may be off."""
_BASS_CELLS = 268
"""Up to 260 Hz."""


class Pitches:
    """histogram, bass, loud: [shape=(BINS,)], bin 0 is A at 440 Hz; loud by magnitude, for the tuning.
    course: strength of the twelve pitch classes in each window, not of one tuning [shape=(12, windows)]."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.histogram = np.zeros(BINS)
        self.bass = np.zeros(BINS)
        self.loud = np.zeros(BINS)
        self.course = Series(12, dtype=np.float32)
        halvings = max(0, int(np.log2(stream.rate / _ENOUGH_HZ)))
        self._halvings = [Halving() for _ in range(halvings)]
        self._rate, self._hop = stream.rate / 2**halvings, 2 * stream.frame >> halvings
        self._length = _SPAN * stream.frame >> halvings
        self._window = hann(self._length)
        width = self._rate / self._length
        self._bins = slice(max(1, int(_LOWEST_HZ / width)), int(min(_HIGHEST_HZ, stream.rate * 0.45) / width))
        self._held = np.zeros(0, np.float32)
        self._waiting: list[NDArray[np.float32]] = []

    def push(self, chunk: Chunk) -> None:
        """A window begins every second frame of the stream, counted from its start."""
        self.frames += chunk.valid
        if self.stream.rate < LOWEST_RATE:
            return
        mono = chunk.mono
        for halving in self._halvings:
            mono = halving.push(mono)
        self._held = np.concatenate([self._held, mono])
        count = (self._held.size - self._length) // self._hop + 1
        if count < 1:
            return
        views = np.lib.stride_tricks.sliding_window_view(self._held, self._length)[:: self._hop][:count]
        wanted = slice(self._bins.start - 1, self._bins.stop + 1)
        self._waiting.append(np.abs(rfft(views * self._window)[:, wanted]))
        if sum(map(len, self._waiting)) >= _AT_ONCE:
            self._take()
        self._held = self._held[count * self._hop :].copy()

    def _take(self) -> None:
        """What waits, into the histograms."""
        if self._waiting:
            self._add(np.concatenate(self._waiting))
            self._waiting = []

    def _add(self, magnitude: NDArray[np.float32]) -> None:
        """Tones of some spectra [shape=(windows, bins)] into the histograms. Every window counts alike, and loud tones
        by the root of their magnitude: else a few strong notes are the key."""
        found = _without_harmonics(self._peaks(magnitude.astype(np.float64)))
        tones = np.sqrt(found)
        totals = tones.sum(axis=1, keepdims=True)
        tones /= np.where(totals > 0, totals, 1.0)
        self._follow(tones)
        low = tones.copy()
        low[:, _BASS_CELLS:] = 0
        for into, rows in ((self.loud, found), (self.histogram, tones), (self.bass, low)):
            # One after the other: a sum over all at once would depend on how many there are.
            for row in rows.reshape(-1, _OCTAVES, BINS).sum(axis=1):
                into += row

    def _follow(self, tones: NDArray[np.float64]) -> None:
        octave = tones.reshape(-1, _OCTAVES, BINS).sum(axis=1)
        semitones = np.roll(octave, BINS // 24, axis=1).reshape(-1, 12, BINS // 12).sum(axis=2)
        self.course.append(semitones.T.astype(np.float32))

    @property
    def window_s(self) -> float:
        """From one window to the next."""
        return 2 * self.stream.frame / self.stream.rate

    def followed(self) -> NDArray[np.float32]:
        """The course of all windows so far, those that wait too."""
        self._take()
        return self.course.values

    def _peaks(self, magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
        """Spectral peaks in cells of ten cents from 55 Hz, placed by a parabola [shape=(windows, _CELLS)]."""
        middle = magnitude[:, 1:-1]
        loud = middle > 0.003 * middle.max(axis=1, keepdims=True)
        window, at = np.nonzero((middle > magnitude[:, :-2]) & (middle >= magnitude[:, 2:]) & loud)
        left, top, right = (np.log(np.maximum(magnitude[window, at + k], 1e-30)) for k in range(3))
        bend = 2 * top - left - right
        shift = np.where(bend > 0, 0.5 * (right - left) / np.where(bend > 0, bend, 1.0), 0.0)
        hz = (at + self._bins.start + shift) * (self._rate / self._length)
        cells = np.clip(np.rint(np.log2(hz / _FROM_HZ) * BINS).astype(np.int64), 0, _CELLS - 1)
        count = magnitude.shape[0]
        filled = np.bincount(window * _CELLS + cells, middle[window, at], count * _CELLS)
        return filled.reshape(count, _CELLS).astype(np.float64)

    def classes(self) -> tuple[NDArray[np.float64], float]:
        """Strength of the twelve pitch classes from A on [shape=(12,)], mean 1; tuning in cents from A = 440 Hz.

        Raises Unmeasurable for a low rate, no frames, less than 3 s, silence and where no pitch stands out.
        """
        if self.stream.rate < LOWEST_RATE:
            raise Unmeasurable(f"a rate of {self.stream.rate} Hz is below {LOWEST_RATE} Hz")
        if not self.frames:
            raise Unmeasurable(EMPTY)
        needs_seconds(self.frames / self.stream.rate, SHORTEST_S)
        self._take()
        if not self.histogram.any():
            raise Unmeasurable(SILENCE)
        angle = 2j * np.pi * np.arange(BINS) / (BINS / 12)
        mean = (self.loud * np.exp(angle)).sum() / self.loud.sum()
        if abs(mean) < 0.05:
            raise Unmeasurable("no pitch stands out")
        cents = float(np.angle(mean) / (2 * np.pi) * 100)
        distance = (np.arange(BINS) * 10 - cents)[:, None] - np.arange(12) * 100
        distance = (distance + 600) % 1200 - 600
        near = np.clip(1 - np.abs(distance) / 50, 0, None)
        strength = self.histogram / self.histogram.sum() @ near
        if self.bass.any():
            strength += _BASS_SHARE * (self.bass / self.bass.sum() @ near)
        return strength / strength.mean(), cents


def _without_harmonics(magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Peaks in cells of ten cents, less what the tones below them explain [shape=(windows, _CELLS)]."""
    wide = magnitude.copy()
    for off in range(1, _NEAR + 1):
        wide[:, off:] = np.maximum(wide[:, off:], magnitude[:, :-off])
        wide[:, :-off] = np.maximum(wide[:, :-off], magnitude[:, off:])
    explained = np.zeros_like(magnitude)
    for harmonic in _HARMONICS:
        above = round(np.log2(harmonic) * BINS)
        part = explained[:, above:]
        np.maximum(part, wide[:, :-above] * _EXPLAINED ** (harmonic - 1), out=part)
    rest: NDArray[np.float64] = np.maximum(magnitude - explained, 0.0)
    return rest
