"""Lossy or low-rate origin: encoded at a low rate and decoded again, or converted up from a lower rate."""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr

from bridge.audio import Audio

_LOWER_RATES = (16000, 22050, 24000, 32000)


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """MP3 at 96 to 160 kbit/s (walls at 15 to 17.5 kHz), or a round trip over 16 to 32 kHz, on a dithered 16-bit grid.

    The mix is made as bright as modern pop first where it is darker: 12 dB an octave above 8 kHz at most. Where nothing
    sounds up there nothing is lost, and nobody could tell.
    """
    wave = _bright(audio)
    if generator.uniform() < 0.6:
        wave = _through_mp3(wave, audio.rate, float(generator.uniform(0.55, 0.78)))
    else:
        lower = int(generator.choice(_LOWER_RATES))
        wave = soxr.resample(soxr.resample(wave, audio.rate, lower), lower, audio.rate)
    wave = wave[: audio.frames]
    dither = (generator.random(wave.shape) - generator.random(wave.shape)) * 2.0**-15
    grid = np.round((np.clip(wave, -0.999, 0.999) + dither) * 2**15) / 2**15
    return Audio(np.ascontiguousarray(grid.T.astype(np.float32)), audio.rate)


def _bright(audio: Audio) -> np.ndarray:
    """[shape=(frames, channels)] Third octaves above 8 kHz raised to 12 dB an octave below that at 8 kHz."""
    spectrum = np.fft.rfft(audio.samples.astype(np.float64), axis=1)
    hz = np.fft.rfftfreq(audio.frames, 1 / audio.rate)
    power = (np.abs(spectrum) ** 2).sum(axis=0)
    gain = np.ones(hz.size)
    at_8k = power[(hz > 7000) & (hz < 9000)].mean()
    for low in 8000 * 2 ** (np.arange(5) / 3):
        band = (hz >= low) & (hz < low * 2 ** (1 / 3))
        if band.any() and power[band].mean() > 0:
            wanted = at_8k * (low / 8000) ** -4
            gain[band] = max(1.0, min(30.0, (wanted / power[band].mean()) ** 0.5))
    wave = np.fft.irfft(spectrum * gain, audio.frames, axis=1).T
    return wave * min(1.0, 0.9 / np.abs(wave).max())


def _through_mp3(wave: np.ndarray, rate: int, level: float) -> np.ndarray:
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", rate, 2, "MPEG_LAYER_III", format="MP3", bitrate_mode="CONSTANT", compression_level=level
    ) as out:
        out.write(wave)
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float64", always_2d=True)
    return decoded
