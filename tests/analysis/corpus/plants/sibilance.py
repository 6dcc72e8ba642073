"""A voice whose s cuts: a bright microphone, too much compression and a boost at the top."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus import recordings
from tests.analysis.corpus.tone import bell, shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Spoken words over the mix, 2 to 6 dB above its level, with 10 to 15 dB of boost at 6 to 8 kHz."""
    voice = np.zeros((2, audio.frames))
    at = 0
    while at < audio.frames:
        word = recordings.at_speed(
            str(generator.choice(recordings.SAID)), audio.rate, generator.uniform(0.95, 1.05)
        )
        part = word[:, : audio.frames - at]
        voice[:, at : at + part.shape[1]] += part
        at += part.shape[1] + int(generator.uniform(0.0, 0.4) * audio.rate)
    voice *= _rms(audio.samples) / _rms(voice) * 10 ** (generator.uniform(2, 6) / 20)
    sharp = bell(generator.uniform(6000, 8000), generator.uniform(10, 15), generator.uniform(0.9, 1.6))
    said = shaped(Audio(voice.astype(np.float32), audio.rate), sharp)
    return within(Audio(audio.samples + said.samples, audio.rate))


def _rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
