"""Sounds with known truth, made and not stored. Everything random comes from a seeded generator."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def rng(seed: int = 440) -> np.random.Generator:
    return np.random.default_rng(seed)


def sine(
    frequency_hz: float,
    level_dbfs: float,
    seconds: float,
    rate: int = 48000,
    channels: int = 2,
    phase_deg: float = 0.0,
) -> Audio:
    """A sine on all channels; `level_dbfs` is its peak: 0 dBFS has amplitude 1.0."""
    t = np.arange(round(seconds * rate)) / rate
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency_hz * t + np.deg2rad(phase_deg))
    return Audio(np.tile(wave.astype(np.float32), (channels, 1)), rate)


def white(
    level_dbfs_rms: float, seconds: float, rate: int = 48000, channels: int = 2, seed: int = 440
) -> Audio:
    """Gaussian white noise, independent in each channel."""
    noise = rng(seed).standard_normal((channels, round(seconds * rate)))
    return Audio((noise * 10 ** (level_dbfs_rms / 20)).astype(np.float32), rate)


def pink(
    level_dbfs_rms: float, seconds: float, rate: int = 48000, channels: int = 2, seed: int = 440
) -> Audio:
    """Noise that falls 3 dB an octave above 20 Hz, independent in each channel."""
    frames = round(seconds * rate)
    spectrum = np.fft.rfft(rng(seed).standard_normal((channels, frames)))
    frequency = np.maximum(np.fft.rfftfreq(frames, 1 / rate), 20.0)
    noise = np.fft.irfft(spectrum / np.sqrt(frequency), frames)
    noise *= 10 ** (level_dbfs_rms / 20) / np.sqrt(np.mean(noise**2))
    return Audio(noise.astype(np.float32), rate)


def silence(seconds: float, rate: int = 48000, channels: int = 2) -> Audio:
    return Audio(np.zeros((channels, round(seconds * rate)), np.float32), rate)


def music_like(seconds: float, rate: int = 48000, level_dbfs_peak: float = -3.0, seed: int = 440) -> Audio:
    """Stereo: a kick on every half second, a bass line, chords panned apart and a noisy hat; dense and lively."""
    generator = rng(seed)
    frames = round(seconds * rate)
    t = np.arange(frames) / rate
    beat = t % 0.5
    kick = np.sin(2 * np.pi * (50 * beat + 8 * (1 - np.exp(-30 * beat)))) * np.exp(-9 * beat)
    bass = 0.5 * np.sin(2 * np.pi * np.choose((t // 2).astype(int) % 4, [55.0, 65.41, 73.42, 49.0]) * t)
    left = sum(0.15 * np.sin(2 * np.pi * f * t) for f in (220.0, 277.18, 659.26))
    right = sum(0.15 * np.sin(2 * np.pi * f * t) for f in (329.63, 440.0, 554.37))
    hat = 0.12 * generator.standard_normal((2, frames)) * np.exp(-40 * (t % 0.25))
    mix = np.stack([kick + bass + left, kick + bass + right]) + hat
    return Audio((mix / np.abs(mix).max() * 10 ** (level_dbfs_peak / 20)).astype(np.float32), rate)
