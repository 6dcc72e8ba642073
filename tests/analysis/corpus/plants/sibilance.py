"""A voice whose s cuts: a bright microphone, too much compression and a boost at the top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Audio
from tests.analysis.corpus import recordings
from tests.analysis.corpus.tone import bell, shaped, within


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """Spoken words over the mix, up to 4 dB above its level, cleared of the room's low mids as for any mix, with 10 to
    15 dB of boost at 6 to 8 kHz."""
    said = Audio(_said(audio.frames, audio.rate, generator).astype(np.float32), audio.rate)
    said = shaped(said, bell(250, -8.0, 0.8))
    sharp = bell(generator.uniform(6000, 8000), generator.uniform(10, 15), generator.uniform(0.9, 1.6))
    gain = _rms(audio.samples) / _rms(said.samples) * 10 ** (generator.uniform(0, 4) / 20)
    return within(Audio(audio.samples + np.float32(gain) * shaped(said, sharp).samples, audio.rate))


def _said(frames: int, rate: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Whole words with pauses [shape=(2, frames)]; none begins or ends with the mix."""
    voice = np.zeros((2, frames))
    at = rate // 4
    while True:
        word = recordings.at_speed(
            str(generator.choice(recordings.SAID)), rate, generator.uniform(0.95, 1.05)
        )
        if at + word.shape[1] > frames - rate // 2:
            return voice
        voice[:, at : at + word.shape[1]] += word
        at += word.shape[1] + int(generator.uniform(0.0, 0.4) * rate)


def _rms(samples: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
