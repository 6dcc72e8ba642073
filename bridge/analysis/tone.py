"""What is too much or too little in a spectrum: third-octave levels held against the tone of finished music.

Music has no one spectrum, so no level is judged against a curve as such. A region is held against what lies below
and above it, after the usual fall of music has been taken away: a tilt of the whole (dark, bright) cancels out, a
bump stays. Source: own definition; the usual fall after Pestana et al., "Spectral characteristics of popular
commercial recordings 1950-2010", AES 135 (2013).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ

Levels = NDArray[np.float64]
Span = tuple[float, float]

_CENTRES = np.array(THIRD_OCTAVES_HZ)

_FAINT_DB = 70.0
"""So far below the loudest band a level is leakage of the window, dither or codec noise."""

_NEAR_PART = 0.75
"""Weight of the side that stands nearer to the region: a bump stands over both sides, a slope over one."""


@dataclass(frozen=True)
class Region:
    """core: where the property lies. below, above: against what it is heard. Centres of third octaves in Hz."""

    core: Span
    below: Span
    above: Span


BOOM = Region((80, 125), (31.5, 50), (200, 400))
MUD = Region((200, 315), (63, 125), (500, 1600))
BOXINESS = Region((400, 630), (125, 200), (1250, 2000))
HARSHNESS = Region((3150, 4000), (800, 1600), (6300, 8000))

BODY: Span = (100, 250)
MIDDLE: Span = (800, 2000)
HIGH_MIDS: Span = (2500, 5000)
VOICE: Span = (315, 1250)
TOP: Span = (5000, 10000)


def usual_level_db(hz: NDArray[np.float64]) -> Levels:
    """Third-octave level of finished popular music in dB against 100 Hz.

    From 100 Hz to 4 kHz it falls by 5 dB an octave in power per hertz, which is 2 dB in third octaves; above faster,
    and below 50 Hz it falls away as loudspeakers do.
    """
    octaves, bend = np.log2(hz / 100.0), np.log2(40.0)
    body = -2.0 * np.clip(octaves, 0, bend)
    level: Levels = body - 5.0 * np.maximum(octaves - bend, 0) + 9.0 * np.minimum(octaves + 1, 0)
    return level


def against_usual(power: Sequence[float] | NDArray[np.float64]) -> Levels:
    """Third-octave powers to their level over the usual one in dB, against any zero [shape=(31,)]."""
    power = np.asarray(power, np.float64)
    level = 10.0 * np.log10(np.maximum(power, power.max() * 10 ** (-_FAINT_DB / 10)))
    over: Levels = level - usual_level_db(_CENTRES)
    return over


def mean_in(levels: Levels, span: Span) -> float:
    """Mean level of the third octaves whose centres lie in `span`, ends included."""
    return float(levels[_inside(span)].mean())


def _inside(span: Span) -> NDArray[np.bool_]:
    middle, half = np.log(span[0] * span[1]) / 2, np.log(span[1] / span[0]) / 2
    inside: NDArray[np.bool_] = np.abs(np.log(_CENTRES) - middle) < half + 0.03
    return inside


def excess(levels: Levels, region: Region) -> float:
    """dB by which the core stands over its surroundings, three parts by the nearer side, one by the farther."""
    core = mean_in(levels, region.core)
    over = sorted((core - mean_in(levels, region.below), core - mean_in(levels, region.above)))
    return _NEAR_PART * over[0] + (1 - _NEAR_PART) * over[1]


def dullness(levels: Levels) -> float:
    """dB by which the voice's range stands over the top."""
    return mean_in(levels, VOICE) - mean_in(levels, TOP)


def thinness(levels: Levels) -> float:
    """dB by which the middle stands over the body, beyond a rise that goes on into the high mids: that is brightness.

    From body to middle it is 3 octaves, from middle to high mids 1.5.
    """
    middle = mean_in(levels, MIDDLE)
    rise = max(mean_in(levels, HIGH_MIDS) - middle, 0.0)
    return middle - mean_in(levels, BODY) - 2.0 * rise


def roughness(levels: Levels, aside: Span) -> float:
    """dB (standard deviation) by which third octaves from 50 Hz to 10 kHz stray from a straight tilt, those in
    `aside` left out. A mix strays by 2 to 4 dB, a single instrument or a drone by 7 and more."""
    kept = _inside((50.0, 10000.0)) & ~_inside(aside)
    octaves = np.log2(_CENTRES[kept] / 1000.0)
    tilt = np.stack([np.ones_like(octaves), octaves], axis=1)
    rest = levels[kept] - tilt @ np.linalg.lstsq(tilt, levels[kept], rcond=None)[0]
    return float(rest.std())


def strongest_hz(levels: Levels, within: Span) -> float:
    """Centre of the third octave that stands highest over the usual level."""
    inside = np.flatnonzero(_inside(within))
    best = int(inside[levels[inside].argmax()])
    return float(_CENTRES[best])
