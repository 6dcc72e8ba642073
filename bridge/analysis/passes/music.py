"""Tempo and key: the mono sum of the first minutes, handed to librosa when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bridge.analysis.series import Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable, needs_seconds

RATE = 22050
LONGEST_S = 300
"""More would cost memory without making tempo or key surer."""

LOWEST_RATE = 4000
SHORTEST_S = 6.0

PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""Krumhansl & Kessler (1982), probe-tone ratings."""


@dataclass(frozen=True)
class Key:
    """name: "A minor". confidence: correlation with the profile, 0..1."""

    name: str
    confidence: float


class Music:
    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.mono = Series(dtype=np.float32)
        self.frames = 0

    def push(self, chunk: Chunk) -> None:
        self.frames += chunk.valid
        room = LONGEST_S * self.stream.rate - len(self.mono)
        if room > 0:
            self.mono.append(chunk.samples[:, : min(chunk.valid, room)].mean(axis=0))

    @cached_property
    def _resampled(self) -> Any:
        """Mono at 22.05 kHz. Raises Unmeasurable for no frames, silence and less than 6 s."""
        import soxr

        if not self.frames:
            raise Unmeasurable(EMPTY)
        if self.stream.rate < LOWEST_RATE:
            raise Unmeasurable(f"a rate of {self.stream.rate} Hz is below {LOWEST_RATE} Hz")
        needs_seconds(self.frames / self.stream.rate, SHORTEST_S)
        mono = self.mono.values
        if not mono.any():
            raise Unmeasurable(SILENCE)
        return soxr.resample(mono, self.stream.rate, RATE)

    def tempo_bpm(self) -> float:
        import librosa

        onsets = librosa.onset.onset_strength(y=self._resampled, sr=RATE)
        if not onsets.any():
            raise Unmeasurable("no onsets")
        tempo, beats = librosa.beat.beat_track(onset_envelope=onsets, sr=RATE)
        if len(beats) < 4:
            raise Unmeasurable("no beat")
        return float(np.atleast_1d(tempo)[0])

    def key(self) -> Key:
        import librosa

        chroma = librosa.feature.chroma_stft(y=self._resampled, sr=RATE).mean(axis=1)
        if not np.ptp(chroma) > 1e-6:
            raise Unmeasurable("no pitch stands out")
        found = [
            (float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]), f"{PITCHES[tonic]} {mode}")
            for mode, profile in (("major", _MAJOR), ("minor", _MINOR))
            for tonic in range(12)
        ]
        confidence, name = max(found)
        return Key(name, confidence)
