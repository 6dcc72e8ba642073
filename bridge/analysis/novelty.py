"""Novelty: how much of a song's course changes at each moment. Own method from published parts.

Two novelties are added: contrast along the diagonal of the self-similarity matrix (J. Foote, "Automatic audio
segmentation using a measure of audio novelty", ICME 2000), and a change of what a moment repeats, in the matrix of
recurrences over time lags (J. Serrà, M. Müller, P. Grosche, J. Arcos, "Unsupervised music structure annotation by time
series structure features and segment similarity", IEEE Trans. Multimedia 16, 2014).

Contrast needs but a band along the diagonal, so it grows with the length only. Repeats need every pair: of a long song
_MOST_PAIRED units are looked at, which are nearer to each other than what is smoothed over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

_CONTRAST_S = 8.0
"""Half the width of the kernel along the diagonal."""

_NEIGHBOURS = 0.04
"""Of all units: how many count as the same moment come back."""

_FOLLOWED_S = 4.0
"""A moment comes back where so much of what follows it does."""

_SMOOTH_S = 2.0
"""A bar and not its drum hits is compared."""

_MOST_PAIRED = 360
_SAMPLED = 200
"""Units whose distances tell how far two are apart that have little in common."""


def novelty_of(bark: Row, chroma: Row, unit_s: float) -> Row:
    """At the beginning of each unit, 0..2 [shape=(units,)].

    bark: in dB [shape=(units, 24)]; chroma: of length 1 or 0 [shape=(units, 12)].
    """
    width = max(1, round(_SMOOTH_S / unit_s))
    colour, harmony = _smoothed(bark - bark.mean(axis=0), width), _smoothed(chroma, width)
    middles = _middle(colour), _middle(harmony)
    contrast = _contrast(colour, harmony, middles, max(2, round(_CONTRAST_S / unit_s)))
    return _scaled(contrast) + _scaled(_changed_repeats(colour, harmony, middles, unit_s))


def _smoothed(rows: Row, width: int) -> Row:
    if width == 1:
        return rows
    padded = np.pad(rows, ((width // 2, width - 1 - width // 2), (0, 0)), mode="edge")
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(padded, axis=0)])
    smooth: Row = (sums[width:] - sums[:-width]) / width
    return smooth


def _scaled(values: Row) -> Row:
    top = float(values.max())
    return values / top if top > 0 else values


_Middles = tuple[float, float]


def _alike(colour: Row, harmony: Row, middles: _Middles) -> Row:
    """How alike two units are, 0..1, by the squares of how far apart they are in colour with level, and in harmony."""
    found: Row = np.exp(-(colour / middles[0] + 0.7 * harmony / middles[1]))
    return found


def _distances(rows: Row) -> Row:
    """Squared, of each pair [shape=(units, units)]."""
    squares = (rows**2).sum(axis=1)
    found: Row = np.maximum(squares[:, None] + squares[None] - 2 * rows @ rows.T, 0.0)
    return found


def _middle(rows: Row) -> float:
    """The middling squared distance of this sound; 1 where there is none."""
    middle = float(np.median(_distances(rows[_spread(rows.shape[0], _SAMPLED)])))
    return middle if middle > 0 else 1.0


def _spread(count: int, most: int) -> NDArray[np.intp]:
    """All of so many units, or `most` of them: at uneven steps, so that they fall on no one beat of the bar."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.intp)


def _contrast(colour: Row, harmony: Row, middles: _Middles, half: int) -> Row:
    """Like on both sides, unlike across, within `half` units [shape=(units,)]."""
    colour, harmony = _beyond(colour, half), _beyond(harmony, half)
    side = np.arange(-half, half) + 0.5
    taper = np.sign(side) * np.exp(-0.5 * (side / (0.5 * half)) ** 2)
    novelty = np.zeros(colour.shape[0] - 2 * half + 1)
    for lag in range(2 * half):
        ahead = colour.shape[0] - lag
        apart = [((rows[lag:] - rows[:ahead]) ** 2).sum(axis=1) for rows in (colour, harmony)]
        near = _alike(apart[0], apart[1], middles)
        kernel = taper[lag:] * taper[: taper.size - lag]
        novelty += (2 if lag else 1) * np.correlate(near, kernel, "valid")
    return np.maximum(novelty[:-1], 0.0)


def _beyond(rows: Row, units: int) -> Row:
    """So many units more at both ends, mirrored."""
    last = rows.shape[0] - 1
    at = np.arange(-units, last + 1 + units)
    at = last - np.abs(last - np.abs(at)) if last >= units else np.clip(at, 0, last)
    beyond: Row = rows[at]
    return beyond


def _changed_repeats(colour: Row, harmony: Row, middles: _Middles, unit_s: float) -> Row:
    """How much what a unit repeats changes from the one before [shape=(units,)]."""
    count = colour.shape[0]
    if count <= _MOST_PAIRED:
        return _steps(colour, harmony, middles, unit_s)
    taken = _spread(count, _MOST_PAIRED)
    steps = _steps(colour[taken], harmony[taken], middles, unit_s * count / _MOST_PAIRED)
    return np.interp(np.arange(count), taken, steps)


def _steps(colour: Row, harmony: Row, middles: _Middles, unit_s: float) -> Row:
    from scipy.ndimage import gaussian_filter

    near = _alike(_distances(colour), _distances(harmony), middles)
    follows = _diagonal(near, max(2, round(_FOLLOWED_S / unit_s)))
    keep = max(2, round(_NEIGHBOURS * near.shape[0]))
    limits = np.partition(follows, -keep, axis=1)[:, -keep][:, None]
    recurs = ((follows >= limits) & (follows >= limits.T)).astype(np.float64)
    widths = (max(1.0, _SMOOTH_S / unit_s), 1.0)
    smooth = gaussian_filter(_lagged(recurs), widths, mode=("nearest", "wrap"))
    steps: Row = np.sqrt((np.diff(smooth, axis=0) ** 2).sum(axis=1))
    return np.append(0.0, steps)


def _lagged(pairs: Row, back: bool = False) -> Row:
    """[i, j] -> [i, j - i]: diagonals become columns, and back again."""
    count = pairs.shape[0]
    twice = np.concatenate([pairs, pairs], axis=1)
    row, item = twice.strides
    if back:
        return np.lib.stride_tricks.as_strided(twice[:, count:], pairs.shape, (row - item, item))
    return np.lib.stride_tricks.as_strided(twice, pairs.shape, (row + item, item))


def _diagonal(near: Row, length: int) -> Row:
    """Means along the diagonals over `length` units around each pair: sequences instead of moments."""
    rows = _lagged(near)
    padded = np.pad(rows, ((length // 2 + 1, length - 1 - length // 2), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0)
    return _lagged((sums[length:] - sums[:-length]) / length, back=True)
