"""Key from pitch classes: the profile that fits best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.unmeasurable import Unmeasurable

PITCHES = ("A", "A#", "B", "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#")

_MAJOR = (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4)
_MINOR = (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2)
"""I. Sha'ath, "Estimation of key in digital music recordings" (2011), profiles from the tonic upwards."""

_LEAST = 0.3


@dataclass(frozen=True)
class Key:
    """name: "A minor". confidence 0..1: correlation with the profile times how clearly it beats the next key.
    second: the next best key. tuning_cents: of A against 440 Hz."""

    name: str
    confidence: float
    second: str
    tuning_cents: float


def key_of(classes: NDArray[np.float64], tuning_cents: float) -> Key:
    """classes [shape=(12,)] from A on. Raises Unmeasurable where no key fits."""
    if not np.ptp(classes) > 1e-6:
        raise Unmeasurable("no pitch stands out")
    fits = sorted(
        (
            (float(np.corrcoef(np.roll(profile, tonic), classes)[0, 1]), f"{PITCHES[tonic]} {mode}")
            for mode, profile in (("major", _MAJOR), ("minor", _MINOR))
            for tonic in range(12)
        ),
        reverse=True,
    )
    (best, name), (next_best, second) = fits[0], fits[1]
    if best < _LEAST:
        raise Unmeasurable("no key fits")
    clear = min(1.0, 0.5 + 5.0 * (best - next_best))
    return Key(name, max(0.0, best) * clear, second, tuning_cents)
