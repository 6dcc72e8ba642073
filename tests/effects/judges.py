"""Meters that share no code with the bridge: what the tests of this room believe."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
import soxr
from scipy.signal import resample_poly

from bridge.audio import Audio, Samples

_CONTEXT = 300
_PLACES = 40
_OVERSAMPLING = 16


def true_peak_dbtp(samples: Samples) -> float:
    """The worse of two readings at 16x: scipy's polyphase with a 128-tap Kaiser sinc, and libsoxr at its best.

    A 4x reading of everything (scipy's own filter) finds the highest places; 16x looks at 600 frames around each.
    """
    highest = 0.0
    for channel in samples.astype(np.float64):
        padded = np.pad(channel, 2 * _CONTEXT)
        for place in _highest_places(padded):
            highest = max(highest, _sixteen(padded[place - _CONTEXT : place + _CONTEXT]))
    return float(20 * np.log10(highest + 1e-30))


def _highest_places(channel: np.ndarray) -> list[int]:
    """Frames of the highest 4x values that are within 1 dB of the highest (4x reads at most 0.7 dB low)."""
    quick = np.abs(resample_poly(channel, 4, 1)).reshape(-1, 4).max(axis=1)
    quick[:_CONTEXT] = quick[-_CONTEXT:] = 0
    enough = 0.89 * quick.max()
    places: list[int] = []
    while len(places) < _PLACES:
        place = int(quick.argmax())
        if quick[place] < enough or quick[place] == 0:
            break
        places.append(place)
        quick[place - _CONTEXT // 3 : place + _CONTEXT // 3] = 0
    return places


def _sixteen(piece: np.ndarray) -> float:
    """Highest magnitude in the inner third of a piece."""
    half = 64 * _OVERSAMPLING
    at = np.arange(-half, half + 1) / _OVERSAMPLING
    taps = np.sinc(at) * np.kaiser(2 * half + 1, 9.0)
    inner = slice(_CONTEXT * _OVERSAMPLING * 2 // 3, _CONTEXT * _OVERSAMPLING * 4 // 3)
    polyphase = np.abs(resample_poly(piece, _OVERSAMPLING, 1, window=taps / taps.sum()))[inner]
    library = np.abs(soxr.resample(piece, 48000, 48000 * _OVERSAMPLING, "VHQ"))[inner]
    return float(max(polyphase.max(), library.max()))


def lufs(audio: Audio) -> float:
    """Integrated loudness by pyloudnorm with the exact filters; its channel order for five is L R C Ls Rs."""
    samples = np.delete(audio.samples, 3, axis=0) if audio.channels == 6 else audio.samples
    meter = pyloudnorm.Meter(audio.rate, filter_class="DeMan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of clipping, which is what the tests make
        return float(meter.integrated_loudness(samples.T.astype(np.float64)))


def response_db(samples: Samples, rate: int, frequency_hz: float) -> float:
    """Level in dB of an impulse response's first channel at a frequency, by the definition of the transform."""
    wave = np.exp(-2j * np.pi * frequency_hz * np.arange(samples.shape[1]) / rate)
    return float(20 * np.log10(abs(np.dot(samples[0].astype(np.float64), wave)) + 1e-30))


def si_sdr_db(clean: Samples, heard: Samples) -> float:
    """Scale-invariant signal to distortion ratio over all channels (Le Roux et al., ICASSP 2019, equation 5)."""
    clean, heard = clean.astype(np.float64), heard.astype(np.float64)
    wanted = np.sum(clean * heard) / np.sum(clean**2) * clean
    return float(10 * np.log10(np.sum(wanted**2) / (np.sum((heard - wanted) ** 2) + 1e-30)))
