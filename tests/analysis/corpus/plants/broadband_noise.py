"""Hiss of tape, of a preamplifier or of a noisy room, steady from end to end."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Noise 25 to 45 dB below the sound's RMS, white or falling by up to 3 dB an octave, the same or not in both sides.

    From 45 dB down it is heard in every pause (a compact cassette has 50); 25 dB is a broken recording.
    """
    rms_db = 20 * np.log10(np.sqrt(np.mean(audio.samples.astype(np.float64) ** 2)))
    level_db = rms_db - generator.uniform(25.0, 45.0)
    rows = 1 if generator.uniform() < 0.3 else audio.channels
    spectrum = np.fft.rfft(generator.standard_normal((rows, audio.frames)))
    hz = np.maximum(np.fft.rfftfreq(audio.frames, 1 / audio.rate), 20.0)
    noise = np.fft.irfft(spectrum * (hz / 1000.0) ** -generator.uniform(0.0, 0.5), audio.frames)
    noise *= 10 ** (level_db / 20) / np.sqrt(np.mean(noise**2))
    return Audio((audio.samples + noise).astype(np.float32), audio.rate)
