"""Flat tops rounded again, as prediction from the sound around them and the level that they must have passed allow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes.flat_tops import stands_flat
from bridge.analysis.runs import runs
from bridge.audio import Samples
from bridge.effects.dsp.autoregression import Wave, left_over, normal, solved, weights_of
from bridge.effects.dsp.ceilings import FAINTEST, NEAR
from bridge.effects.dsp.overlap import Overlapped

_CHUNK_S = 0.25
_SEGMENT_S = 0.01
_CONTEXT = 1536
_MODELS = ((100, 1536), (50, 512))
"""Order of a prediction, and how far around lost samples it is learnt: a held note wants more of both, of a drum's
stroke what is over after 10 ms says more."""
_SHORT = 128
"""Lost samples up to which the short prediction has a say: it sees no further."""
_SURER = 3
_NEARBY = 128
"""Of two predictions the one with less doubt counts by the cube of that; doubt is what it leaves of the samples within
`_NEARBY`, times what that makes of the lost ones."""
_APART = 48
_MOST_LOST = 700
_ROUNDS, _HELD_ROUNDS = 3, 4
_NEAR = 1 - NEAR
_PLATEAU, _FEWEST = 2, 2
"""Of 165 clean recordings two samples of one are touched more than with plateaus of three; tops cut by 1 dB are often
that short."""
_HIGHEST = 4.0
"""Times the ceiling (12 dB): where prediction goes astray it goes further."""


class Declipping:
    """Each channel by itself; samples below the ceiling come out as they went in.

    A ceiling is told as the meter of flat tops tells it, within three quarters of a second, or known from the whole
    sound (`ceilings`), which tells it from tops of one sample too. Samples at it are taken for lost, and put back by
    least squares prediction (`autoregression`) under the constraint that none lies lower than the ceiling: those that
    would are held to it, and the rest is solved again (Godsill and Rayner, ch. 5.2; Janssen et al. 1986; the constraint
    as an active set, and two predictions by their doubt, are our own).
    """

    latency_frames = 0

    def __init__(self, rate: int, channels: int, known: tuple[tuple[float, ...], ...] = ()) -> None:
        """known: of each channel the levels that the whole sound was cut at."""
        self._known = known or ((),) * channels
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
        for row, wave, known in zip(out, window, self._known, strict=True):
            floor = np.minimum(self._floor(wave), self._known_floor(wave, known))
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
        if level < FAINTEST:
            return np.full(wave.size, np.inf)
        top, bottom = (_plateaus(side, float(side.max())) for side in (wave, -wave))
        if len(top) + len(bottom) < _FEWEST or not self._meets_at_an_angle(wave, [*top, *bottom]):
            return np.full(wave.size, np.inf)
        above = float(wave.max()) * _NEAR if top else np.inf
        below = float(-wave.min()) * _NEAR if bottom else np.inf
        return np.where(wave > 0, above, below)

    def _known_floor(self, wave: Samples, known: tuple[float, ...]) -> Wave:
        """As `_floor`, where a known ceiling is the highest for a segment on either side [shape=(n,)]."""
        floor = np.full(wave.size, np.inf)
        level = np.abs(wave)
        for ceiling in known:
            at = np.flatnonzero(np.abs(level - ceiling) <= NEAR * ceiling)
            if at.size:
                over = np.concatenate([[0], np.cumsum(level > ceiling * (1 + NEAR))])
                near = np.clip([at - self._segment, at + self._segment], 0, wave.size)
                at = at[over[near[1]] == over[near[0]]]
            floor[at] = level[at]
        return floor

    def _meets_at_an_angle(self, wave: Samples, plateaus: list[int]) -> bool:
        """Whether any of them is left as clipping leaves it, and not as the rounded top of a low tone."""
        starts = [max(0, min(at - self._segment // 2, wave.size - self._segment)) for at in plateaus]
        segments = np.array([wave[start : start + self._segment] for start in starts])
        return bool(stands_flat(segments, np.abs(segments).max(axis=1)).any())

    def _rounded(self, wave: Wave, lost: NDArray[np.bool_], floor: Wave, middle: slice) -> Wave:
        """Cluster after cluster of the lost samples, what was had before helping with the next."""
        out = wave.copy()
        for first, last in _clusters(lost):
            if last <= middle.start or first >= middle.stop or last - first > _MOST_LOST:
                continue  # what stands still for so long is no top; its equations would take a gigabyte
            near = slice(max(0, first - _CONTEXT), min(wave.size, last + _CONTEXT))
            own = lost[near].copy()
            own[: first - near.start] = False
            own[last - near.start :] = False
            out[near] = _predicted(out[near], own, floor[near])
        return out


def _plateaus(side: Samples, level: float) -> list[int]:
    """First samples of the runs of two or more at the highest level of one side; one of four counts twice."""
    if level < FAINTEST:
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
    """What the models foretell of the lost samples, by how sure each is of it."""
    at = np.flatnonzero(lost)
    models = _MODELS if at.size <= _SHORT else _MODELS[:1]
    found: list[tuple[Wave, float]] = []
    for order, context in models:
        near = slice(max(0, at[0] - context), at[-1] + context + 1)
        tops, around, weights = _by_one(wave[near], at - near.start, floor[near], order)
        found.append((tops, _doubt(around, at - near.start, weights) if len(models) > 1 else 1.0))
    doubts = np.array([doubt for _, doubt in found])
    shares = (doubts.min() / doubts) ** _SURER
    out = wave.copy()
    out[at] = np.average([tops for tops, _ in found], axis=0, weights=shares)
    return out


def _by_one(wave: Wave, at: NDArray[np.intp], floor: Wave, order: int) -> tuple[Wave, Wave, Wave]:
    """Prediction and lost samples in turn, none below its floor: these, the wave with them, and the prediction."""
    out = wave.copy()
    sign = np.sign(wave[at])
    for _ in range(_ROUNDS):
        weights = weights_of(out, order)
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
    return out[at], out, weights


def _doubt(wave: Wave, at: NDArray[np.intp], weights: Wave) -> float:
    """The mean square by which least squares misses, where prediction leaves as much as it does nearby."""
    above, _ = normal(wave, at, weights)
    rest = left_over(wave, weights)[max(0, at[0] - _NEARBY) : at[-1] + _NEARBY]
    try:
        spread = float(np.mean(np.diag(np.linalg.inv(above))))
    except np.linalg.LinAlgError:
        return 1.0
    return max(1e-30, spread * float(np.mean(rest**2)))
