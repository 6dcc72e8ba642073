"""Passes: the work that metrics share. Each is pushed every chunk once and keeps O(duration / 10 ms) numbers."""

from __future__ import annotations

from collections.abc import Collection

from bridge.analysis.passes.levels import Levels
from bridge.analysis.passes.loudness import Loudness
from bridge.analysis.passes.music import Music
from bridge.analysis.passes.spectrum import Spectrum
from bridge.analysis.passes.true_peak import TruePeak
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import Unmeasurable


class Passes:
    """Everything that was gathered of one sound; metrics read from it."""

    def __init__(self, stream: Stream, without: Collection[str] = ()) -> None:
        self.stream = stream
        self.levels = Levels(stream)
        self.loudness = Loudness(stream)
        self.true_peak = TruePeak(stream)
        self.spectrum = Spectrum(stream)
        self._music = None if {"tempo", "key"} <= set(without) else Music(stream)
        self.frames = 0

    @property
    def seconds(self) -> float:
        return self.frames / self.stream.rate

    @property
    def music(self) -> Music:
        if self._music is None:
            raise Unmeasurable("not asked for")
        return self._music

    def push(self, chunk: Chunk) -> None:
        self.levels.push(chunk)
        self.loudness.push(chunk)
        self.true_peak.push(chunk)
        self.spectrum.push(chunk)
        if self._music is not None:
            self._music.push(chunk)
        self.frames += chunk.valid
