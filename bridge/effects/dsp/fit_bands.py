"""Bands of an equalizer that come nearest to a wanted curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp import biquad
from bridge.effects.equalizer import HIGHEST_OF_RATE, Band, Kind, sections

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

FloatArray = NDArray[np.float64]

NEAR_ENOUGH_DB = 0.25
"""A curve that is met to this everywhere wants no further band: nobody hears the rest."""

_LEAST_DB = 0.2
_WORTH_IT = 0.97
"""A further band that leaves more of the error than this share is not worth its place."""

_LOW_SHELF_TO_HZ, _HIGH_SHELF_FROM_HZ = 400.0, 2000.0
_QS = (0.5, 1.0, 2.0, 4.0)
_Q_SPAN: dict[Kind, tuple[float, float]] = {
    "bell": (0.3, 8.0),
    "low_shelf": (0.5, 1.0),
    "high_shelf": (0.5, 1.0),
}
_STEP = 1e-4


def fit_bands(
    frequency_hz: FloatArray,
    wanted_db: FloatArray,
    rate: int,
    most: int = 8,
    limit_db: float = 6.0,
    start: Sequence[Band] = (),
) -> tuple[Band, ...]:
    """At most `most` bells and shelves, none over `limit_db` either way, whose sum is nearest to the curve.

    frequency_hz, wanted_db: points of the curve, rising and about evenly far apart in octaves (third octaves)
    [shape=(points,)]; points that are not finite, or that `rate` (Hz) holds no filter for, count for nothing. The
    wanted curve is held to `limit_db` as well. start: bands that came near to a similar curve, which are moved instead
    of being looked for again. In order of frequency; empty where no point is off by NEAR_ENOUGH_DB.

    Own: matching pursuit over a grid of bands, all bands refined together by bounded least squares after each.
    """
    hz, wanted = np.asarray(frequency_hz, np.float64), np.asarray(wanted_db, np.float64)
    useful = (
        np.isfinite(hz) & np.isfinite(wanted) & (hz >= 20.0) & (hz <= min(20000.0, HIGHEST_OF_RATE * rate))
    )
    if not useful.any() or limit_db <= 0:
        return ()
    curve = _Curve(hz[useful], np.clip(wanted[useful], -limit_db, limit_db), rate, limit_db)
    bands = curve.refined([*start][:most]) if start else []
    while len(bands) < most and np.abs(curve.left(bands)).max() > NEAR_ENOUGH_DB:
        tried = curve.refined([*bands, curve.best_next(bands)])
        if curve.error(tried) > _WORTH_IT * curve.error(bands):
            break
        bands = tried
    kept = [band for band in bands if abs(band.gain_db) >= _LEAST_DB]
    return tuple(_rounded(band) for band in sorted(kept, key=lambda band: band.frequency_hz))


def bands_db(bands: tuple[Band, ...] | list[Band], frequency_hz: FloatArray, rate: int) -> FloatArray:
    """What bands do together at each frequency, in dB [shape=(points,)]."""
    rows = [row for band in bands for row in sections(band, rate)]
    return biquad.response_db(np.array(rows).reshape(-1, 6), frequency_hz, rate)


class _Curve:
    """What is wanted, and how far bands are from it."""

    def __init__(self, hz: FloatArray, wanted: FloatArray, rate: int, limit_db: float) -> None:
        self.hz, self.wanted, self.rate, self.limit_db = hz, wanted, rate, limit_db
        self._grid = [band for at in hz for band in _at(float(at))]
        self._shapes = np.array([self._one(band) for band in self._grid])
        self._lengths = (self._shapes**2).sum(axis=1)

    def _one(self, band: Band) -> FloatArray:
        return bands_db([band], self.hz, self.rate)

    def left(self, bands: list[Band]) -> FloatArray:
        """dB that the bands leave to be done."""
        return self.wanted - bands_db(bands, self.hz, self.rate)

    def error(self, bands: list[Band]) -> float:
        return float(np.sum(self.left(bands) ** 2))

    def best_next(self, bands: list[Band]) -> Band:
        """The band of the grid that explains most of what is left, at about the gain it wants."""
        along = self._shapes @ self.left(bands)
        place = int(np.argmax(along**2 / self._lengths))
        band = self._grid[place]
        gain = band.gain_db * along[place] / self._lengths[place]
        return band.model_copy(update={"gain_db": float(np.clip(gain, -self.limit_db, self.limit_db))})

    def refined(self, bands: list[Band]) -> list[Band]:
        """The same bands moved, widened and raised until their sum is as near as it gets."""
        from scipy.optimize import least_squares

        kinds = [band.kind for band in bands]
        low, high = self._bounds(kinds)
        start = np.array([[np.log(b.frequency_hz), b.gain_db, np.log(b.q)] for b in bands]).ravel()
        found: OptimizeResult = least_squares(
            lambda point: -self.left(_bands(kinds, point)),
            np.clip(start, low + 1e-6, high - 1e-6),
            jac=lambda point: self._slopes(kinds, point),
            bounds=(low, high),
            max_nfev=40,
            xtol=1e-4,
            ftol=1e-4,
        )
        return _bands(kinds, found.x)

    def _bounds(self, kinds: list[Kind]) -> tuple[FloatArray, FloatArray]:
        lowest, highest = np.log(self.hz[0] * 0.999), np.log(self.hz[-1] * 1.001)
        spans = [
            [(lowest, highest), (-self.limit_db, self.limit_db), tuple(np.log(_Q_SPAN[kind]))]
            for kind in kinds
        ]
        low, high = np.array(spans, np.float64).reshape(-1, 2).T
        return low, high

    def _slopes(self, kinds: list[Kind], point: FloatArray) -> FloatArray:
        """dB by which the sum rises with each number: only its own band has to be made again
        [shape=(points, numbers)]."""
        base = [self._one(band) for band in _bands(kinds, point)]
        columns = []
        for index in range(point.size):
            moved = point.copy()
            moved[index] += _STEP
            band = _bands(kinds, moved)[index // 3]
            columns.append((self._one(band) - base[index // 3]) / _STEP)
        return np.array(columns).T


def _at(hz: float) -> list[Band]:
    """Bands of 6 dB that may begin at a frequency."""
    made = [_band("bell", hz, 6.0, q) for q in _QS]
    if hz <= _LOW_SHELF_TO_HZ:
        made.append(_band("low_shelf", hz, 6.0, 0.71))
    if hz >= _HIGH_SHELF_FROM_HZ:
        made.append(_band("high_shelf", hz, 6.0, 0.71))
    return made


def _bands(kinds: list[Kind], point: FloatArray) -> list[Band]:
    return [
        _band(kind, float(np.exp(hz)), float(gain), float(np.exp(q)))
        for kind, (hz, gain, q) in zip(kinds, point.reshape(-1, 3), strict=True)
    ]


def _band(kind: Kind, hz: float, gain_db: float, q: float) -> Band:
    """Not checked again: the search makes thousands of them."""
    return Band.model_construct(kind=kind, frequency_hz=hz, gain_db=gain_db, q=q, slope_db_per_octave=12)


def _rounded(band: Band) -> Band:
    """As people would write it, and checked."""
    return Band(
        kind=band.kind,
        frequency_hz=float(f"{min(max(band.frequency_hz, 20.0), 20000.0):.4g}"),
        gain_db=round(band.gain_db, 2),
        q=float(f"{band.q:.3g}"),
    )
