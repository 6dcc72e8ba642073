"""A sound to talk about."""

from __future__ import annotations

from pathlib import Path

import soundfile

from tests.signals import music_like


def sound_at(path: Path, seconds: float = 3.0, seed: int = 440) -> Path:
    """Music-like, stereo, 24-bit WAV at 48 kHz."""
    audio = music_like(seconds, level_dbfs_peak=-12.0, seed=seed)
    soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
    return path
