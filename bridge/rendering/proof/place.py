"""A band of an equalizer, looked for in the third octaves of source and result."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape
from bridge.effects.equalizer import Band, Equalizer
from bridge.planning.promises.promise import ShownBand
from bridge.rendering.placing import Placed
from bridge.units import third_octave_in_words

_POINTS = np.linspace(-0.05, 0.05, 9)
"""Across a third octave, in powers of ten."""
_NORMAL = 1.4826
"""From the median distance to a standard deviation."""


def place_db(
    band: ShownBand, steps: Iterable[Placed], before: Analysis, after: Analysis
) -> tuple[float, float, float] | str:
    """(what the band alone does to its third octave, what was found there, how far the other third octaves lie from
    what the bands do to them), in dB; a reason where it cannot be told.

    What was found is against the whole, so that level does not count, and without what other bands of the plan do
    there. Frequencies in Hz.
    """
    one, two = Shape.of(before.curves), Shape.of(after.curves)
    if one is None or two is None:
        return "there is no spectrum of it"
    was, now = one.held_up(), two.held_up()
    centres = [hz for hz in was if hz in now and was[hz] > one.floor_db]
    at = min(centres, key=lambda hz: abs(np.log(hz / band.listens_hz)), default=0.0)
    if not at or abs(np.log2(at / band.listens_hz)) > 0.2:
        return f"there is nothing around {third_octave_in_words(band.listens_hz)} in it"
    rate, hz = after.rate or before.rate, np.array(centres)
    own, others = _split(band, _bands(steps))
    alone, rest = _response_db(own, hz, rate), _response_db(others, hz, rate)
    if was[at] + min(0.0, float(alone[centres.index(at)])) < one.floor_db:
        return f"there is too little around {third_octave_in_words(band.listens_hz)} in it"
    change = np.array([now[centre] - was[centre] for centre in centres])
    left = change - alone - rest
    level = float(np.median(left))
    index = centres.index(at)
    apart = float(_NORMAL * np.median(np.abs(left - level)))  # room and compression turn third octaves, too
    return float(alone[index]), float(change[index] - level - rest[index]), apart


def _bands(steps: Iterable[Placed]) -> list[Band]:
    return [
        band
        for item in steps
        if isinstance(item.effect, Equalizer) and item.step.wet >= 1 and item.step.part == "all"
        for band in item.effect.bands
    ]


def _split(band: ShownBand, bands: list[Band]) -> tuple[list[Band], list[Band]]:
    """The band itself, and what else works there."""
    own = Band.model_validate(band.model_dump())
    others = list(bands)
    if own in others:
        others.remove(own)
    return [own], others


def _response_db(bands: list[Band], centre_hz: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Mean power gain of bands across each third octave, in dB [shape=(centres,)]."""
    from bridge.effects.dsp.fit_bands import bands_db

    if not bands:
        return np.zeros(centre_hz.size)
    points = (centre_hz[:, None] * 10.0 ** _POINTS[None, :]).ravel()
    gains = bands_db(bands, np.minimum(points, 0.49 * rate), rate).reshape(-1, _POINTS.size)
    return np.asarray(10 * np.log10((10 ** (gains / 10)).mean(axis=1)))
