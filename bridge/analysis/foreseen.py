"""What a band of an equalizer will do to a spectrum: its curve, in closed form.

The analogue prototypes of R. Bristow-Johnson's Audio EQ Cookbook; below a quarter of the rate the digital filters
follow them.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
Shape = Literal["bell", "low_shelf", "high_shelf"]


def band_db(shape: Shape, at_hz: Curve, frequency_hz: float, gain_db: float, q: float) -> Curve:
    """Gain in dB at each of `at_hz`."""
    s = 1j * np.asarray(at_hz, np.float64) / frequency_hz
    a = 10.0 ** (gain_db / 40.0)
    if shape == "bell":
        response = (s * s + s * a / q + 1.0) / (s * s + s / (a * q) + 1.0)
    else:
        s = 1.0 / s if shape == "low_shelf" else s
        slope = s * np.sqrt(a) / q
        response = a * (a * s * s + slope + 1.0) / (s * s + slope + a)
    gain: Curve = 20.0 * np.log10(np.abs(response))
    return gain
