"""Unmask: a few gentle cuts on what hides a stem, where it hides it, found by trying them on the measured bands.

Masking is judged as in `bridge.analysis.together.masking`, on the same Bark powers; a bell changes these as its
response says. Own search: one cut after the other, each the one that gives most for the loudness it takes, then every
cut is tried at all other places. What is searched by is masking with a soft edge, because two maskers of one strength
hide a stem until both have made room, and a hard edge sees nothing won in the first of two such cuts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.together.masking import HIDDEN_DB, masking, spread
from bridge.analysis.together.stems import Power
from bridge.effects.equalizer import Band
from bridge.planning.mixing.bells import Bell, Factors, bells, loudness_weights

MOST_CUTS = 3
MOST_LOSS_LU = 1.5
MOST_MASKERS = 8
"""Of many stems, those that lie most over the hidden one make the room; cuts in dozens would be heard as one mud."""

ENOUGH = 0.5
"""Half of what was hidden is heard again: more cuts take more from the maskers than they give."""

_LEAST_HIDDEN = 0.01
_LEAST_GAIN = 0.02
"""A cut that brings back less than this share of what is hidden is not worth its place."""

_EDGE_DB = 1.5
_FREE_LU = 0.2
"""What every cut is taken to cost besides its loudness, so that a tiny one is no bargain."""

_FRAMES = 500
"""As many moments are tried, evenly spread."""

_ROUNDS = 2
_OCTAVES_APART = 2 / 3
_LOUDER_DB = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
_LEAST_POWER = 1e-30


@dataclass(frozen=True)
class Unmasked:
    """before, after: share of the stem's loudness that is hidden while all sound, 0..1, as predicted.

    cuts: bands by masker, where it gets any. loss_lu: how much quieter each of these gets. louder_db: what the stem's
    own level would have to gain besides so that ENOUGH of it is heard again; None where it needs nothing, or where 6 dB
    are too little.
    """

    before: float
    after: float
    cuts: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
    loss_lu: Mapping[str, float] = field(default_factory=dict)
    louder_db: float | None = None


def unmask(protected: Power, maskers: Mapping[str, Power], frame_s: float, rate: int) -> Unmasked:
    """protected, maskers: Bark powers on one time line [shape=(24, frames)]; rate: of the stems in Hz."""
    before = _lost(protected, maskers, frame_s)
    if before < _LEAST_HIDDEN:
        return Unmasked(before, before)
    search = _Search(protected, maskers, frame_s, rate)
    search.run()
    left = {name: power * search.factors[name][:, None] for name, power in maskers.items()}
    return Unmasked(
        before,
        after := _lost(protected, left, frame_s),
        {
            name: tuple(sorted((bell.band for bell in chosen), key=lambda band: band.frequency_hz))
            for name, chosen in search.chosen.items()
            if chosen
        },
        {name: round(search.loss_lu(name), 2) for name, chosen in search.chosen.items() if chosen},
        _louder_db(protected, left, frame_s, (1 - ENOUGH) * before)
        if after > (1 - ENOUGH) * before
        else None,
    )


def _lost(own: Power, maskers: Mapping[str, NDArray[np.floating]], frame_s: float) -> float:
    total = np.asarray(sum(power.astype(np.float64) for power in maskers.values()), np.float32)
    return masking(("", own), ("", total), frame_s).lost


def _louder_db(
    own: Power, maskers: Mapping[str, NDArray[np.floating]], frame_s: float, wanted: float
) -> float | None:
    tried = ((db, np.asarray(own * 10 ** (db / 10), np.float32)) for db in _LOUDER_DB)
    return next((db for db, louder in tried if _lost(louder, maskers, frame_s) <= wanted), None)


class _Search:
    """factors: what all cuts of a masker leave of its bands, by name."""

    def __init__(self, own: Power, maskers: Mapping[str, Power], frame_s: float, rate: int) -> None:
        step = max(1, own.shape[1] // _FRAMES)
        own = own[:, ::step]
        powers = {name: power[:, ::step].astype(np.float64) for name, power in maskers.items()}
        total = np.asarray(sum(powers.values()), np.float32)
        judged = masking(("", own), ("", total), frame_s)
        self._counted = judged.counted
        count = np.maximum(judged.counted.sum(axis=1), 1)
        self._weights = np.broadcast_to((judged.weights / count)[:, None], own.shape)[self._counted]
        self._own_db = _db(own[self._counted]) + HIDDEN_DB
        names = _nearest(powers, judged.hidden)
        self._powers = {name: powers[name] for name in names}
        self._loudness = {name: loudness_weights() * self._powers[name].sum(axis=1) for name in names}
        self._spread = {name: spread(self._powers[name])[self._counted] for name in names}
        self._all = spread(total)[self._counted]
        self._bells = bells(rate)
        self.chosen: dict[str, list[Bell]] = {name: [] for name in names}
        self.factors: dict[str, Factors] = {name: np.ones(own.shape[0]) for name in maskers}
        self._soft, self._before = self._cost(self._all), self._hidden()
        self._least = _LEAST_GAIN * self._before

    def run(self) -> None:
        while self._hidden() > (1 - ENOUGH) * self._before and self._add():
            pass
        for _ in range(_ROUNDS):
            moved = [self._moved(name, bell) for name, bell in self._placed()]
            if not any(moved):
                break
        for name, bell in self._placed():
            self._drop_useless(name, bell)

    def loss_lu(self, name: str, factors: Factors | None = None) -> float:
        """How much quieter, each band weighted as BS.1770-4 weights its middle; without gating."""
        loud = self._loudness[name]
        left = float((loud * (self.factors[name] if factors is None else factors)).sum())
        return float(10 * np.log10(loud.sum() / left)) if left > 0 else 0.0

    def _placed(self) -> list[tuple[str, Bell]]:
        return [(name, bell) for name, chosen in self.chosen.items() for bell in chosen]

    def _hidden(self) -> float:
        return float(self._weights[_db(self._all) >= self._own_db].sum())

    def _cost(self, excitation: NDArray[np.float64]) -> float:
        """The hidden share, where a sound on the edge is half hidden. excitation: where it counts."""
        above = np.clip((_db(excitation) - self._own_db) / _EDGE_DB, -30.0, 30.0)
        return float((self._weights / (1 + np.exp(-above))).sum())

    def _excited(self, name: str, factors: Factors) -> NDArray[np.float64]:
        """All maskers together where this one is left with `factors`."""
        own = spread(self._powers[name] * factors[:, None])[self._counted]
        return self._all - self._spread[name] + own

    def _add(self) -> bool:
        """The cut that wins most for its price; False where none is worth its place."""
        best: tuple[float, str, Bell] | None = None
        for name, chosen in self.chosen.items():
            if len(chosen) == MOST_CUTS:
                continue
            paid = self.loss_lu(name)
            for bell, factors in self._possible(name, chosen, self.factors[name]):
                won = self._soft - self._cost(self._excited(name, factors))
                worth = won / (self.loss_lu(name, factors) - paid + _FREE_LU)
                if won > self._least and (best is None or worth > best[0]):
                    best = worth, name, bell
        if best is not None:
            _, name, bell = best
            self._settle(name, [*self.chosen[name], bell])
        return best is not None

    def _moved(self, name: str, bell: Bell) -> bool:
        """Whether another place, width or depth serves better."""
        rest = [other for other in self.chosen[name] if other is not bell]
        left = _together(rest, self.factors[name].size)
        better = [
            (self._cost(self._excited(name, factors)), number, other)
            for number, (other, factors) in enumerate(self._possible(name, rest, left))
        ]
        cost, _, other = min(better, default=(self._soft, 0, bell))
        if cost >= self._soft - 1e-9:
            return False
        self._settle(name, [*rest, other])
        return True

    def _drop_useless(self, name: str, bell: Bell) -> None:
        rest = [other for other in self.chosen[name] if other is not bell]
        factors = _together(rest, self.factors[name].size)
        if self._cost(self._excited(name, factors)) - self._soft < self._least:
            self._settle(name, rest)

    def _possible(self, name: str, beside: list[Bell], left: Factors) -> Iterator[tuple[Bell, Factors]]:
        """Bells that keep their distance from the others and the masker's loudness, with what is left of its bands."""
        for bell in self._bells:
            if not _near(bell.band, beside):
                factors = left * bell.factors
                if self.loss_lu(name, factors) <= MOST_LOSS_LU:
                    yield bell, factors

    def _settle(self, name: str, chosen: list[Bell]) -> None:
        self.chosen[name] = chosen
        factors = _together(chosen, self.factors[name].size)
        self._all = self._excited(name, factors)
        self._spread[name] = spread(self._powers[name] * factors[:, None])[self._counted]
        self.factors[name] = factors
        self._soft = self._cost(self._all)


def _nearest(powers: Mapping[str, NDArray[np.float64]], hidden: NDArray[np.bool_]) -> list[str]:
    """The maskers that bring most where the stem is hidden, and any at all there."""
    brought = {name: float(power[hidden].sum()) for name, power in powers.items()}
    heard = [name for name in powers if brought[name] > 0]
    most = sorted(heard, key=lambda name: -brought[name])[:MOST_MASKERS]
    return [name for name in heard if name in most]


def _near(band: Band, others: list[Bell]) -> bool:
    """Two cuts within two thirds of an octave would be one deep one."""
    return any(abs(np.log2(band.frequency_hz / other.band.frequency_hz)) < _OCTAVES_APART for other in others)


def _together(chosen: list[Bell], bands: int) -> Factors:
    return np.asarray(np.prod([np.ones(bands), *(bell.factors for bell in chosen)], axis=0))


def _db(power: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(10 * np.log10(np.maximum(power, _LEAST_POWER)), np.float64)
