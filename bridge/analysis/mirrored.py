"""Whether left and right are swapped against a reference: one file alone cannot tell, two of the same music can."""

from __future__ import annotations

import numpy as np

from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis

_FEWEST_BANDS = 8
_LEAST_DB = 1.0
"""Where no band leans by this much there is no left and right to swap."""

_OPPOSED = -0.7


def mirrored(analysis: Analysis, reference: Analysis) -> float | None:
    """Correlation of how the third octaves lean to the sides, both sounds: near 1 the same picture, near -1 its mirror.

    None where one of them is mono, or leans nowhere.
    """
    pairs = [
        (one, other)
        for one, other in zip(_leaning(analysis), _leaning(reference), strict=False)
        if one is not None and other is not None
    ]
    if len(pairs) < _FEWEST_BANDS:
        return None
    own, others = np.clip(np.array(pairs).T, -12.0, 12.0)
    if min(_swing(own), _swing(others)) < _LEAST_DB:
        return None
    return float((own * others).sum() / np.sqrt((own**2).sum() * (others**2).sum()))


def _leaning(analysis: Analysis) -> list[float | None]:
    found: list[float | None] = analysis.curves.get("panorama", {}).get("right_over_left_db", [])
    return found


def _swing(leaning: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.sqrt(np.mean(leaning**2)))


def swapped_channels(analysis: Analysis, reference: Analysis) -> Finding | None:
    """A finding where the picture is the mirror of the reference's: for takes and versions of one piece."""
    alike = mirrored(analysis, reference)
    if alike is None or alike > _OPPOSED:
        return None
    return Finding(
        "swapped_channels",
        "balance",
        analysis.number("balance"),
        "the sides of the reference",
        "warning",
        "What the reference has on the left stands on the right here, and the other way round: if both are the same "
        f"piece, left and right are swapped (likeness {alike:+.2f}). Swap them in your DAW.",
    )
