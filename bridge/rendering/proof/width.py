"""Side against mid where width is heard: above the bass, which is never widened unasked, each third octave alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.effects.processor import Sound

FROM_HZ = 180.0
"""Corner above which the width effect raises the side. Below, hardly any side reaches the ears as difference: they are
a fraction of a wave apart."""
_LEAST_DB, _FAINT_DB = -60.0, 50.0
_FFT = 4096


def width_db(sound: Sound, between_hz: tuple[float, float] | None = None) -> float | None:
    """Mean over third octaves from 180 Hz on, or between two frequencies, of side over mid in dB.

    -60 dB at least, of those bands within 50 dB of the loudest; None where there is no pair. Own measure: the reading
    side_to_mid is that of the loudest band, mostly the bass.
    """
    if sound.channels != 2:
        return None
    mid, side = _powers(sound)
    low_hz, high_hz = between_hz or (FROM_HZ, np.inf)
    hz = np.arange(mid.size) * sound.rate / _FFT
    inside = [
        (hz >= centre * 10**-0.05) & (hz < centre * 10**0.05)
        for centre in THIRD_OCTAVES_HZ
        if low_hz <= centre <= high_hz
    ]
    bands = np.array([(mid[at].sum(), side[at].sum()) for at in inside if at.any()])
    if not bands.size or not bands.sum() > 0:
        return None
    whole = bands.sum(axis=1)
    heard = bands[whole > whole.max() * 10 ** (-_FAINT_DB / 10)]
    with np.errstate(divide="ignore"):
        ratio = 10 * np.log10(heard[:, 1] / heard[:, 0])
    return float(np.clip(ratio, _LEAST_DB, -_LEAST_DB).mean())


def _powers(sound: Sound) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of mid and side [shape=(FFT // 2 + 1,) each]."""
    window, held = np.hanning(_FFT), np.zeros((2, 0))
    mid, side = np.zeros(_FFT // 2 + 1), np.zeros(_FFT // 2 + 1)
    for block in sound.blocks():
        held = np.concatenate([held, block.astype(np.float64)], axis=1)
        whole = held.shape[1] // _FFT * _FFT
        left, right = held[:, :whole].reshape(2, -1, _FFT) * window
        held = held[:, whole:]
        mid += (np.abs(np.fft.rfft(left + right)) ** 2).sum(axis=0)
        side += (np.abs(np.fft.rfft(left - right)) ** 2).sum(axis=0)
    return mid, side
