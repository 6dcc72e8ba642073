"""Room, echoes and swings told apart from what else a plan puts beside a sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bridge.audio import Samples
from bridge.effects.equalizer import Equalizer
from bridge.effects.processor import Sound
from bridge.planning.promises import noticed
from bridge.planning.promises.of_effects import tail
from bridge.planning.promises.promise import Promise
from bridge.rendering.placing import Placed
from bridge.rendering.proof.beside import beside_percent
from bridge.rendering.proof.found import Unproven

_ROOMS = frozenset(("reverb", "convolution_reverb", "delay"))
_SWINGS = frozenset(("chorus", "flanger", "phaser", "tremolo"))
_FLAT = frozenset(("gain", "equalizer", "pan", "balance", "channels"))
_CEILINGS = frozenset(("limiter", "loudness"))
_REACH_MS, _OF_FILTERS_MS = 0.5, 5.0
_LATE_S, _TOLD_PERCENT, _TONE_PERCENT = 0.1, 100.0, 30.0
"""What has nothing in common with its copy tells many hundreds of per cent, a held tone next to none."""
_OF_CEILINGS_PERCENT = 10.0
"""What limiting puts beside a sound by itself: 4 to 17 % of drums, guitar and piano at up to 12 dB of it. Own."""


def as_it_can_be_heard(promise: Promise, steps: tuple[Placed, ...]) -> Promise:
    """Where other steps change the sound from moment to moment too, rooms and echoes are looked for behind its hits.

    Raises Unproven for what then cannot be told apart.
    """
    if promise.figure != "beside":
        return promise
    own = {item.effect.name for item in steps if promise.wish in item.step.intent.split(", ")}
    names = {item.effect.name for item in steps}
    others = names - _FLAT - _CEILINGS - (own & (_ROOMS | _SWINGS))
    if not others and not names & _CEILINGS:
        return promise
    if own & _ROOMS:
        part = min(1.0, promise.asked / noticed.BESIDE_PERCENT)
        return promise.model_copy(update=tail(round(part * noticed.TAIL_DB, 3)))
    if others:
        raise Unproven("other steps change the sound from moment to moment too")
    return promise.model_copy(update={"asked": promise.asked + _OF_CEILINGS_PERCENT})


def beside(promise: Promise, steps: tuple[Placed, ...], source: Sound, result: Sound) -> float:
    """In per cent, without what the plan's equalizers do. Raises Unproven, also for echoes of what is sustained: they
    sound as the sound itself does."""
    if any(item.effect.retimes for item in steps):
        raise Unproven("the plan changes time, so that source and result cannot be laid side by side")
    equalizers = [item for item in steps if isinstance(item.effect, Equalizer)]
    plain = all(
        item.step.wet >= 1 and item.step.part == "all" and item.step.region is None for item in equalizers
    )
    filtered = _Filtered(source, tuple(equalizers)) if plain else source
    got = beside_percent(filtered, result, _REACH_MS if plain else _OF_FILTERS_MS)
    if got is None:
        raise Unproven("it is too short or silent")
    least = _TOLD_PERCENT if got < promise.asked else _TONE_PERCENT
    if any(item.effect.name in _ROOMS for item in steps) and _is_held(source, least):
        raise Unproven("it is sustained, and an echo of it sounds as it does itself")
    return got


def _is_held(source: Sound, least_percent: float) -> bool:
    """Whether a copy of the source a tenth of a second later is hardly told from it."""
    told = beside_percent(source, _Late(source), _REACH_MS)
    return told is not None and told < least_percent


@dataclass(frozen=True)
class _Made:
    """Another sound of the same shape."""

    sound: Sound

    @property
    def rate(self) -> int:
        return self.sound.rate

    @property
    def channels(self) -> int:
        return self.sound.channels

    @property
    def frames(self) -> int:
        return self.sound.frames


@dataclass(frozen=True)
class _Late(_Made):
    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        yield np.zeros((self.channels, round(_LATE_S * self.rate)), np.float32)
        yield from self.sound.blocks(frames)


@dataclass(frozen=True)
class _Filtered(_Made):
    equalizers: tuple[Placed, ...]

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        processors = [item.effect.processor(self.rate, self.channels) for item in self.equalizers]
        for block in self.sound.blocks(frames):
            for processor in processors:
                block = processor.process(block)
            yield block
