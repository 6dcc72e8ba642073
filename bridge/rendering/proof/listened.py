"""Source and result as the proof hears them: measured once for each stretch of time and part that wishes speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bridge.analysis.reading import Analysis
from bridge.audio import Samples
from bridge.effects.processor import Sound
from bridge.planning.intent import Span
from bridge.planning.part import Part
from bridge.rendering.part import PartSound


class Excerpt:
    """A stretch of a sound that can be read again."""

    def __init__(self, sound: Sound, span: Span) -> None:
        self._sound = sound
        self._start = min(round(span.start_s * sound.rate), sound.frames)
        self._end = min(max(round(span.end_s * sound.rate), self._start), sound.frames)
        self.rate, self.channels, self.frames = sound.rate, sound.channels, self._end - self._start

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        at = 0
        for block in self._sound.blocks(frames):
            first, last = max(self._start - at, 0), min(self._end - at, block.shape[1])
            if last > first:
                yield np.ascontiguousarray(block[:, first:last])
            at += block.shape[1]
            if at >= self._end:
                return


@dataclass
class Listened:
    """sound: can be read again. whole: its analysis as far as it is known, perhaps without curves."""

    sound: Sound
    whole: Analysis
    _measured: dict[tuple[Span | None, Part], Analysis] = field(default_factory=dict)

    def view(self, span: Span | None, part: Part) -> Sound:
        """Raises ValueError with the reason where there is no such part or stretch."""
        sound = self.sound
        if part != "all":
            if sound.channels != 2:
                raise ValueError("the result has no two channels")
            sound = PartSound(sound, part)
        if span is not None:
            sound = Excerpt(sound, span)
        if not sound.frames:
            raise ValueError("nothing is left of that stretch of time")
        return sound

    def analysis(self, span: Span | None, part: Part, curve: str | None) -> Analysis:
        """curve: one that is wanted, for which the whole may have to be read again."""
        if span is None and part == "all" and (curve is None or curve in self.whole.curves):
            return self.whole
        key = (span, part)
        if key not in self._measured:
            from bridge.analysis import SLOW_METRICS, analyze_sound

            self._measured[key] = analyze_sound(self.view(span, part), without=SLOW_METRICS)
        return self._measured[key]
