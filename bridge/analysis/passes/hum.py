"""Mains hum: the sum of the front pair below 600 Hz, kept at a low rate and looked at finely.

Music hides hum nearly always, and lays it open in every rest. So each moment counts by how quiet it is around a
harmonic: the known line in noise of changing strength is best found by weighting with the inverse of the noise's power
(S. Kay, "Fundamentals of Statistical Signal Processing II: Detection Theory", 1998, ch. 4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.read_once import read_once
from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable, needs_seconds
from bridge.compiled import rfft

LONGEST_S = 600
"""Hum does not come and go: ten minutes tell all."""

SHORTEST_S = 6.0
MAINS_HZ = (50.0, 60.0)
HARMONICS = 10
CLEAREST = 6

_WINDOW_S = 16.0
"""The longer, the further a line that never changes stands out of music; mains keeps to 0.02 Hz so long."""

_MOMENT_S, _STEP_S = 0.4, 0.08
_BESIDE = 4
"""Bins of 2.5 Hz on either side of a line, from which it is judged how quiet a moment is."""

_QUIETEST = 20.0
"""Percent of the moments that count in full; else the one quietest moment would tell alone."""

_LOWEST_RATE = 1500.0
_STRETCHES = 8
_OFF = np.arange(-1.5e-3, 1.51e-3, 1e-4)
"""Mains may lie so far from its nominal frequency (EN 50160 allows 1 % at most; 0.15 % is hardly ever passed)."""

_ASIDE_HZ = np.concatenate([np.arange(-5.0, -0.95, 0.1), np.arange(1.0, 5.05, 0.1)])
_AUDIBLE = 1e-6
"""60 dB below the loudest line nothing is heard, and the rounding of steady tones to 16 bits makes combs of its own."""

_HIGHEST_DB = 40.0
_MANY, _ABOVE_DB = 4, 6.0
"""No line counts for more than 6 dB over the fourth clearest: three notes, however pure, are no hum."""

_STANDS_DB = 6.0

Wave = NDArray[np.float64]
Line = tuple[float, float]
"""Hz, and dB over the same line aside."""


class Hum:
    """low: what lies below half its rate of 1500 to 3000 a second, one sample in `step`, four of its samples late.

    The filter is a sinc of eight of those samples under a Kaiser window (beta 3.4: what folds back lies 40 dB down). It
    is run as eight products with stretches of `step` samples, each stretch added to the next ones' when they come.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.frames = 0
        self.step = max(1, (1 << int(stream.rate / _LOWEST_RATE).bit_length()) // 2)
        self._taps = _low_pass(self.step)
        self._held = np.zeros((_STRETCHES - 1, _STRETCHES), np.float32)
        self.low = Series(dtype=np.float32)
        self.kept: dict[Callable[..., Any], Any] = {}

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        if chunk.start < LONGEST_S * self.stream.rate and self.stream.rate >= 2 * _LOWEST_RATE:
            parts = chunk.sum_of_pair.reshape(chunk.frames, -1, self.step)
            products = np.matmul(parts, self._taps).reshape(-1, _STRETCHES)
            joined = np.concatenate([self._held, products])
            low = joined[: len(products), 0].copy()
            for later in range(1, _STRETCHES):
                low += joined[later : later + len(products), later]
            self.low.append(low)
            self._held = joined[len(products) :]
            self.kept.clear()

    def combs(self) -> dict[float, float]:
        """By mains frequency: dB by which its comb stands over the highest of the same combs 1 to 5 Hz aside, which
        music, loops that repeat exactly and chance raise as well; 0 where it does not.

        A comb's height is that of the six clearest of ten lines, none of them for more than 6 dB over the fourth: how
        far each moment, weighted by how quiet it is, agrees with a line that never changes. Raises Unmeasurable for no
        frames, silence, less than 6 s and rates below 3000 Hz.
        """
        return self._looked()[0]

    def lines(self) -> list[Line]:
        """Each harmonic of the clearer mains that stands out by itself. Raises as `combs`."""
        return self._looked()[1]

    @read_once
    def _looked(self) -> tuple[dict[float, float], list[Line]]:
        if not self.frames:
            raise Unmeasurable(EMPTY)
        needs_seconds(self.frames / self.stream.rate, SHORTEST_S)
        if not len(self.low):
            raise Unmeasurable(f"a rate of {self.stream.rate} Hz is too low")
        if not self.low.values.any():
            raise Unmeasurable(SILENCE)
        lines = self._gathered()
        combs = {mains: max(0.0, found) for mains, found in zip(MAINS_HZ, lines.stand_db(), strict=True)}
        return combs, lines.standing()

    def _gathered(self) -> _Lines:
        """Window after window, since moments of ten minutes at once would take 12 MB."""
        rate = self.stream.rate / self.step
        length, step = round(_MOMENT_S * rate), round(_STEP_S * rate)
        count = min(round(_WINDOW_S / _STEP_S), (len(self.low) - length) // step + 1)
        reach = (count - 1) * step + length
        windows = -(-len(self.low) // reach)
        lines = _Lines(rate / length, np.arange(count) * step / rate)
        for start in np.linspace(0, len(self.low) - reach, windows).astype(int):
            lines.add(_moments(self.low.part(int(start), int(start) + reach), length, step))
        return lines


def _low_pass(step: int) -> NDArray[np.float32]:
    """A column for each stretch, the earliest first [shape=(step, 8)]; 1 in all."""
    length = step * _STRETCHES
    taps = np.sinc((np.arange(length) - (length - 1) / 2) / step) * np.kaiser(length, 3.4)
    return np.ascontiguousarray((taps / taps.sum()).reshape(_STRETCHES, step).T, np.float32)


def _moments(wave: NDArray[np.float32], length: int, step: int) -> NDArray[np.complex128]:
    """Spectra of overlapping moments [shape=(moments, bins)]."""
    views = np.lib.stride_tricks.sliding_window_view(wave, length)[::step]
    spectra: NDArray[np.complex128] = rfft(views * np.blackman(length))
    return spectra


class _Lines:
    """The lines of both mains frequencies and of the combs aside, over all windows.

    agreed: for each mains, harmonic and frequency |sum of weighted moments|^2 over the sum of their squares, 1 for
    noise and the number of moments for a line alone, summed over windows [shape=(2, 10, frequencies)].
    """

    def __init__(self, bin_hz: float, at_s: Wave) -> None:
        harmonics = np.outer(MAINS_HZ, np.arange(1, HARMONICS + 1))[:, :, None]
        hz = np.concatenate([harmonics * (1.0 + _OFF), harmonics + _ASIDE_HZ], axis=2)
        nearest = np.rint(hz / bin_hz).astype(np.intp)
        self._bins = np.unique(nearest)
        self._places = [np.flatnonzero(nearest == at) for at in self._bins]
        self._turns = [_turns(hz.reshape(-1)[place], at_s) for place in self._places]
        self._agreed = np.zeros(hz.shape)
        self._windows, self._moments = 0, at_s.size

    def add(self, moments: NDArray[np.complex128]) -> None:
        self._windows += 1
        moments = moments[:, : self._bins[-1] + _BESIDE + 1]
        power = moments.real**2 + moments.imag**2
        below = np.cumsum(power, axis=1)
        around = (below[:, self._bins + _BESIDE] - below[:, self._bins - _BESIDE - 1]) / (2 * _BESIDE + 1)
        rank = int(_QUIETEST / 100.0 * (len(power) - 1))
        faintest = _AUDIBLE * power.max() + 1e-30
        noise = np.maximum(around, np.maximum(np.partition(around, rank, axis=0)[rank], faintest))
        weighted = np.ascontiguousarray((moments[:, self._bins] / noise).T)
        whole = ((power[:, self._bins] + faintest) / noise**2).sum(axis=0)
        for place, turns, moment, all_of_it in zip(self._places, self._turns, weighted, whole, strict=True):
            # Row by row: in one product the threads of the BLAS wait for each other fifty times longer than it takes.
            turned = np.matmul(turns[:, None, :], moment[:, None])[:, 0, 0]
            self._agreed.reshape(-1)[place] += (turned.real**2 + turned.imag**2) / all_of_it

    def stand_db(self) -> list[float]:
        """By mains frequency, dB of the best comb over the best of those aside. A line's height is what agrees over
        what does not, so that a line alone stands over one that a loop leaves in half of its moments."""
        clearest = _clearest(self._levels())
        best, aside = clearest[:, : _OFF.size].max(axis=1), clearest[:, _OFF.size :].max(axis=1)
        return [float(stands) for stands in best - aside]

    def standing(self) -> list[Line]:
        """Lines of the clearer comb that stand at least 6 dB over nine in ten of those aside: (Hz, dB over them)."""
        stands, level = self.stand_db(), self._levels()
        mains = int(np.argmax(stands))
        off = int(_clearest(level)[mains, : _OFF.size].argmax())
        over = level[mains, :, off] - np.percentile(level[mains, :, _OFF.size :], 90.0, axis=1)
        hz = MAINS_HZ[mains] * (1.0 + _OFF[off]) * np.arange(1, HARMONICS + 1)
        return [(float(at), float(db)) for at, db in zip(hz, over, strict=True) if db >= _STANDS_DB]

    def _levels(self) -> Wave:
        """dB of each line [shape=(2, 10, frequencies)]."""
        agreed = self._agreed / max(1, self._windows)
        level = 10.0 * np.log10(np.maximum(agreed / np.maximum(1.0 - agreed / self._moments, 1e-4), 1.0))
        held: Wave = np.minimum(level, _HIGHEST_DB)
        return held


def _clearest(level: Wave) -> Wave:
    """Mean of the six clearest lines of each comb, held to the fourth [shape=(2, frequencies)]."""
    six = np.sort(level, axis=1)[:, -CLEAREST:]
    mean: Wave = np.minimum(six, six[:, -_MANY, None] + _ABOVE_DB).mean(axis=1)
    return mean


def _turns(hz: Wave, at_s: Wave) -> NDArray[np.complex128]:
    """exp(-2 pi i hz at_s) for moments equally far apart, made of two short factors [shape=(hz, moments)]."""
    coarse, fine = (np.exp(-2j * np.pi * np.outer(hz, part)) for part in (at_s[::16], at_s[:16]))
    turns: NDArray[np.complex128] = (coarse[:, :, None] * fine[:, None, :]).reshape(hz.size, -1)[
        :, : at_s.size
    ]
    return turns
