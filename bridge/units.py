"""dB and time of single numbers. Arrays of levels are reckoned where they lie, in one expression of numpy."""

from __future__ import annotations

import math


def gain_from_db(db: float) -> float:
    """Amplitude factor of a level change in dB: 0 dB is 1.0, -6.02 dB is 0.5."""
    return float(10.0 ** (db / 20.0))


def db_from_gain(gain: float) -> float | None:
    """Level in dB of an amplitude factor; None for 0 or less, which has no level."""
    return 20.0 * math.log10(gain) if gain > 0 else None


def power_from_db(db: float) -> float:
    """Mean square of a level in dB."""
    return float(10.0 ** (db / 10.0))


def frames_from_ms(ms: float, rate: int) -> int:
    """Whole frames nearest to a time in milliseconds at `rate` Hz."""
    return round(ms * rate / 1000.0)


def frames_from_s(seconds: float, rate: int) -> int:
    """Whole frames nearest to a time in seconds at `rate` Hz."""
    return round(seconds * rate)
