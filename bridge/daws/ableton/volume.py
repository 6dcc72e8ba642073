"""Live's faders, of which AbletonOSC tells a number of 0 to 1 and no display.

Above 0.4 the number is linear in dB, with 0.85 at 0 dB and 1 at +6 dB (several public remote scripts agree on it);
below it is not, so a fader there is neither read nor set through AbletonOSC. dawbridge's own script asks the display.
"""

from __future__ import annotations

LOWEST_DB, HIGHEST_DB = -18.0, 6.0


def decibels(value: float) -> float | None:
    """None where the curve is not known."""
    return 40 * value - 34 if value >= 0.4 - 1e-6 else None


def fader(gain_db: float) -> float:
    return min(1.0, max(0.4, (gain_db + 34) / 40))
