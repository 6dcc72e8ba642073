"""Likeness: the gains at which a sum of stems comes nearest to a mix of them.

Two ways. A mix that is nothing but the sum has one solution in the samples themselves, found by least squares from how
each stem correlates with each and with the mix; it is exact, and what remains tells that it was the right question. A
mix that was processed afterwards (equalised, limited, encoded) still has the stems' powers in its Bark bands, moment
by moment; gains without a sign, by non-negative least squares (C. Lawson, R. Hanson, "Solving Least Squares Problems",
1974, chapter 23), each cell weighted by one over the mix's power there, so that quiet bands count too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.together.stems import Power

SAME_SUM = 0.99
"""Of the mix's power that the sum of the stems explains: then it is that sum."""

SAME_SONG = 0.7
"""How well powers in all bands, moment by moment, must agree (correlation of their levels): mixes of these stems, also
equalised and saturated ones, stand at 0.95 and more, other songs by the same players at 0.4 and less."""

LEAST_GAIN_DB = -40.0
"""A stem below this is not heard in the mix."""

_ROUNDS = 3
_FRAMES = 2000
_QUIETEST = 1e-9


@dataclass(frozen=True)
class Likeness:
    """gains_db: of the stems as they are, None for one that is not heard in the mix. agreement: 0..1, of what the sum
    explains. exact: found in the samples. name: of the mix."""

    name: str
    gains_db: Mapping[str, float | None]
    agreement: float
    exact: bool

    @property
    def same(self) -> bool:
        """Whether it is a mix of these stems at all."""
        return self.exact or self.agreement >= SAME_SONG


class Correlation:
    """Gram matrix of the stems and their products with the mix, block by block."""

    def __init__(self, stems: int) -> None:
        self._gram = np.zeros((stems, stems))
        self._with_mix = np.zeros(stems)
        self._power = 0.0

    def push(self, stems: NDArray[np.float64], mix: NDArray[np.float64]) -> None:
        """stems [shape=(stems, n)], mix [shape=(n,)]: all channels of a block, one behind the other."""
        self._gram += stems @ stems.T
        self._with_mix += stems @ mix
        self._power += float(mix @ mix)

    def solved(self) -> tuple[NDArray[np.float64], float]:
        """Gains [shape=(stems,)] and the share of the mix's power that they explain."""
        if self._power <= 0:
            return np.zeros(self._with_mix.size), 0.0
        gains = np.linalg.lstsq(self._gram, self._with_mix, rcond=1e-10)[0]
        return np.asarray(gains, np.float64), float(gains @ self._with_mix) / self._power


def by_samples(name: str, stems: Iterable[str], heard: Correlation) -> Likeness | None:
    """None where the mix is no plain sum of the stems."""
    gains, share = heard.solved()
    if share < SAME_SUM:
        return None
    found = {stem: _db(float(gain)) for stem, gain in zip(stems, np.abs(gains), strict=True)}
    return Likeness(name, found, round(min(share, 1.0), 4), True)


def by_powers(name: str, stems: Mapping[str, Power], mix: Power) -> Likeness:
    """stems, mix: Bark powers on one time line [shape=(24, frames)]; the shorter ones end in silence."""
    from scipy.optimize import nnls

    names = list(stems)
    frames = max(mix.shape[1], *(power.shape[1] for power in stems.values()))
    step = max(1, frames // _FRAMES)
    wanted = _cells(mix, frames, step)
    columns = np.stack([_cells(stems[stem], frames, step) for stem in names], axis=1)
    sounding = wanted > max(_QUIETEST, 1e-6 * float(wanted.max(initial=0.0)))
    wanted, columns = wanted[sounding], columns[sounding]
    if not wanted.size or not columns.any():
        return Likeness(name, dict.fromkeys(names), 0.0, False)
    weights, powers = 1 / wanted, np.zeros(len(names))
    for _ in range(_ROUNDS):
        powers = nnls(columns * weights[:, None], wanted * weights)[0]
        weights = 1 / np.maximum(wanted, columns @ powers)
    bands = np.repeat(np.arange(mix.shape[0]), len(range(0, frames, step)))[sounding]
    agreement = _agreement(columns @ powers, wanted, bands)
    found = {stem: _db(float(np.sqrt(power))) for stem, power in zip(names, powers, strict=True)}
    return Likeness(name, found, round(agreement, 4), False)


def _cells(power: Power, frames: int, step: int) -> NDArray[np.float64]:
    padded = np.pad(power.astype(np.float64), ((0, 0), (0, frames - power.shape[1])))
    return np.asarray(padded[:, ::step].ravel())


def _agreement(sum_of_stems: NDArray[np.float64], mix: NDArray[np.float64], bands: NDArray[np.intp]) -> float:
    """Correlation of the levels in dB, each against the mean of its band, because any two songs are alike in how level
    falls with frequency; 0 where nothing varies."""
    levels = [10 * np.log10(np.maximum(each, _QUIETEST * mix.max())) for each in (sum_of_stems, mix)]
    count = np.maximum(np.bincount(bands), 1)
    levels = [level - (np.bincount(bands, level) / count)[bands] for level in levels]
    if any(float(level.std()) < 1e-6 for level in levels):
        return 0.0
    return max(0.0, float(np.corrcoef(levels)[0, 1]))


def _db(gain: float) -> float | None:
    level = 20 * np.log10(max(gain, 1e-9))
    return round(float(level), 2) if level > LEAST_GAIN_DB else None
