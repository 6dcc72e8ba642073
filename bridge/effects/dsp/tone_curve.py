"""How far the third octaves of a sound lie from the curve that they should follow: a target's, or a smooth slope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape, align
from bridge.analysis.target import Target

Row = NDArray[np.float64]

FINE_MEAN_DB, FINE_MOST_DB = 1.0, 2.5
"""A sound that lies no further from its curve, on average and at its worst third octave, needs no equalizer; own
judgement: hardly anybody hears a broad bell of 1 dB."""

_SLOPE_HZ = (40.0, 16000.0)
_EMPTY_DB = 12.0
"""So far below the slope, towards an end of the spectrum, nothing was recorded: a bass string's lowest note, a codec's
edge. Raising it would raise noise."""

_ABSENT_DB = 24.0
"""The same against a target, whose curve may be far from the sound's everywhere."""

_SOFT_DB = 2.0
_ROUNDS = 30
_FEWEST = 8


@dataclass(frozen=True)
class Tone:
    """centre_hz, apart_db: how far each third octave lies over its curve, nan where nothing is to be told
    [shape=(bands,)]. curve: what that is, for people."""

    centre_hz: Row
    apart_db: Row
    curve: str

    @property
    def told(self) -> NDArray[np.bool_]:
        return np.isfinite(self.apart_db)

    @property
    def distance_db(self) -> float:
        """Mean over third octaves, without signs."""
        return float(np.abs(self.apart_db[self.told]).mean())

    @property
    def even_db(self) -> Row:
        """`apart_db` leaning on both neighbours, so that one note is not taken for the tone of the sound."""
        values = np.where(self.told, self.apart_db, 0.0)
        weight = self.told.astype(np.float64)
        shape = np.array([0.25, 0.5, 0.25])
        mean = np.convolve(values, shape, "same") / np.maximum(np.convolve(weight, shape, "same"), 1e-9)
        return np.where(self.told, mean, np.nan)

    @property
    def worst(self) -> tuple[float, float]:
        """Hz and dB of the third octave that is furthest off, neighbours counted in."""
        place = int(np.nanargmax(np.abs(self.even_db)))
        return float(self.centre_hz[place]), float(self.even_db[place])

    @property
    def is_fine(self) -> bool:
        return self.distance_db <= FINE_MEAN_DB and abs(self.worst[1]) <= FINE_MOST_DB

    def sentence(self) -> str:
        """ "third octaves 4.1 dB from a slope of -3.2 dB an octave on average, most +8.1 dB at 63 Hz"."""
        from bridge.effects.equalizer import hertz

        hz, most = self.worst
        return (
            f"third octaves {self.distance_db:.1f} dB from {self.curve} on average, most {most:+.1f} dB at "
            f"{hertz(round(hz, 1))} (fine up to {FINE_MEAN_DB:g} and {FINE_MOST_DB:g} dB)"
        )


def tone(analysis: Analysis, target: Target | None = None) -> Tone | None:
    """Against the target's spectrum where it has one, else against a slope through the sound's own third octaves.

    None where the sound has no spectrum (silence), or too little of it to tell.
    """
    own = Shape.of(analysis.curves)
    if own is None:
        return None
    if target is not None and target.spectrum is not None:
        return _from_target(own, target.spectrum.shape, target.title)
    return _from_slope(own)


def _from_target(own: Shape, wanted: Shape, title: str) -> Tone | None:
    aligned = align(own, wanted)
    if aligned is None:
        return None
    apart = np.array([np.nan if each is None else each for each in aligned.difference_db])
    apart[np.abs(apart) > _ABSENT_DB] = np.nan
    found = Tone(np.array(aligned.centre_hz), apart, f"the curve of {title}")
    return found if found.told.sum() >= _FEWEST else None


def _from_slope(own: Shape) -> Tone | None:
    levels = own.held_up()
    hz = np.array([each for each in levels if _SLOPE_HZ[0] <= each <= _SLOPE_HZ[1]])
    if hz.size < _FEWEST:
        return None
    level = np.array([levels[each] for each in hz])
    sounding = level > own.floor_db
    slope, apart = 0.0, np.zeros_like(level)
    for _ in range(3):  # what lies beyond the ends of the sound does not bend the slope
        if sounding.sum() < _FEWEST:
            return None
        slope, apart = _line(np.log2(hz), level, sounding)
        sounding = _without_ends(level > own.floor_db, apart)
    told = np.where(sounding, apart, np.nan)
    found = Tone(hz, told, f"a slope of {slope:+.1f} dB an octave")
    return found if found.told.sum() >= _FEWEST else None


def _line(octaves: Row, level: Row, used: NDArray[np.bool_]) -> tuple[float, Row]:
    """dB an octave of a line through the used levels that far outliers hardly bend, and all levels over it: least
    squares, reweighted by what is left (the pseudo-Huber loss)."""
    weight = used.astype(np.float64)
    design = np.stack([np.ones_like(octaves), octaves], axis=1)
    left, found = level, np.zeros(2)
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)[:, None]
        found = np.linalg.lstsq(design * root, level * root[:, 0], rcond=None)[0]
        left = level - design @ found
        weight = used / np.sqrt(1.0 + (left / _SOFT_DB) ** 2)
    return float(found[1]), left


def _without_ends(sounding: NDArray[np.bool_], apart: Row) -> NDArray[np.bool_]:
    """Third octaves from the first to the last that is not empty, without those between that are silent."""
    there = np.flatnonzero(sounding & (apart > -_EMPTY_DB))
    kept = np.zeros_like(sounding)
    if there.size:
        kept[there[0] : there[-1] + 1] = True
    return kept & sounding & (np.abs(apart) <= _ABSENT_DB)
