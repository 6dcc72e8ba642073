"""A narrow resonance: a room mode in the mids, a ringing stand, a bad microphone capsule."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.tone import bell, shaped, within

LEAST_RISE_DB = 6.0
"""What rings is heard where notes fall on it: a resonance that nothing excites is none to the ear (Toole and Olive,
"The modification of timbre by resonances", JAES 36, 1988)."""

_TAKES = 16


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """A bell of 10 to 15 dB with q 6 to 24, at least 30 Hz wide, from 250 Hz to 5 kHz, drawn anew until in half of the
    moments the ear's band about it holds twice the amplitude and more."""
    for _ in range(_TAKES):
        q = 2 ** generator.uniform(np.log2(6), np.log2(24))
        centre_hz = 2 ** generator.uniform(np.log2(max(250, 30 * q)), np.log2(5000))
        spoilt = shaped(audio, bell(centre_hz, generator.uniform(10, 15), q))
        if rise_db(audio, spoilt, centre_hz) >= LEAST_RISE_DB:
            break
    return within(spoilt)


def rise_db(before: Audio, after: Audio, centre_hz: float) -> float:
    """By how much the equivalent rectangular band about `centre_hz` (Glasberg and Moore, 1990) holds more: the median
    over moments of 170 ms, those 40 dB below the loudest left out."""
    from scipy.fft import rfft

    length = round(0.17 * before.rate)
    half = 24.7 * (4.37 * centre_hz / 1000 + 1) / 2
    low, high = (int((centre_hz + side * half) * length / before.rate) for side in (-1, 1))
    bands = []
    for audio in (before, after):
        whole = audio.samples[:, : audio.frames // length * length].reshape(audio.channels, -1, length)
        power = (np.abs(rfft(whole * np.hanning(length).astype(np.float32))) ** 2).sum(axis=0)
        bands.append(power[:, low : high + 1].sum(axis=1) + 1e-9)
        total = power.sum(axis=1)
    heard = total > total.max() * 1e-4
    return float(np.median(10 * np.log10(bands[1] / bands[0])[heard]))
