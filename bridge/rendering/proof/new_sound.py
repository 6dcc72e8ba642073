"""How much of a result no filter of its source gives: harmonics and what else saturation makes anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bridge.effects.processor import Sound

_FFT = 4096
_LEAST_FRAMES = 16
"""Fewer say little: a line through two points always fits."""


def new_percent(source: Sound, result: Sound) -> float | None:
    """Amplitude of what is not coherent with the source over all of the result, in per cent, up to 16 kHz, of the mid;
    as THD+N is, but of the sound itself. None for less than 16 frames or silence. Magnitude-squared coherence: J. S.
    Bendat, A. G. Piersol, "Random Data", 4th ed. 2010, section 6.1; its bias at full coherence is 0."""
    cross = np.zeros(_FFT // 2 + 1, np.complex128)
    one, two = np.zeros(_FFT // 2 + 1), np.zeros(_FFT // 2 + 1)
    count = 0
    for before, after in zip(_frames(source), _frames(result), strict=False):
        cross += np.conj(before) * after
        one += np.abs(before) ** 2
        two += np.abs(after) ** 2
        count += 1
    hz = np.arange(one.size) * source.rate / _FFT
    inside = (hz > 20.0) & (hz < 16000.0) & (one > one.max() * 1e-12)
    if count < _LEAST_FRAMES or not two[inside].sum() > 0:
        return None
    explained = np.abs(cross[inside]) ** 2 / one[inside]
    new = np.maximum(two[inside] - explained, 0.0).sum()
    return float(100 * np.sqrt(new / two[inside].sum()))


def _frames(sound: Sound) -> Iterator[NDArray[np.complex128]]:
    """Spectra of half-overlapping frames of the mid [shape=(FFT // 2 + 1,)]."""
    window, held = np.hanning(_FFT), np.zeros(0)
    for block in sound.blocks():
        held = np.concatenate([held, block.astype(np.float64).mean(axis=0)])
        while held.size >= _FFT:
            yield np.fft.rfft(held[:_FFT] * window)
            held = held[_FFT // 2 :]
