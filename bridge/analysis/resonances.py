"""Resonances: narrow places where a room, a box or a filter raises everything that passes.

A resonance stays where it is while the notes move, and it raises noise, drums and reverberation as well as tones. So
the spectrum is looked at in moments of a quarter of a second all over the sound, lines of tones are taken out of each,
and what is left is held against the curve of an equalizer's bell, half an octave to either side. It must stand in four
of five moments and look like a bell. Source: own definition.

What cannot be told: a resonance narrower than about 30 Hz (at 240 Hz: above Q 8) looks like a held note, one wider
than half its octave (Q below 4) is a matter of tone; where nothing but clean tones sounds there is nothing that a
resonance could raise between them; and a resonance that belongs to an instrument (a snare's ring, a formant that does
not move) looks like one of the room.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.compiled import maximum_filter1d

if TYPE_CHECKING:
    from bridge.analysis.passes.spectrum import Spectrum

Rows = NDArray[Any]
"""Single precision where frames are many, double where sums run long."""

MOST = 8
LOWEST_HZ, HIGHEST_HZ = 240.0, 6000.0
"""Below, notes of a bass are as close together as bells; above, few sounds have two sides to stand over."""
QS = (5.0, 7.0, 10.0, 14.0, 20.0, 28.0)

_STEPS = 48
"""Points an octave."""
_HALF = _STEPS // 2
_NARROWEST_HZ = 20.0
"""Half-gain width below which a bell is as narrow as what is cut out as a line."""
_LINE_HZ = 35.0
"""Lines of tones are four bins (16 Hz) wide; onsets, decays and vibrato make them as wide as this."""
_FEWEST = 11
"""Moments: 3 s."""
_STANDS_DB = 2.0
_STANDS_IN = 0.8
_OVER_SIDES_DB = 3.0
_LIKE_A_BELL = 2.4
"""dB times the square of the share of the curve that the bell explains; about 95 % of clean mixes stay below."""
_QUIET_DB, _FAINT_DB = 50.0, 85.0


@dataclass(frozen=True)
class Resonance:
    """level_db: how far it stands over its surroundings. q: of the equalizer's bell that would flatten it."""

    frequency_hz: float
    q: float
    level_db: float


def bell_db(octaves: Rows, gain_db: float | Rows, q: float | Rows) -> Rows:
    """The Audio EQ Cookbook's analogue peaking curve, `octaves` off its centre."""
    root = 10 ** (gain_db / 40)
    apart = (2.0**octaves - 2.0**-octaves) ** 2
    curve: Rows = 10 * np.log10((apart + (root / q) ** 2) / (apart + 1 / (root * q) ** 2))
    return curve


@lru_cache(maxsize=1)
def _shapes() -> tuple[Rows, Rows]:
    """A level and a tilt [shape=(points, 2)], orthonormal, and bells of 12 dB as unit vectors free of both, each times
    its length for 1 dB [shape=(points, len(QS))]."""
    octaves = np.arange(-_HALF, _HALF + 1) / _STEPS
    plain = np.linalg.qr(np.stack([np.ones_like(octaves), octaves], axis=1))[0]
    bells = np.stack([bell_db(octaves, 12.0, q) / 12.0 for q in QS], axis=1)
    return plain, bells - plain @ (plain.T @ bells)


def _grid(spectrum: Spectrum) -> Rows:
    """Centres of the points in Hz, half an octave wider at both ends than where resonances are looked for."""
    top = min(HIGHEST_HZ * 2**0.5, spectrum.stream.nyquist_hz * 0.9)
    count = int(np.log2(top / (LOWEST_HZ / 2**0.5)) * _STEPS)
    if count <= 4 * _HALF:
        raise Unmeasurable(f"a rate of {spectrum.stream.rate} Hz holds too little of the spectrum")
    centres: Rows = LOWEST_HZ / 2**0.5 * 2.0 ** (np.arange(count) / _STEPS)
    return centres


def _moments(spectrum: Spectrum) -> Rows:
    """Power of single moments, those far below the loudest left out [shape=(moments, bins)]."""
    power = spectrum.snapshots.values
    total = power.sum(axis=1)
    if not total.max(initial=0.0) > 0.0:
        raise Unmeasurable(SILENCE)
    kept: Rows = power[total > total.max() * 10 ** (-_QUIET_DB / 10)]
    if len(kept) < _FEWEST:
        raise Unmeasurable("less than 3 s of it sounds")
    return kept


