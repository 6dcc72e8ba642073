"""References of a job: measured, and a plan tried on pieces of the sound before it is promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bridge.audio import Audio, Samples
from bridge.errors import BadInput, BridgeError, PathRefused

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.effects.processor import Sound
    from bridge.files import Roots
    from bridge.planning.matching.reference import Reference, Source
    from bridge.planning.plan import Plan

MOST_REFERENCES = 16
ROUNDS = 3
"""Rehearsals at most. The last one corrects nothing: what it comes to is what the plan promises."""
_PIECES, _PIECE_S = 8, 4.0
_FADE_S = 0.1
_NEAR_DB, _FAR_DB = 0.15, 0.5
"""A second rehearsal is worth its time where the first one came out so much farther away than was promised, and a
third where the second did."""


def measured_references(references: Sequence[str], roots: Roots | None) -> Reference | None:
    """The references as one; None where there are none. Each may end in ":WEIGHT".

    Raises what `open_sound` raises with "reference" before it, and BadInput for one that is silent.
    """
    from bridge.planning.matching.reference import averaged, weighted

    if not references:
        return None
    if len(references) > MOST_REFERENCES:
        raise BadInput(f"{len(references)} references; up to {MOST_REFERENCES} can be averaged.")
    return averaged([_measured(*weighted(text), roots) for text in references])


def _measured(path: str, weight: float, roots: Roots | None) -> tuple[Source, Analysis]:
    from bridge.analysis import analyze_sound
    from bridge.files import open_sound, spoken
    from bridge.planning.matching.reference import Source

    try:
        with open_sound(path, roots) as sound:
            analysis = analyze_sound(sound, without=_beside())
    except PathRefused as error:
        raise type(error)(f"reference {error.message}", error.verdict) from error
    except BridgeError as error:
        raise BadInput(f"reference {error.message}") from error
    name = spoken(Path(path).name)
    return Source(name=name, weight=weight, seconds=round(analysis.seconds, 2)), analysis


def _beside() -> tuple[str, ...]:
    """Metrics that say nothing of how near a sound is to its reference."""
    from bridge.analysis.metrics import BY_NAME
    from bridge.planning.matching.reference import MEASURED

    return tuple(name for name in BY_NAME if name not in MEASURED)


class Pieces:
    """A Sound that keeps some pieces of itself while it is read: evenly spread, 32 s in all."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames
        long = min(round(_PIECE_S * self.rate), max(1, self.frames // _PIECES))
        starts = np.linspace(0, max(0, self.frames - long), _PIECES + 2)[1:-1]
        short = self.frames <= _PIECES * _PIECE_S * self.rate
        self._wanted = [(0, self.frames)] if short else [(int(at), int(at) + long) for at in starts]
        self._kept: list[Samples] = []

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        self._kept, done = [], 0
        for block in self._sound.blocks(frames):
            for start, end in self._wanted:
                low, high = max(start - done, 0), min(end - done, block.shape[1])
                if low < high:
                    self._kept.append(block[:, low:high].copy())
            done += block.shape[1]
            yield block

    @property
    def audio(self) -> Audio:
        """What was kept, one piece behind the other, each faded at its ends: a jump would fill the empty octaves."""
        whole = np.concatenate([np.zeros((self.channels, 0), np.float32), *self._kept], axis=1)
        lengths = [min(end, self.frames) - start for start, end in self._wanted]
        if len(lengths) > 1 and sum(lengths) == whole.shape[1]:
            whole *= np.concatenate([_faded(length, self.rate) for length in lengths])
        return Audio(whole, self.rate)


def _faded(frames: int, rate: int) -> Samples:
    """1 with a raised cosine at both ends [shape=(frames,)]."""
    edge = min(round(_FADE_S * rate), frames // 2)
    window = np.ones(frames, np.float32)
    rise = (0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / max(edge, 1))).astype(np.float32)
    window[:edge], window[frames - edge :] = rise, rise[::-1]
    return window


def rehearsed(plan: Plan, whole: Analysis, pieces: Audio) -> Plan:
    """The plan, corrected by what its matching steps make of the pieces; one without such steps comes back as it is."""
    from bridge.analysis import analyze
    from bridge.planning.matching.again import admitted, corrected, missed_db, rehearsal, short_of_db

    asked = [step for step in plan.steps if step.intent.startswith("match ")]
    if plan.matched is None or not asked or any(step.effect == "hosted_plugin" for step in asked):
        return plan
    before = analyze(pieces, without=_beside())
    compressed = any(step.effect == "compressor" for step in asked)
    more_db = 0.0
    for done in range(1, ROUNDS):
        after = analyze(_rendered(rehearsal(plan, whole, more_db), pieces), without=_beside())
        missed = missed_db(plan, whole, before, after)
        more_db += short_of_db(plan, whole, before, after)
        plan = corrected(plan, whole, before, after)
        if missed < (_FAR_DB if done > 1 else _NEAR_DB) and (done > 1 or not compressed):
            return plan
    after = analyze(_rendered(rehearsal(plan, whole, more_db), pieces), without=_beside())
    return admitted(plan, missed_db(plan, whole, before, after))


def _rendered(plan: Plan, pieces: Audio) -> Audio:
    from bridge.rendering.render import render_stream

    blocks: list[Samples] = [np.zeros((pieces.channels, 0), np.float32)]
    render_stream(pieces, plan, blocks.append)
    return Audio(np.concatenate(blocks, axis=1), pieces.rate)
