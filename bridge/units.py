"""dB arithmetic and musical units; the only place where 20·log10 stands."""

from __future__ import annotations

import math


def gain_from_db(db: float) -> float:
    """Amplitude factor of a level change in dB: 0 dB is 1.0, -6.02 dB is 0.5."""
    return float(10.0 ** (db / 20.0))


def db_from_gain(gain: float) -> float | None:
    """Level in dB of an amplitude factor; None for 0 or less, which has no level."""
    return 20.0 * math.log10(gain) if gain > 0 else None


def db_from_power(power: float) -> float | None:
    """Level in dB of a power (mean square); None for 0 or less."""
    return 10.0 * math.log10(power) if power > 0 else None


def power_from_db(db: float) -> float:
    """Mean square of a level in dB."""
    return float(10.0 ** (db / 10.0))


def frames_from_ms(ms: float, rate: int) -> int:
    """Whole frames nearest to a time in milliseconds at `rate` Hz."""
    return round(ms * rate / 1000.0)


def frames_from_s(seconds: float, rate: int) -> int:
    """Whole frames nearest to a time in seconds at `rate` Hz."""
    return round(seconds * rate)


def ratio_from_semitones(semitones: float) -> float:
    """Frequency ratio of an interval in equal temperament: 12 semitones are 2.0."""
    return float(2.0 ** (semitones / 12.0))


def octaves_between(low_hz: float, high_hz: float) -> float:
    """Octaves from `low_hz` up to `high_hz`."""
    return math.log2(high_hz / low_hz)
