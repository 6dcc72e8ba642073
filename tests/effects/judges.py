"""Meters that share no code with the bridge: what the tests of this room believe."""

from __future__ import annotations

import warnings

import numpy as np
import pyloudnorm
import soxr
from scipy.signal import resample_poly

from bridge.audio import Audio, Samples


def true_peak_dbtp(samples: Samples, oversampling: int = 16) -> float:
    """The worse of two readings at 16x: scipy's polyphase with a 128-tap Kaiser sinc, and libsoxr at its best."""
    padded = np.pad(samples.astype(np.float64), ((0, 0), (2000, 2000)))
    half = 64 * oversampling
    at = np.arange(-half, half + 1) / oversampling
    taps = np.sinc(at) * np.kaiser(2 * half + 1, 9.0)
    polyphase = np.abs(resample_poly(padded, oversampling, 1, axis=1, window=taps / taps.sum())).max()
    library = np.abs(soxr.resample(padded.T, 48000, 48000 * oversampling, "VHQ")).max()
    return float(20 * np.log10(max(polyphase, library) + 1e-30))


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
