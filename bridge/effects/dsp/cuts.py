"""What a return or a loop loses at both ends of the spectrum."""

from __future__ import annotations

import numpy as np

from bridge.effects.dsp.biquad import BUTTERWORTH_2, Filter, high_pass, low_pass

_HIGHEST_OF_RATE = 0.45


def cuts(low_hz: float, high_hz: float, rate: int, channels: int) -> Filter:
    """12 dB an octave each, -3 dB at their frequencies; 0 is off, and so is a high one beyond what the rate holds."""
    sections = []
    if low_hz > 0:
        sections += [high_pass(min(low_hz, 0.2 * rate), q, rate) for q in BUTTERWORTH_2]
    if 0 < high_hz < _HIGHEST_OF_RATE * rate:
        sections += [low_pass(high_hz, q, rate) for q in BUTTERWORTH_2]
    return Filter(np.array(sections).reshape(-1, 6), channels)
