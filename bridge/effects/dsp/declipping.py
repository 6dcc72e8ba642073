"""Flat tops rounded again, as prediction from the sound around them and the level that they must have passed allow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes.flat_tops import stands_flat
from bridge.analysis.runs import runs
from bridge.audio import Samples
from bridge.effects.dsp.autoregression import Wave, solved, weights_of
from bridge.effects.dsp.overlap import Overlapped

_CHUNK_S = 0.25
_SEGMENT_S = 0.01
_ORDER = 100
_CONTEXT = 1536
_APART = 48
_MOST_LOST = 700
_ROUNDS, _HELD_ROUNDS = 3, 4
_NEAR = 1 - 2e-5
_FAINTEST = 0.05
_PLATEAU, _FEWEST = 2, 2
"""Of 165 clean recordings two samples of one are touched more than with plateaus of three; tops cut by 1 dB are often
that short."""
_HIGHEST = 4.0
"""Times the ceiling (12 dB): where prediction goes astray it goes further."""


class Declipping:
    """Each channel by itself; samples below the ceiling come out as they went in.

    The ceiling is told as the meter of flat tops tells it, within three quarters of a second. Samples at it are taken
    for lost, and put back by least squares prediction (`autoregression`) under the constraint that none lies lower
    than the ceiling: those that would are held to it, and the rest is solved again (Godsill and Rayner, ch. 5.2;
    Janssen et al. 1986; the constraint as an active set is our own).
    """

    latency_frames = 0

    def __init__(self, rate: int, channels: int) -> None:
        self._segment = max(8, round(_SEGMENT_S * rate))
        self._chunk = self._segment * round(_CHUNK_S / _SEGMENT_S)
        self._around = max(self._chunk, 2 * _CONTEXT)
        self.mended = 0
        self._highest = 0.0
        self._stream = Overlapped(self._work, channels, self._around, self._chunk, self._around)

    @property
    def afterwards(self) -> tuple[str, ...]:
        if not self.mended:
            return ("no flat top was found; nothing was changed.",)
        if self._highest > 1.0:
            over = 20 * np.log10(self._highest)
            return (f"the tops it gave back reach {over:.1f} dB over full scale.",)
        return ()

    def process(self, block: Samples) -> Samples:
        return self._stream.process(block)

    def flush(self) -> Samples:
        return self._stream.flush()

    def _work(self, window: Samples) -> Samples:
        middle = slice(self._around, self._around + self._chunk)
        out = window[:, middle].copy()
        for row, wave in zip(out, window, strict=True):
            floor = self._floor(wave)
            lost = np.abs(wave) >= floor
            if lost[middle].any():
                whole = self._rounded(wave.astype(np.float64), lost, floor, middle)
                inside = lost[middle]
                row[inside] = whole[middle][inside]
                self.mended += int(inside.sum())
                self._highest = max(self._highest, float(np.abs(row).max()))
        return out

    def _floor(self, wave: Samples) -> Wave:
        """The ceiling at each sample, by its sign; infinite where nothing is cut flat [shape=(n,)]."""
        level = float(np.abs(wave).max())
        if level < _FAINTEST:
            return np.full(wave.size, np.inf)
        top, bottom = (_plateaus(side, float(side.max())) for side in (wave, -wave))
        if len(top) + len(bottom) < _FEWEST or not self._meets_at_an_angle(wave, [*top, *bottom]):
            return np.full(wave.size, np.inf)
        above = float(wave.max()) * _NEAR if top else np.inf
        below = float(-wave.min()) * _NEAR if bottom else np.inf
        return np.where(wave > 0, above, below)

    def _meets_at_an_angle(self, wave: Samples, plateaus: list[int]) -> bool:
        """Whether any of them is left as clipping leaves it, and not as the rounded top of a low tone."""
        starts = [max(0, min(at - self._segment // 2, wave.size - self._segment)) for at in plateaus]
        segments = np.array([wave[start : start + self._segment] for start in starts])
        return bool(stands_flat(segments, np.abs(segments).max(axis=1)).any())

    def _rounded(self, wave: Wave, lost: NDArray[np.bool_], floor: Wave, middle: slice) -> Wave:
        """Cluster after cluster of the lost samples, what was had before helping with the next."""
        out = wave.copy()
        for first, last in _clusters(lost):
            if last <= middle.start or first >= middle.stop:
                continue
            near = slice(max(0, first - _CONTEXT), min(wave.size, last + _CONTEXT))
            own = lost[near].copy()
            own[: first - near.start] = False
            own[last - near.start :] = False
            out[near] = _predicted(out[near], own, floor[near])
        return out


def _plateaus(side: Samples, level: float) -> list[int]:
    """First samples of the runs of two or more at the highest level of one side; one of four counts twice."""
    if level < _FAINTEST:
        return []
    found = [(first, last - first) for first, last in runs(side >= level * _NEAR)]
    return [first for first, long in found for _ in range(min(2, long // _PLATEAU))]


def _clusters(lost: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs that lie so close together that each needs the other, cut where they would grow too long to solve."""
    found: list[tuple[int, int]] = []
    for first, last in runs(lost):
        if found and first - found[-1][1] < _APART and last - found[-1][0] < _MOST_LOST:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _predicted(wave: Wave, lost: NDArray[np.bool_], floor: Wave) -> Wave:
    """Prediction and lost samples in turn; none below its floor."""
    out = wave.copy()
    at = np.flatnonzero(lost)
    sign = np.sign(wave[at])
    for _ in range(_ROUNDS):
        weights = weights_of(out, _ORDER)
        free = np.ones(at.size, np.bool_)
        for _ in range(_HELD_ROUNDS):
            if not free.any():
                break
            out[at[free]] = solved(out, at[free], weights)
            low = free & (sign * out[at] < floor[at])
            if not low.any():
                break
            out[at[low]] = (sign * floor[at])[low]
            free &= ~low
        out[at] = sign * np.clip(sign * out[at], floor[at], _HIGHEST * floor[at])
    return out
