"""How much of an effect there is: which of its numbers say so, and what they are at more or less of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bridge.effects import BY_NAME
from bridge.planning.given import Given
from bridge.planning.intent import Intent
from bridge.planning.more_compression import pressed
from bridge.planning.polarity import STRONGEST

_DOSE = {
    "reverb": ("mix",), "convolution_reverb": ("mix",), "delay": ("mix",), "chorus": ("mix",), "flanger": ("mix",),
    "phaser": ("mix",), "tremolo": ("depth",), "saturation": ("drive_db",), "enhancer": ("harmonics_db",),
    "compressor": ("ratio",), "multiband_compressor": ("ratio",), "de_esser": ("amount_db",),
    "denoise": ("amount_db",), "gate": ("range_db",), "transient_shaper": ("attack_db", "sustain_db"),
    "stereo_width": ("width",), "pan": ("position",), "time_stretch": ("speed",), "pitch_shift": ("semitones",),
    "pitch_corrector": ("strength",), "gain": ("gain_db",), "loudness": ("target_lufs",),
}  # fmt: skip
"""By effect: the numbers that are more where there is more of it."""
_WITH_THEM = ("mix", "gain_db", "drive_db", "feedback")
"""Grow beside those where the user said them."""
NONE_OF_IT = {"ratio": 1.0, "width": 1.0, "speed": 1.0}
"""Where a number says that nothing is done; the others do so at 0."""
_IN_STEPS = ("target_lufs", "harmonics_db")
"""Levels whose 0 means nothing here: they move by decibels."""

if not set(_DOSE) <= set(BY_NAME):
    raise TypeError("doses are those of effects")


def times(intent: Intent, factor: float) -> Intent:
    """The wish with its amount and the said numbers that carry an amount scaled."""
    if intent.operation == "effect" and intent.subject == "compressor" and "mix" not in intent.given:
        return pressed(intent, factor)
    carry = _WITH_THEM if intent.subject == "compressor" else (*_WITH_THEM, *_DOSE.get(intent.subject, ()))
    given = {
        name: scaled(name, value, factor) if name in carry and isinstance(value, float) else value
        for name, value in intent.given.items()
    }
    amount = max(-STRONGEST, min(STRONGEST, round(intent.amount * factor, 3)))
    return intent.model_copy(update={"amount": amount, "given": given})


def scaled(name: str, value: float, factor: float) -> float:
    """A number at `factor` times as much of the effect; a half moves a level 3 dB, one and a half 1.8 dB."""
    if name in _IN_STEPS:
        return round(value + 10 * math.log10(max(0.01, factor)), 2)
    none = NONE_OF_IT.get(name, 0.0)
    return round(none + (value - none) * factor, 3)


def at_another_dose(effect: str, parameters: Mapping[str, object], factor: float) -> Given:
    """The numbers of a step at `factor` times as much of it; none where it has no such numbers or they are at rest."""
    made: Given = {}
    for name in _DOSE.get(effect, ()):
        value = parameters.get(name)
        if isinstance(value, (int, float)) and value != NONE_OF_IT.get(name, 0.0):
            made[name] = scaled(name, float(value), factor)
    return made
