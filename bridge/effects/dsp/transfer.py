"""Static curves of dynamics: level in, change of level out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]


def compression_db(level_db: Curve, threshold_db: float, ratio: float, knee_db: float) -> Curve:
    """Reduction in dB, at least 0, of a compressor with a quadratic knee (Giannoulis et al. 2012, equation 4)."""
    over = level_db - threshold_db
    bent = np.maximum(over, 0.0)
    if knee_db > 0:
        inside = np.abs(over) < knee_db / 2
        bent[inside] = (over[inside] + knee_db / 2) ** 2 / (2 * knee_db)
    return np.asarray(bent * (1.0 - 1.0 / ratio), np.float64)


def expansion_db(level_db: Curve, threshold_db: float | Curve, ratio: float, range_db: float) -> Curve:
    """Reduction in dB of a downward expander: each dB under the threshold becomes `ratio` dB, at most `range_db`."""
    under = np.maximum(threshold_db - level_db, 0.0)
    return np.asarray(np.minimum(under * (ratio - 1.0), range_db), np.float64)


def upward_db(level_db: Curve, threshold_db: float, ratio: float, most_db: float) -> Curve:
    """Gain in dB, at least 0, of an upward compressor: each dB under the threshold becomes 1/ratio, by `most_db`."""
    under = np.maximum(threshold_db - level_db, 0.0)
    return np.asarray(np.minimum(under * (1.0 - 1.0 / ratio), most_db), np.float64)
