"""Where a voice says s: hiss that stands out of the voice, told apart from its vowels whatever the level is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp.ballistics import AttackRelease, Decay, OnePole
from bridge.effects.dsp.dynamics import linear

Wave = NDArray[np.float64]

VOICE_HZ = (200.0, 3700.0)
"""As the metric `sibilance` has it."""

_FAST_MS, _VOICE_MS, _REMEMBERED_MS = 3.0, 12.0, 1500.0
"""The hiss, the voice at this moment, and how long the voice is remembered: longer than from a vowel to the next."""

_OVER_THE_MOMENT_DB = -3.0
"""In an s the voice itself falls silent; in a bright vowel the voice stays well above the hiss."""

_STEEPNESS = 2.0
"""dB of reduction for each dB over the threshold: nearly a switch, and yet no click."""

_ATTACK_MS, _RELEASE_MS = 1.0, 25.0


def between(at_hz: Wave, low_hz: float, high_hz: float, order: int = 8) -> Wave:
    """Magnitude of a band [shape as `at_hz`]; half at both edges."""
    at = np.maximum(at_hz, 1e-3)
    return np.asarray(1.0 / (1.0 + (low_hz / at) ** order) / (1.0 + (at / high_hz) ** order), np.float64)


def above(at_hz: Wave, edge_hz: float, order: int = 8) -> Wave:
    """Magnitude of what lies above an edge [shape as `at_hz`]; half at the edge."""
    return np.asarray(1.0 / (1.0 + (edge_hz / np.maximum(at_hz, 1e-3)) ** order), np.float64)


class Sibilants:
    """Gains of a de-esser; hears the bands: what is turned, the hiss, the voice."""

    def __init__(self, threshold_db: float, most_db: float, rate: int) -> None:
        """threshold_db: of the hiss against the voice remembered. most_db: by how much an s is turned down."""
        frames = rate / 1000
        self._threshold, self._most = threshold_db, most_db
        self._hiss = OnePole(_FAST_MS * frames)
        self._voice = OnePole(_VOICE_MS * frames)
        self._remembered = Decay(_REMEMBERED_MS * frames)
        self._ballistics = AttackRelease(_ATTACK_MS, _RELEASE_MS, rate)

    def gains(self, bands: list[Wave]) -> tuple[Wave, Wave]:
        """[shape=(channels, frames)] each -> amplitude factors and reduction in dB [shape=(1, frames)]."""
        hiss = self._hiss.run(np.square(bands[1]).max(axis=0))
        voice = self._voice.run(np.square(bands[2]).max(axis=0))
        remembered = self._remembered.run(np.maximum(voice, 1e-20))
        over = _db(hiss) - np.maximum(_db(remembered) + self._threshold, _db(voice) + _OVER_THE_MOMENT_DB)
        asked = np.clip(_STEEPNESS * over, 0.0, self._most)
        asked[hiss < 1e-12] = 0.0  # under -120 dBFS there is nothing to hear
        reduction = self._ballistics.run(asked)[None]
        return linear(-reduction), reduction


def _db(power: Wave) -> Wave:
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-20)), np.float64)