def _without_lines(power: Rows, width_hz: float) -> Rows:
    """Peaks narrower than those of tones cut down to what lies beside them; bins are `width_hz` apart."""
    bins = max(3, round(_LINE_HZ / width_hz))
    lowest = -maximum_filter1d(-power, bins)
    opened: Rows = maximum_filter1d(lowest, bins, origin=-1 if bins % 2 == 0 else 0)
    return opened


def _levels(spectrum: Spectrum, centres: Rows) -> Rows:
    """dB at each point of the grid in each moment [shape=(moments, points)]."""
    width = spectrum.snapshots.width_hz
    last = int(centres[-1] * 1.1 / width) + 2
    power = _without_lines(_moments(spectrum)[:, :last], width)
    level = _on_grid(power, centres, width)
    held: Rows = np.maximum(level, level.max(axis=1, keepdims=True) - _FAINT_DB)
    return held


def _on_grid(power: Rows, centres: Rows, width_hz: float, first: int = 0) -> Rows:
    """Power of bins to dB at each centre, averaged over its share of an octave or a bin [shape=(rows, centres)];
    power begins at bin `first`."""
    summed = np.concatenate([np.zeros((len(power), 1)), np.cumsum(power, axis=1)], axis=1)
    half = np.maximum(centres * (2 ** (0.5 / _STEPS) - 1), width_hz / 2)
    low, high = ((centres + side * half) / width_hz + 0.5 - first for side in (-1, 1))
    density = (_between(summed, high) - _between(summed, low)) / half
    level: Rows = 10.0 * np.log10(np.maximum(density, density.max() * 1e-14))
    return level


def _between(summed: Rows, at: Rows) -> Rows:
    """Linear interpolation of running sums at fractional bins."""
    whole = np.minimum(at.astype(np.intp), summed.shape[1] - 2)
    part = at - whole
    value: Rows = summed[:, whole] * (1 - part) + summed[:, whole + 1] * part
    return value


def resonances(spectrum: Spectrum) -> list[Resonance]:
    """The worst first, at most 8. Raises Unmeasurable for sound that is too short, silent or of too low a rate."""
    centres = _grid(spectrum)
    levels = _levels(spectrum, centres)
    windows = np.lib.stride_tricks.sliding_window_view(levels, 2 * _HALF + 1, axis=1)
    middle = centres[_HALF : _HALF + windows.shape[1]]
    width_hz = spectrum.snapshots.width_hz
    score, curves = _scores(windows, middle)
    picked = _picked(score, middle)
    return [_fitted(curves[point], float(middle[point]), hz, width_hz) for point, hz in picked]


def _scores(windows: Rows, middle: Rows) -> tuple[Rows, Rows]:
    """How far a bell stands at each point for each Q, times the square of the share that it explains of the curve there
    [shape=(points, len(QS))], and those curves [shape=(points, window)]; 0 where nothing stands."""
    _, bells = _shapes()
    lengths = (bells**2).sum(axis=0)
    gains = np.ascontiguousarray((windows @ (bells / lengths).astype(windows.dtype)).transpose(1, 2, 0))
    nth = int(gains.shape[2] * (1 - _STANDS_IN))
    stands = np.partition(gains, nth, axis=2)[:, :, nth].astype(np.float64)
    stands[middle[:, None] / np.array(QS) < _NARROWEST_HZ] = 0.0
    stands[stands < _STANDS_DB] = 0.0
    score, curves = np.zeros_like(stands), np.zeros((len(stands), windows.shape[2]))
    points = np.flatnonzero(stands.any(axis=1))
    if points.size:
        typical = _typical(windows[:, points], gains[points], lengths)
        plain, _ = _shapes()
        curve = typical - (typical @ plain) @ plain.T
        fitted = (curve @ bells) ** 2 / lengths
        explained = fitted / np.maximum((curve**2).sum(axis=1), 1e-9)[:, None]
        score[points] = (
            stands[points] * np.clip(explained, 0.0, 1.0) ** 2 * _over_both_sides(typical)[:, None]
        )
        curves[points] = curve
    return score, curves


