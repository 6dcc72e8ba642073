"""The level between the lines of tones: noise under a sound is nowhere louder than what stands there.

A frame that is short enough to follow music does not tell two held tones from each other, and where lines are close
there is nothing between them in it: all of it is level and steady, as noise is. A frame sixteen times as long has room
between the lines. Where even that is filled by tones, they are told by how still they stand there: a bin of noise
flutters. Where music moves, its long frames are full and flutter, and this says nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp.frames import Frames, components

Rows = NDArray[np.float64]

_LONGER = 16
"""0.7 s: lines 10 Hz apart have a gap."""

_FEWEST = 3
_LOG_MEAN = float(np.exp(np.euler_gamma))
"""The power of a bin of noise is exponentially distributed: its geometric mean lies 2.5 dB below its mean."""

_HZ, _SHARE = 120.0, 0.16
"""Width of the neighbourhood whose median is taken: two semitones and a half, at least this many Hz."""

_MARGIN = 10**0.2
"""dB by which chance and slopes may hold the median below the noise."""

_DOUBT = 25.0
"""dB by which less noise is believed in for each dB that a neighbourhood flutters less than halfway between tones and
noise."""

_MOST_DOUBT_DB = 100.0
_TINY = 1e-30


class Gaps:
    """Geometric mean over time of long spectra, bin by bin."""

    def __init__(self, frames: Frames, looked: int) -> None:
        self._frames = frames
        self._looked = looked
        self._length = frames.length * _LONGER
        turn = 2 * np.pi * np.arange(self._length) / self._length
        clean = 0.42 - 0.5 * np.cos(turn) + 0.08 * np.cos(2 * turn)
        # White noise has the same power in a bin of either length.
        self._window = clean * np.sqrt(frames.power / np.sum(clean**2))
        self._logs = np.zeros((looked, self._length // 2 + 1))
        self._powers = np.zeros_like(self._logs)
        self._count = 0

    def add(self, wave: NDArray[np.floating]) -> None:
        """The next stretch [shape=(channels, samples)]; one shorter than a long frame is passed over."""
        if wave.shape[1] < self._length:
            return
        piece = wave[:, : self._length]
        seen = components(piece) if self._looked == 4 else piece
        if not np.any(piece):
            return
        spectrum = np.fft.rfft(seen * self._window, axis=1)
        power = spectrum.real**2 + spectrum.imag**2 + _TINY
        self._logs += np.log(power)
        self._powers += power
        self._count += 1

    def most(self, rate: int) -> Rows | None:
        """The most that noise can have in each bin of a short frame [shape=(looked, bins)]; None where there were too
        few long frames to tell."""
        if self._count < _FEWEST:
            return None
        mean = np.exp(self._logs / self._count)
        flutter = np.log(self._powers / self._count) - self._logs / self._count
        width_hz = rate / self._length
        places = _places(self._frames.bins)
        found = np.empty((self._looked, places.size))
        for column, place in enumerate(places):
            middle = place * _LONGER
            half = round(max(_HZ, _SHARE * middle * width_hz) / width_hz / 2)
            near = slice(max(1, middle - half), min(mean.shape[1], middle + half + 1))
            still = self._of_noise() / 2 - flutter[:, near].mean(axis=1)
            doubt = np.clip(10 / np.log(10) * _DOUBT * still, 0.0, _MOST_DOUBT_DB)
            found[:, column] = np.median(mean[:, near], axis=1) * 10 ** (-doubt / 10)
        every = np.arange(self._frames.bins)
        most = np.array([np.exp(np.interp(every, places, np.log(row + _TINY))) for row in found])
        return np.asarray(most * _LOG_MEAN * _MARGIN, np.float64)

    def _of_noise(self) -> float:
        """What the mean of so many bins of noise lies over their geometric mean, in nepers of power."""
        from scipy.special import digamma

        return float(np.euler_gamma + digamma(self._count) - np.log(self._count))


def _places(bins: int) -> NDArray[np.intp]:
    """Bins at which neighbourhoods are looked at, a sixteenth of an octave apart and no closer than one."""
    steps = np.geomspace(16.0, bins - 1, round(16 * np.log2(bins / 16.0)) + 1)
    return np.unique(np.concatenate([np.arange(0, 16), np.round(steps)])).astype(np.intp)
