"""Channel by channel, as data: levels, what lies above the bass, overs; and to which side each band leans."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.passes import Passes
from bridge.analysis.passes.overs import LOWEST
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.analysis.unmeasurable import Unmeasurable

_BASS_HZ = 250.0
"""An LFE is low-passed at 120 Hz; twice that leaves room for any filter."""

_FAINT = 1e-8


def channels(passes: Passes) -> dict[str, Any]:
    """For each channel: RMS in dBFS, power above 250 Hz against all of its own in dB (None where it is silent), and
    in how many stretches of 10 ms it stands over 0 and over -1 dBTP between its samples."""
    levels = passes.levels.power()
    spectrum = passes.spectrum
    highs = [spectrum.between(row, _BASS_HZ, passes.stream.nyquist_hz) for row in spectrum.power]
    wholes = [spectrum.between(row, 0.0, passes.stream.nyquist_hz) for row in spectrum.power]
    return {
        "rms_dbfs": _decibels(levels, np.ones(levels.size)),
        "above_250_hz_db": _decibels(np.array(highs), np.array(wholes)),
        "over_0_dbtp": passes.overs.over(1.0).sum(axis=1).tolist(),
        "over_minus_1_dbtp": passes.overs.over(LOWEST).sum(axis=1).tolist(),
    }


def panorama(passes: Passes) -> dict[str, Any]:
    """How much louder the right side is than the left in each third octave, in dB; None where neither sounds."""
    if passes.stream.channels < 2:
        raise Unmeasurable("mono")
    total, spectrum = passes.spectrum.total(), passes.spectrum
    centres = [hz for hz in THIRD_OCTAVES_HZ if hz * 10**0.05 <= passes.stream.nyquist_hz]
    sides = np.array(
        [
            [spectrum.between(spectrum.power[side], hz * 10**-0.05, hz * 10**0.05) for hz in centres]
            for side in (0, 1)
        ]
    )
    heard = sides.min(axis=0) > _FAINT * float(total.sum()) if centres else np.zeros(0, np.bool_)
    leaning = _decibels(sides[1], sides[0]) if centres else []
    return {
        "centre_hz": [round(hz, 1) for hz in centres],
        "right_over_left_db": [db if loud else None for db, loud in zip(leaning, heard, strict=True)],
    }


def _decibels(powers: NDArray[np.float64], against: NDArray[np.float64]) -> list[float | None]:
    return [
        round(10.0 * float(np.log10(power / other)), 2) if power > 0.0 and other > 0.0 else None
        for power, other in zip(powers, against, strict=True)
    ]
