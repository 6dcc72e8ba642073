"""Amplitudes to dB where a value is promised."""

from __future__ import annotations

from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.units import db_from_gain


def decibels(amplitude: float) -> float:
    """dB of an amplitude; Unmeasurable for 0."""
    level = db_from_gain(amplitude)
    if level is None:
        raise Unmeasurable(SILENCE)
    return level
