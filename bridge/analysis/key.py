"""Key from pitch classes: the profile that fits best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.unmeasurable import Unmeasurable

TONICS = {
    "major": ("A", "Bb", "B", "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab"),
    "minor": ("A", "Bb", "B", "C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#"),
}
"""From A upwards, as keys are usually written: the spelling with fewer accidentals."""

_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""J. Albrecht and D. Shanahan, "The use of large corpora to train a new type of key-finding algorithm" (Music
Perception 31, 2013), from the tonic upwards."""

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
            (float(np.corrcoef(np.roll(profile, tonic), classes)[0, 1]), f"{TONICS[mode][tonic]} {mode}")
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
