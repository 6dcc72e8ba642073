"""What is too much or too little in a spectrum: how much of each fault there is, in dB, if the rest is usual music.

Music has no one spectrum, so no level is judged against a curve as such. Third octaves from 50 Hz to 10 kHz are taken
against those of clean mixes, and asked for the height of the fault's own curve: the best linear estimate (generalized
least squares, A. C. Aitken 1936) where the ways in which clean mixes differ from each other are the noise. What mixes
do by themselves (a tilt of the whole, loud bass, no air) is weighed little, a bump that they do not have much. A bell
of 8 dB raises the reading by about 8 dB. Weights: `tone_weights`, found by `python -m tests.benchmarks.fits.tone`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.third_octaves import FAINT_DB, THIRD_OCTAVES_HZ
from bridge.analysis.tone_weights import CENTRES, SPREADS, WEIGHTS

Levels = NDArray[np.float64]
Span = tuple[float, float]

LOWEST_HZ, HIGHEST_HZ = 45.0, 10500.0
_HZ = np.array(THIRD_OCTAVES_HZ)
_HEARD = (_HZ > LOWEST_HZ) & (_HZ < HIGHEST_HZ)
BANDS_HZ = _HZ[_HEARD]

DEEPEST_DB = 15.0
"""Beside a bump, what lies lower than this is as good as not there: a top that is missing makes no harshness."""
LACKS = ("dullness", "thinness")
"""Faults that are something missing, however much."""

_MOST_SPREADS = 3.0
"""A second fault makes a mix no stranger than this in its bands."""


def levels(power: Sequence[float] | NDArray[np.float64]) -> Levels:
    """Powers of all third octaves [shape=(31,)] to levels in dB of those heard, their median 0 [shape=(24,)]."""
    power = np.asarray(power, np.float64)
    level = 10.0 * np.log10(np.maximum(power, power.max() * 10 ** (-FAINT_DB / 10)))[_HEARD]
    apart: Levels = level - np.median(level)
    return apart


def over_mixes(power: Sequence[float] | NDArray[np.float64]) -> Levels:
    """dB of each band heard over that of a usual mix of the same loudness [shape=(24,)]."""
    over = levels(power) - CENTRES
    apart: Levels = over - np.median(over)
    return apart


def height_db(over: Levels, name: str) -> float:
    """How high the fault `name` stands: dB of its bell, or of what is missing."""
    held = over if name in LACKS else np.maximum(over, -DEEPEST_DB)
    return float(held @ WEIGHTS[name])


def strangeness(over: Levels, aside: Span) -> float:
    """How far the bands outside `aside` stray from those of mixes, RMS in the spread of mixes; about 0.8 in a mix, 2
    and more in a single instrument or a drone."""
    kept = ~_inside(aside)
    strays = (over[kept] - np.median(over[kept])) / SPREADS[kept]
    return float(np.sqrt((np.clip(strays, -_MOST_SPREADS, _MOST_SPREADS) ** 2).mean()))


def strongest_hz(over: Levels, within: Span) -> float:
    """Centre of the third octave that stands highest over the usual level."""
    inside = np.flatnonzero(_inside(within))
    return float(BANDS_HZ[inside[over[inside].argmax()]])


def _inside(span: Span) -> NDArray[np.bool_]:
    """Bands whose centres lie in `span`, ends included."""
    inside: NDArray[np.bool_] = (span[0] * 0.97 < BANDS_HZ) & (span[1] * 1.03 > BANDS_HZ)
    return inside
