"""dB, time and bandwidth of single numbers. Arrays of levels are reckoned where they lie, in one numpy expression."""

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


def octaves_from_q(q: float) -> float:
    """Bandwidth of a bell in octaves, between its half-gain points.

    R. Bristow-Johnson's Audio EQ Cookbook, analogue: 1/Q = 2 sinh(ln 2 / 2 * BW).
    """
    return 2 / math.log(2) * math.asinh(1 / (2 * q))


def frames_from_ms(ms: float, rate: int) -> int:
    """Whole frames nearest to a time in milliseconds at `rate` Hz."""
    return round(ms * rate / 1000.0)


def frames_from_s(seconds: float, rate: int) -> int:
    """Whole frames nearest to a time in seconds at `rate` Hz."""
    return round(seconds * rate)


_NOMINAL = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)


def third_octave_in_words(hz: float) -> str:
    """The third octave around a frequency by its nominal centre: 12589.3 Hz is "12.5 kHz" (IEC 61260-1, annex E)."""
    decade, place = divmod(round(10.0 * math.log10(hz)), 10)
    nominal = _NOMINAL[place] * 10.0**decade
    return f"{nominal / 1000.0:g} kHz" if nominal >= 1000.0 else f"{nominal:g} Hz"
