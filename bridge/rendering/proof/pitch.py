"""How many cents one sound lies above another, by the lines of their long-term spectra."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.effects.processor import Sound

_LOWEST_HZ, _HIGHEST_HZ = 150.0, 5000.0
_STEP_CENTS = 2.0
_AROUND_CENTS = 80.0
_SMOOTH_CENTS = 300.0
"""Wider than a line and narrower than a formant: what is left are the lines, without the colour of the sound."""
_FFT = 32768
_ALIKE = 0.35
"""Correlation of the lines below which nothing was followed: noise and most drums have none."""


def shift_cents(source: Sound, result: Sound, near_cents: float) -> float | None:
    """The shift that lays the lines of `source` best over those of `result`, within 80 cents of `near_cents`; None
    where there are no lines to follow. Own measure: cross-correlation of whitened spectra over log frequency."""
    one, two = _spectrum(source), _spectrum(result)
    if one is None or two is None:
        return None
    axis = np.arange(np.log2(_LOWEST_HZ), np.log2(_HIGHEST_HZ), _STEP_CENTS / 1200)
    upper = _lines(two, result.rate, axis)
    lags = np.arange(-_AROUND_CENTS, _AROUND_CENTS + _STEP_CENTS, _STEP_CENTS) + near_cents
    alike = np.array([_alike(_lines(one, source.rate, axis - lag / 1200), upper) for lag in lags])
    best = int(np.argmax(alike))
    if alike[best] < _ALIKE or best in (0, len(lags) - 1):
        return None
    left, middle, right = alike[best - 1 : best + 2]
    bend = left - 2 * middle + right
    return float(lags[best] + (_STEP_CENTS * 0.5 * (left - right) / bend if bend else 0.0))


def _spectrum(sound: Sound) -> NDArray[np.float64] | None:
    """Mean power of half-overlapping frames [shape=(FFT // 2 + 1,)]; None for less than one frame or silence."""
    window = np.hanning(_FFT)
    total, held = np.zeros(_FFT // 2 + 1), np.zeros(0)
    for block in sound.blocks():
        held = np.concatenate([held, block.astype(np.float64).mean(axis=0)])
        while held.size >= _FFT:
            total += np.abs(np.fft.rfft(held[:_FFT] * window)) ** 2
            held = held[_FFT // 2 :]
    return total if total.max() > 0 else None


def _lines(power: NDArray[np.float64], rate: int, axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """What stands out of its surroundings at the frequencies `axis` (log2 of Hz), in dB over them."""
    hz = np.minimum(2.0**axis, rate / 2.1)
    level = 5 * np.log10(np.interp(hz, np.arange(power.size) * rate / _FFT, power) + power.max() * 1e-9)
    width = round(_SMOOTH_CENTS / _STEP_CENTS) | 1
    around = np.convolve(np.pad(level, width // 2, mode="edge"), np.ones(width) / width, mode="valid")
    return np.asarray(np.maximum(level - around, 0.0))


def _alike(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    one, two = one - one.mean(), two - two.mean()
    size = float(np.sqrt((one**2).sum() * (two**2).sum()))
    return float((one * two).sum()) / size if size > 0 else 0.0