def _typical(windows: Rows, gains: Rows, lengths: Rows) -> Rows:
    """Mean curve in dB about each point [shape=(points, window)]; frames that look like a bell or like nothing count
    most, those in which other things stand count little."""
    plain, _ = _shapes()
    rests = windows - (windows @ plain) @ plain.T
    middle = len(QS) // 2
    strays = ((rests**2).sum(axis=2) - gains[:, middle].T ** 2 * lengths[middle]) / rests.shape[2]
    weight = 1.0 / (np.maximum(strays, 0.0) + 4.0) ** 2
    weight /= weight.sum(axis=0)
    curve: Rows = np.einsum("tp,tpw->pw", weight, windows)
    return curve


def _over_both_sides(curve: Rows) -> NDArray[np.bool_]:
    """Whether the top stands over what lies a quarter to half an octave away on either side: an edge does not."""
    top = curve[:, _HALF - 1 : _HALF + 2].mean(axis=1)
    quarter = _HALF // 2
    sides = np.maximum(curve[:, :quarter].mean(axis=1), curve[:, -quarter:].mean(axis=1))
    both: NDArray[np.bool_] = top - sides > _OVER_SIDES_DB
    return both


def _picked(score: Rows, centres: Rows) -> list[tuple[int, float]]:
    """Points and frequencies of the highest scores, a quarter of an octave and more apart."""
    found: list[tuple[int, float]] = []
    score = score.copy()
    while len(found) < MOST:
        point, shape = np.unravel_index(int(score.argmax()), score.shape)
        if score[point, shape] < _LIKE_A_BELL:
            break
        found.append((int(point), _top_hz(score[:, shape], int(point), centres)))
        score[max(0, point - _HALF // 2) : point + _HALF // 2 + 1] = 0.0
    return found


def _top_hz(score: Rows, point: int, centres: Rows) -> float:
    """The top of a parabola through the best point and its neighbours."""
    low, best, high = score[max(point - 1, 0)], score[point], score[min(point + 1, len(score) - 1)]
    bend = low - 2 * best + high
    aside = 0.5 * (low - high) / bend if bend < 0 and low > 0 and high > 0 else 0.0
    return float(centres[point] * 2 ** (aside / _STEPS))


_FIT_Q = 4.0 * 2.0 ** (np.arange(13) / 4)
_FIT_DB = np.arange(6.0, 16.0)


def _fitted(curve: Rows, centre_hz: float, start_hz: float, width_hz: float) -> Resonance:
    """The bell that, seen through the same window and with lines taken out, is nearest to the curve about
    `centre_hz`: Q and gain at `start_hz` first, then the frequency within two points."""
    gain, q = (each.ravel()[:, None] for each in np.meshgrid(_FIT_DB, _FIT_Q))
    best = _nearest(curve, _seen(centre_hz, np.full_like(q, start_hz), q, gain, width_hz))
    q, gain = q[best], gain[best]
    around = start_hz * 2.0 ** (np.arange(-8, 9)[:, None] / (4 * _STEPS))
    seen = _seen(centre_hz, around, q[None], gain[None], width_hz)
    return Resonance(float(around[_nearest(curve, seen), 0]), float(q[0]), float(gain[0]))


def _nearest(curve: Rows, seen: Rows) -> int:
    return int(((seen - curve) ** 2).sum(axis=1).argmin())


def _seen(centre_hz: float, frequency_hz: Rows, q: Rows, gain_db: Rows, width_hz: float) -> Rows:
    """Curves about `centre_hz` as bells on even noise would leave them [shape=(bells, points)]."""
    plain, _ = _shapes()
    centres = centre_hz * 2.0 ** (np.arange(-_HALF, _HALF + 1) / _STEPS)
    first, end = int(centres[0] * 0.9 / width_hz), int(centres[-1] * 1.1 / width_hz) + 4
    bins = np.arange(max(first, 1), end) * width_hz
    power = 10 ** (bell_db(np.log2(bins / frequency_hz), gain_db, q) / 10)
    power[:, 1:-1] = power[:, 1:-1] * (2 / 3) + (power[:, :-2] + power[:, 2:]) / 6
    seen = _on_grid(_without_lines(power, width_hz), centres, width_hz, max(first, 1))
    rest: Rows = seen - (seen @ plain) @ plain.T
    return rest
