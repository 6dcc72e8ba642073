"""Signals on which loudness chains and limiters fail, each with its name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bridge.audio import Audio
from tests import signals

Make = Callable[[], Audio]


def _audio(samples: np.ndarray, rate: int = 48000) -> Audio:
    return Audio(np.atleast_2d(samples).astype(np.float32), rate)


def _time(seconds: float, rate: int = 48000) -> np.ndarray:
    return np.arange(round(seconds * rate)) / rate


def quarter_rate_bursts(seconds: float = 6.0, rate: int = 48000) -> Audio:
    """fs/4 at 45 degrees: samples at -3 dB of the wave between them; 20 ms bursts at 5 Hz."""
    n = np.arange(round(seconds * rate))
    wave = np.sin(np.pi / 2 * n + np.pi / 4) * ((n / rate * 5) % 1 < 0.1)
    return _audio(np.stack([wave, wave]), rate)


def alternating_bursts(seconds: float = 6.0) -> Audio:
    """++-- patterns with a phase jump: the worst inter-sample peaks of full-scale samples, up to +6 dB."""
    wave = np.tile([1.0, 1.0, -1.0, -1.0], round(seconds * 48000) // 4)
    jump = np.concatenate([wave[:24], -wave[:24]])
    wave[::1] *= 0.05
    for start in range(2400, len(wave) - 48, 12000):
        wave[start : start + 48] = jump
    return _audio(np.stack([wave, -wave]))


def clicks(seconds: float = 8.0, spacing_s: float = 0.5) -> Audio:
    """Single decaying clicks over a quiet bed: all crest, little loudness."""
    t = _time(seconds)
    phase = t % spacing_s
    bed = signals.pink(-50, seconds).samples
    return _audio(bed + 0.9 * np.exp(-phase * 400) * np.sin(2 * np.pi * 2000 * phase))


def drums(seconds: float = 8.0, rate: int = 48000) -> Audio:
    """Kick and snare hits with silence between them."""
    t = _time(seconds, rate)
    kick = np.sin(2 * np.pi * 55 * (t % 1.0)) * np.exp(-12 * (t % 1.0))
    noise = signals.rng(3).standard_normal(len(t))
    snare = 0.7 * noise * np.exp(-25 * ((t + 0.5) % 1.0))
    return _audio(np.stack([kick + snare, kick + 0.8 * snare]) * 0.6, rate)


def speech_like(seconds: float = 8.0, rate: int = 48000, level: float = 0.5) -> Audio:
    """Harmonics of 120 Hz under syllables and pauses, mono."""
    t = _time(seconds, rate)
    voice = sum(np.sin(2 * np.pi * 120 * k * t + k) / k for k in range(1, 24) if 120 * k < rate * 0.45)
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * t), 0, 1) * ((t % 4) < 3)
    return _audio(level * voice * syllables / np.abs(voice).max(), rate)


def surround(seconds: float = 4.0) -> Audio:
    music = signals.music_like(seconds).samples
    centre = speech_like(seconds).samples[0]
    lfe = 0.5 * np.sin(2 * np.pi * 40 * _time(seconds))
    rear = signals.pink(-30, seconds).samples
    return _audio(np.stack([music[0], music[1], centre, lfe, rear[0], rear[1]]))


def _square(frequency: float = 97.0, level: float = 1.0) -> Audio:
    return _audio(level * np.sign(np.sin(2 * np.pi * frequency * _time(6.0)))[None].repeat(2, axis=0))


def _sweep() -> Audio:
    t = _time(5.0)
    return _audio(0.8 * np.sin(2 * np.pi * 20 * 5 / np.log(1000) * (1000 ** (t / 5) - 1)))


def _swell() -> Audio:
    music = signals.music_like(5.0).samples
    return _audio(music * np.linspace(0.01, 1.0, music.shape[1]) ** 2)


def _one_loud_hit() -> Audio:
    music = 0.1 * signals.music_like(6.0).samples
    music[:, 200_000:200_400] *= 10
    return _audio(music)


def _tone(frequency: float, level: float = 0.5, rate: int = 48000, seconds: float = 6.0) -> Audio:
    return _audio(level * np.sin(2 * np.pi * frequency * _time(seconds, rate) + 0.3), rate)


def _left_only() -> Audio:
    music = signals.music_like(6.0).samples.copy()
    music[1] = 0
    return _audio(music)


def _inverted() -> Audio:
    music = signals.music_like(6.0).samples
    return _audio(np.stack([music[0], -music[0]]))


def _offset() -> Audio:
    return _audio(0.3 + 0.6 * signals.music_like(6.0).samples)


def _resting() -> Audio:
    """Noise, a long rest, noise: the gates must leave the rest out."""
    noise = signals.pink(-12, 9.0).samples.copy()
    noise[:, 3 * 48000 : 6 * 48000] = 0
    return _audio(noise)


def _saw() -> Audio:
    return _audio(0.9 * (2 * ((_time(6.0) * 110) % 1) - 1))


NASTY: dict[str, Make] = {
    "music": lambda: signals.music_like(6.0),
    "music quiet": lambda: signals.music_like(5.0, level_dbfs_peak=-30),
    "music loud, clipped": lambda: _audio(np.clip(signals.music_like(5.0).samples * 4, -1, 1)),
    "music over full scale": lambda: signals.music_like(5.0, level_dbfs_peak=12),
    "music 44.1 kHz": lambda: signals.music_like(5.0, 44100),
    "music 8 kHz": lambda: signals.music_like(8.0, 8000),
    "music 96 kHz": lambda: signals.music_like(3.0, 96000),
    "music 192 kHz": lambda: signals.music_like(2.0, 192000),
    "music with DC": _offset,
    "swell": _swell,
    "one loud hit": _one_loud_hit,
    "left only": _left_only,
    "right inverted": _inverted,
    "drums": drums,
    "drums 22.05 kHz": lambda: drums(6.0, 22050),
    "clicks": clicks,
    "speech, mono": speech_like,
    "speech, 16 kHz": lambda: speech_like(8.0, 16000),
    "5.1": surround,
    "bass 40 Hz": lambda: _tone(40.0, 0.9),
    "bass 60 Hz, 8 kHz": lambda: _tone(60.0, 0.9, 8000),
    "tone 997 Hz": lambda: _tone(997.0),
    "tone at 0.47 of the rate": lambda: _tone(0.47 * 48000),
    "tone at a quarter of the rate": lambda: _tone(12000.0, 0.9),
    "quarter-rate bursts": quarter_rate_bursts,
    "alternating bursts": alternating_bursts,
    "square": _square,
    "sawtooth, mono": _saw,
    "sweep": _sweep,
    "white noise": lambda: signals.white(-12, 6.0),
    "pink noise": lambda: signals.pink(-12, 6.0),
    "noise with a rest": _resting,
    "0.5 s": lambda: signals.music_like(0.5),
}
"""At least 0.4 s each, so that all of them have a loudness."""
