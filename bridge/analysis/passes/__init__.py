"""Passes: the work that metrics share. Each is pushed every chunk once and keeps O(duration / 10 ms) numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.form import course_of, parts_of
from bridge.analysis.form_names import Named, named
from bridge.analysis.key import Key, key_of
from bridge.analysis.passes.clicks import Clicks
from bridge.analysis.passes.edges import Edges
from bridge.analysis.passes.flat_tops import FlatTops
from bridge.analysis.passes.grid import Grid
from bridge.analysis.passes.hum import Hum
from bridge.analysis.passes.levels import Levels
from bridge.analysis.passes.loudness import Loudness
from bridge.analysis.passes.onsets import DELAY_STEPS, Onsets
from bridge.analysis.passes.overs import Overs
from bridge.analysis.passes.pair import Pair
from bridge.analysis.passes.pitches import Pitches
from bridge.analysis.passes.spectrum import Spectrum
from bridge.analysis.passes.true_peak import TruePeak
from bridge.analysis.read_once import read_once
from bridge.analysis.resonances import Resonance, resonances
from bridge.analysis.steady_noise import SteadyNoise, steady_noise
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.tempo import Tempo, tempo_of
from bridge.analysis.unmeasurable import Unmeasurable


class Pass(Protocol):
    def push(self, chunk: Chunk) -> None: ...


_KINDS: dict[str, Callable[[Stream], Pass]] = {
    "levels": Levels,
    "loudness": Loudness,
    "true_peak": TruePeak,
    "spectrum": Spectrum,
    "grid": Grid,
    "flat_tops": FlatTops,
    "clicks": Clicks,
    "edges": Edges,
    "overs": Overs,
    "pair": Pair,
    "hum": Hum,
    "onsets": Onsets,
    "pitches": Pitches,
}
PASSES = tuple(_KINDS)


class Passes:
    """Everything that was gathered of one sound; metrics read from it.

    wanted: names of the passes to run. Reading one that was not run raises Unmeasurable. kept: see `read_once`.
    """

    def __init__(self, stream: Stream, wanted: Collection[str] = PASSES) -> None:
        self.stream = stream
        self.frames = 0
        self.kept: dict[Callable[..., Any], Any] = {}
        self._running = {name: make(stream) for name, make in _KINDS.items() if name in wanted}

    @property
    def seconds(self) -> float:
        return self.frames / self.stream.rate

    def push(self, chunk: Chunk) -> None:
        for one in self._running.values():
            one.push(chunk)
        self.frames += chunk.valid
        self.kept.clear()

    def _of(self, name: str) -> Any:
        if name not in self._running:
            raise Unmeasurable("not asked for")
        return self._running[name]

    @property
    def levels(self) -> Levels:
        found: Levels = self._of("levels")
        return found

    @property
    def loudness(self) -> Loudness:
        found: Loudness = self._of("loudness")
        return found

    @property
    def true_peak(self) -> TruePeak:
        found: TruePeak = self._of("true_peak")
        return found

    @property
    def spectrum(self) -> Spectrum:
        found: Spectrum = self._of("spectrum")
        return found

    @property
    def grid(self) -> Grid:
        found: Grid = self._of("grid")
        return found

    @property
    def flat_tops(self) -> FlatTops:
        found: FlatTops = self._of("flat_tops")
        return found

    @property
    def clicks(self) -> Clicks:
        found: Clicks = self._of("clicks")
        return found

    @property
    def edges(self) -> Edges:
        found: Edges = self._of("edges")
        return found

    @property
    def overs(self) -> Overs:
        found: Overs = self._of("overs")
        return found

    @property
    def pair(self) -> Pair:
        found: Pair = self._of("pair")
        return found

    @property
    def hum(self) -> Hum:
        found: Hum = self._of("hum")
        return found

    @property
    def onsets(self) -> Onsets:
        found: Onsets = self._of("onsets")
        return found

    @property
    def pitches(self) -> Pitches:
        found: Pitches = self._of("pitches")
        return found

    @read_once
    def tempo(self) -> Tempo:
        onsets = self.onsets
        return tempo_of(onsets.strength(), onsets.accents(), onsets.steps_per_s, DELAY_STEPS)

    @read_once
    def key(self) -> Key:
        return key_of(*self.pitches.classes())

    @read_once
    def steady_noise(self) -> SteadyNoise:
        return steady_noise(self.spectrum.bark.part(0, self.frames // self.stream.frame), self.stream)

    @read_once
    def form(self) -> list[Named]:
        """Parts of a song with their likely names. Raises Unmeasurable for short sounds and silence."""
        bark = self.spectrum.bark.values
        return named(parts_of(course_of(
            bark, self.stream.frame / self.stream.rate, self.pitches.followed(), self.pitches.window_s, self._beats_s()
        )))  # fmt: skip

    def _beats_s(self) -> NDArray[np.float64]:
        try:
            return np.array(self.tempo().beats_s)
        except Unmeasurable:
            return np.zeros(0)

    @read_once
    def resonances(self) -> list[Resonance]:
        return resonances(self.spectrum)
