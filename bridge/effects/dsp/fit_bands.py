"""Bands of an equalizer that come nearest to a wanted curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp import biquad
from bridge.effects.dsp.band_shapes import KINDS, BandShapes, Kinds
from bridge.effects.equalizer import HIGHEST_OF_RATE, Band, sections

FloatArray = NDArray[np.float64]

NEAR_ENOUGH_DB = 0.25
"""A curve that is met to this everywhere wants no further band: nobody hears the rest."""

_LEAST_DB = 0.2
_WORTH_IT = 0.97
"""A further band, or one in another place, that leaves more of the error than this share is not worth it."""

_LOW_SHELF_TO_HZ, _HIGH_SHELF_FROM_HZ = 400.0, 2000.0
_QS, _SHELF_Q = (0.5, 1.0, 2.0, 4.0), 0.71
_BELL_Q, _SHELVES_Q = (0.3, 8.0), (0.5, 1.0)
_FIGHT = 1e-3
"""What a dB of a band costs beside a dB of the curve, squared: of two bands that take back from each other nobody
could edit one."""

_STEPS, _STILL = 15, 1e-3
_EXCHANGES, _PLACES = 3, 2
_ROUNDS, _ROUND_STEPS, _LEAST_LEFT_DB = 5, 8, 0.15


def fit_bands(
    frequency_hz: FloatArray,
    wanted_db: FloatArray,
    rate: int,
    most: int = 8,
    limit_db: float = 6.0,
    across: Sequence[float] = (0.0,),
    start: Sequence[Band] = (),
) -> tuple[Band, ...]:
    """At most `most` bells and shelves, none over `limit_db` either way, whose sum is nearest to the curve.

    frequency_hz, wanted_db: points of the curve, rising and about evenly far apart in octaves (third octaves)
    [shape=(points,)]; points that are not finite, or that `rate` (Hz) holds no filter for, count for nothing. The
    wanted curve is held to `limit_db` as well. across: a point is the mean over these places, in thirds of an octave
    from it. start: bells and shelves that came near to a similar curve, which are moved instead of being looked for
    again. In order of frequency; empty where no point is off by NEAR_ENOUGH_DB.

    Own: matching pursuit over a grid of bands, all bands refined together by bounded least squares after each; then
    the least useful ones are tried elsewhere; then the mean distance, not its square, is brought down.
    """
    hz, wanted = np.asarray(frequency_hz, np.float64), np.asarray(wanted_db, np.float64)
    useful = (
        np.isfinite(hz) & np.isfinite(wanted) & (hz >= 20.0) & (hz <= min(20000.0, HIGHEST_OF_RATE * rate))
    )
    if not useful.any() or limit_db <= 0:
        return ()
    curve = _Curve(hz[useful], np.clip(wanted[useful], -limit_db, limit_db), rate, limit_db, across)
    bands = curve.pursued(most, [*start][:most])
    bands = curve.evened(bands if start else curve.exchanged(bands))
    return tuple(_rounded(band) for band in sorted(bands.bands(), key=lambda band: band.frequency_hz))


def bands_db(bands: tuple[Band, ...] | list[Band], frequency_hz: FloatArray, rate: int) -> FloatArray:
    """What bands do together at each frequency, in dB [shape=(points,)]."""
    rows = [row for band in bands for row in sections(band, rate)]
    return biquad.response_db(np.array(rows).reshape(-1, 6), frequency_hz, rate)


@dataclass(frozen=True)
class _Bands:
    """kinds, numbers: as `BandShapes` takes them. left_db: of the curve [shape=(points,)]."""

    kinds: Kinds
    numbers: FloatArray
    left_db: FloatArray

    @property
    def error(self) -> float:
        return float(np.sum(self.left_db**2))

    @property
    def distance(self) -> float:
        return float(np.abs(self.left_db).mean())

    def __len__(self) -> int:
        return len(self.kinds)

    def bands(self) -> list[Band]:
        """Those that do something, not checked and not rounded."""
        return [
            Band.model_construct(
                kind=KINDS[kind], frequency_hz=float(np.exp(hz)), gain_db=float(gain_db), q=float(np.exp(q))
            )
            for kind, (hz, gain_db, q) in zip(self.kinds, self.numbers, strict=True)
            if abs(gain_db) >= _LEAST_DB
        ]


class _Curve:
    """What is wanted, and how near bands can come to it."""

    def __init__(
        self, hz: FloatArray, wanted: FloatArray, rate: int, limit_db: float, across: Sequence[float]
    ) -> None:
        self._wanted, self._limit_db = wanted, limit_db
        self._span = (float(np.log(hz[0] * 0.999)), float(np.log(hz[-1] * 1.001)))
        self._shapes = BandShapes(hz, rate, across)
        grid = [place for at in hz for place in _at(float(at))]
        self._grid = np.array([kind for kind, _ in grid]), np.array([numbers for _, numbers in grid])
        self._tried = self._shapes.db(*self._grid)
        self._lengths = (self._tried**2).sum(axis=1)

    def pursued(self, most: int, start: Sequence[Band]) -> _Bands:
        """One band after another where most is left, until that is near enough or no further one is worth it."""
        kinds = np.array([KINDS.index(band.kind) for band in start], np.int64)
        numbers = [[np.log(band.frequency_hz), band.gain_db, np.log(band.q)] for band in start]
        bands = self._at(kinds, np.array(numbers).reshape(-1, 3))
        bands = self.refined(bands) if start else bands
        while len(bands) < most and np.abs(bands.left_db).max() > NEAR_ENOUGH_DB:
            (tried,) = self._with_another(bands, 1)
            if tried.error > _WORTH_IT * bands.error:
                break
            bands = tried
        return bands

    def exchanged(self, bands: _Bands) -> _Bands:
        """The bands with those that are missed least put where they do more."""
        for _ in range(_EXCHANGES if len(bands) > 1 else 0):
            without = sorted((self._without(bands, index) for index in range(len(bands))), key=_error)
            tried = (
                new for old in without[:_PLACES] for new in self._with_another(self.refined(old), _PLACES)
            )
            better = next((new for new in tried if new.error <= _WORTH_IT * bands.error), None)
            if better is None:
                break
            bands = better
        return bands

    def evened(self, bands: _Bands) -> _Bands:
        """The mean distance instead of its square: least squares with weights that take the square back."""
        best = bands
        for _ in range(_ROUNDS if len(bands) else 0):
            weights = 1 / np.maximum(np.abs(bands.left_db), _LEAST_LEFT_DB)
            bands = self.refined(bands, weights / weights.mean(), _ROUND_STEPS)
            best = min(best, bands, key=lambda each: each.distance)
        return best

    def _with_another(self, bands: _Bands, places: int) -> list[_Bands]:
        """The bands and one more, at the places of the grid that explain most of what is left."""
        along = self._tried @ bands.left_db
        kinds, numbers = self._grid
        made: list[_Bands] = []
        taken: list[float] = []
        for place in np.argsort(-(along**2) / self._lengths):
            if any(abs(numbers[place, 0] - other) < 0.2 for other in taken):
                continue
            taken.append(float(numbers[place, 0]))
            new = numbers[place].copy()
            new[1] = np.clip(new[1] * along[place] / self._lengths[place], -self._limit_db, self._limit_db)
            made.append(
                self.refined(self._at(np.append(bands.kinds, kinds[place]), np.vstack([bands.numbers, new])))
            )
            if len(made) == places:
                break
        return made

    def _without(self, bands: _Bands, index: int) -> _Bands:
        return self._at(np.delete(bands.kinds, index), np.delete(bands.numbers, index, axis=0))

    def _at(self, kinds: Kinds, numbers: FloatArray) -> _Bands:
        return _Bands(kinds, numbers, self._wanted - self._shapes.db(kinds, numbers).sum(axis=0))

    def refined(self, bands: _Bands, weights: FloatArray | float = 1.0, steps: int = _STEPS) -> _Bands:
        """The same bands moved, widened and raised until their sum is as near as it gets.

        Levenberg and Marquardt's damped least squares (Marquardt, J. SIAM 11, 1963); a number that stands at its bound
        and would go beyond it rests.
        """
        kinds, (low, high) = bands.kinds, self._bounds(bands.kinds)
        numbers, damping = np.clip(bands.numbers.ravel(), low, high), 1e-2
        base, left, cost = self._costs(kinds, numbers, weights)
        for _ in range(steps):
            slopes = self._shapes.slopes(kinds, numbers.reshape(-1, 3), base)
            down = slopes @ (weights * left)
            bend = (slopes * weights) @ slopes.T
            down[1::3] -= _FIGHT * numbers[1::3]
            bend[np.arange(1, numbers.size, 3), np.arange(1, numbers.size, 3)] += _FIGHT
            free = np.flatnonzero(~(((numbers <= low) & (down < 0)) | ((numbers >= high) & (down > 0))))
            bend, down = bend[np.ix_(free, free)], down[free]
            steep = np.diag(np.diag(bend) + 1e-6)
            for _ in range(6):
                tried = numbers.copy()
                tried[free] += np.linalg.solve(bend + damping * steep, down)
                tried = np.clip(tried, low, high)
                base, left, now = self._costs(kinds, tried, weights)
                if now < cost:
                    break
                damping *= 5
            else:
                break
            gained, numbers, cost, damping = 1 - now / cost, tried, now, max(damping / 5, 1e-6)
            if gained < _STILL:
                break
        return self._at(kinds, numbers.reshape(-1, 3))

    def _costs(
        self, kinds: Kinds, numbers: FloatArray, weights: FloatArray | float
    ) -> tuple[FloatArray, FloatArray, float]:
        """What each band does, what they leave, and what that costs."""
        base = self._shapes.db(kinds, numbers.reshape(-1, 3))
        left = self._wanted - base.sum(axis=0)
        return base, left, float(np.sum(weights * left**2) + _FIGHT * np.sum(numbers[1::3] ** 2))

    def _bounds(self, kinds: Kinds) -> tuple[FloatArray, FloatArray]:
        sides = []
        for end, sign in ((0, -1), (1, 1)):
            q = np.log(np.where(kinds == 0, _BELL_Q[end], _SHELVES_Q[end]))
            rows = [np.full(len(kinds), self._span[end]), np.full(len(kinds), sign * self._limit_db), q]
            sides.append(np.stack(rows, axis=1).ravel())
        return sides[0], sides[1]


def _error(bands: _Bands) -> float:
    return bands.error


def _at(hz: float) -> list[tuple[int, tuple[float, float, float]]]:
    """Bands of 6 dB that may begin at a frequency, by kind and numbers."""
    made = [(0, q) for q in _QS]
    made += [(1, _SHELF_Q)] if hz <= _LOW_SHELF_TO_HZ else []
    made += [(2, _SHELF_Q)] if hz >= _HIGH_SHELF_FROM_HZ else []
    return [(kind, (float(np.log(hz)), 6.0, float(np.log(q)))) for kind, q in made]


def _rounded(band: Band) -> Band:
    """As people would write it, and checked."""
    return Band(
        kind=band.kind,
        frequency_hz=float(f"{min(max(band.frequency_hz, 20.0), 20000.0):.4g}"),
        gain_db=round(band.gain_db, 2),
        q=float(f"{band.q:.3g}"),
    )
