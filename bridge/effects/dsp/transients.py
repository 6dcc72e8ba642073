"""Onset and decay told apart by envelopes of different speed; ratios of envelopes do not know how loud a sound is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp.ballistics import Decay, OnePole
from bridge.effects.dsp.dynamics import linear
from bridge.effects.dsp.reduction import Reduction

Curve = NDArray[np.float64]

_FALL_MS = 60.0
"""How fast the quick envelope falls: no slower than a dry drum, and with a ripple of 1.2 dB at 30 Hz."""

_RISE_MS = 20.0
"""How slowly the lagging envelope rises. It is 6 dB short for 14 ms after an onset, and 2 dB for 32 ms."""

_REMEMBERED_MS = 1500.0
"""How slowly the remembered peak falls (5.8 dB a second): what falls faster is a decay, what does not is held."""

_ONSET_DB, _DECAY_DB = (2.0, 6.0), (1.5, 4.0)
"""Between envelopes: nothing below the first, so that ripple and vibrato do nothing; all of it above the second."""

_SMOOTH_MS = 0.6
LOOKAHEAD_MS = 2.0
"""Three times and a bit the smoothing: at the first peak 96 % of the gain is there."""


class Shaping:
    """Level in dBFS -> amplitude factor, frame by frame, state carried."""

    def __init__(self, attack_db: float, sustain_db: float, rate: int, done: Reduction) -> None:
        frames = rate / 1000
        self._attack_db, self._sustain_db = attack_db, sustain_db
        self._quick = Decay(_FALL_MS * frames)
        self._lagging = OnePole(_RISE_MS * frames)
        self._remembered = Decay(_REMEMBERED_MS * frames)
        self._smooth = OnePole(_SMOOTH_MS * frames)
        self._done = done

    def gain(self, level_db: Curve) -> Curve:
        quick = self._quick.run(linear(level_db))
        onset = _share(quick, self._lagging.run(quick), _ONSET_DB)
        decay = _share(self._remembered.run(quick), quick, _DECAY_DB) * (1.0 - onset)
        gain_db = self._smooth.run(self._attack_db * onset + self._sustain_db * decay)
        self._done.push(-gain_db)
        return linear(gain_db)


def _share(above: Curve, below: Curve, span_db: tuple[float, float]) -> Curve:
    """How far one envelope stands over the other, as 0 to 1."""
    apart_db = 20.0 * np.log10(np.maximum(above, 1e-10) / np.maximum(below, 1e-10))
    return np.asarray(np.clip((apart_db - span_db[0]) / (span_db[1] - span_db[0]), 0.0, 1.0), np.float64)
