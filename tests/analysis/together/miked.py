"""Sources, and what two microphones before one of them record."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.signals import music_like, rng

RATE = 48000

Wave = np.ndarray


def plucked(seed: int, seconds: float = 8.0) -> Wave:
    """Notes with decaying harmonics and a noisy pick, at random times and pitches [shape=(frames,)]."""
    generator = rng(seed)
    out = np.zeros(round(seconds * RATE))
    at = 0.1
    while at < seconds - 1.0:
        length = round(generator.uniform(0.3, 1.0) * RATE)
        t = np.arange(length) / RATE
        hz = 110 * 2 ** (generator.integers(0, 24) / 12)
        partials = sum(
            np.sin(2 * np.pi * k * hz * (1 + 1e-4 * k * k) * t + generator.uniform(0, 6)) / k
            for k in range(1, 15)
        )
        pick = generator.standard_normal(length) * np.exp(-150 * t)
        start = round(at * RATE)
        out[start : start + length] += (partials * np.exp(-4 * t) + pick)[: out.size - start]
        at += float(generator.choice([0.25, 0.5]))
    return 0.25 * out / np.abs(out).max()


def drums(seed: int, seconds: float = 8.0) -> Wave:
    """Hits of noise in random colours and a kick."""
    generator = rng(seed)
    out = music_like(seconds, seed=seed).samples[0] * 0.2
    for at in np.arange(0.2, seconds - 0.5, 0.25):
        length = round(0.2 * RATE)
        t = np.arange(length) / RATE
        start = round((at + generator.normal(0, 0.004)) * RATE)
        out[start : start + length] += (
            generator.uniform(0.1, 0.4) * generator.standard_normal(length) * np.exp(-25 * t)
        )
    return 0.5 * out / np.abs(out).max()


def late(wave: Wave, samples: float) -> Wave:
    """Exact delay by any fraction of a sample (a phase that falls with frequency)."""
    padded = np.pad(wave, (0, (1 << (wave.size + 4096).bit_length()) - wave.size))
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(padded.size) * samples)
    return np.fft.irfft(np.fft.rfft(padded) * turn, padded.size)[: wave.size]


def coloured(wave: Wave, generator: np.random.Generator) -> Wave:
    """What a microphone and its place do to the tone: random bells, a high-pass, a falling top; causal filters."""
    from scipy.signal import butter, iirpeak, lfilter, sosfilt

    edges = [generator.uniform(30, 90), generator.uniform(7000, 16000)]
    out = sosfilt(butter(1, edges, "bandpass", fs=RATE, output="sos"), wave)
    for _ in range(3):
        b, a = iirpeak(generator.uniform(200, 6000), generator.uniform(0.7, 2), fs=RATE)
        out = out + generator.uniform(-0.5, 1.0) * lfilter(b, a, out)
    return np.asarray(out)


def with_noise(wave: Wave, generator: np.random.Generator, down_db: float) -> Wave:
    rms = np.sqrt(np.mean(wave**2))
    return wave + rms * 10 ** (-down_db / 20) * generator.standard_normal(wave.size)


def with_bleed(wave: Wave, other: Wave, down_db: float) -> Wave:
    return wave + other * np.sqrt(np.mean(wave**2) / np.mean(other**2)) * 10 ** (-down_db / 20)


def two_microphones(
    source: Wave, neighbour: Wave, delay_samples: float, sign: int, generator: np.random.Generator
) -> tuple[Audio, Audio]:
    """Each with its own tone, its own noise 40 dB down and the neighbour 20 dB down, at another distance."""
    takes = []
    for shift, gain in ((0.0, 1.0), (delay_samples, sign * generator.uniform(0.4, 1.0))):
        take = gain * coloured(late(source, shift), generator)
        take = with_bleed(take, late(neighbour, generator.uniform(200, 900)), 20.0)
        takes.append(sound(with_noise(take, generator, 40.0)))
    return takes[0], takes[1]


def sound(wave: Wave) -> Audio:
    return Audio(wave[None].astype(np.float32), RATE)
