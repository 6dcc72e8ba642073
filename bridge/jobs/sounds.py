"""The sound files of a job, as a phase opens, measures and distrusts them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.analysis import SLOW_METRICS
from bridge.analysis.reading import Analysis
from bridge.audio import Samples
from bridge.errors import Failed, PathRefused
from bridge.jobs.spec import Source

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import Roots, SoundFile
    from bridge.rendering.second_opinion import SecondOpinion

Progress = Callable[[float, str], None]
"""fraction of the whole job (0..1) and stage: "plan", "render" or "verify"."""

Fraction = Callable[[float], None]


def opened(path: str, roots: Roots | None, planned: bool) -> SoundFile:
    """Raises Failed where the file has gone, else what `open_sound` raises. planned: whether it was read before."""
    from bridge.files import open_sound, spoken

    try:
        return open_sound(path, roots)
    except PathRefused as error:
        if error.verdict != "missing":
            raise
        when = "after it was planned" if planned else "before it could be read"
        raise Failed(f"{spoken(path)} was deleted or moved away {when}; drop it again.") from error


def source_of(sound: SoundFile) -> Source:
    return Source(
        path=str(sound.path),
        sha256=sound.sha256,
        rate=sound.rate,
        channels=sound.channels,
        frames=sound.frames,
        format=str(sound.format),
    )


def measured_before(
    source: Source, readings: dict[str, object], spectrum: dict[str, object] | None = None
) -> Analysis:
    """The analysis that phase "plan" made, from what is kept of it."""
    shape = {"rate": source.rate, "channels": source.channels, "frames": source.frames}
    curves = {"spectrum": spectrum} if spectrum else {}
    return Analysis.from_json({**shape, "readings": readings, "curves": curves})


_REMEMBERED = 2
"""Analyses that a worker keeps: of the sound that is talked about, with and without its tempo."""
_remembered: OrderedDict[tuple[str, tuple[str, ...]], Analysis] = OrderedDict()


def measure_once(sound: SoundFile, report: Fraction, without: tuple[str, ...] = ()) -> Analysis:
    """As `measure`, but what was measured lately is not measured again: turn after turn is about one sound."""
    key = (sound.sha256, without)
    known = _remembered.get(key)
    if known is None:
        known = _remembered[key] = measure(sound, report, without)
        if len(_remembered) > _REMEMBERED:
            _remembered.popitem(last=False)
    _remembered.move_to_end(key)
    return known


def measure(sound: Sound, report: Fraction, without: tuple[str, ...] = ()) -> Analysis:
    """report: told how much of the sound was read, 0..1."""
    from bridge.analysis import analyze_sound

    return analyze_sound(_Watched(sound, report), without=without)


def reopened(path: Path, report: Fraction) -> tuple[Analysis, SecondOpinion, str]:
    """A result as it is found in its file: its analysis, who heard it meanwhile, and the file's SHA-256."""
    from bridge.files import open_sound
    from bridge.rendering.second_opinion import SecondOpinion

    with open_sound(path) as sound:
        opinion = SecondOpinion(sound)
        return measure(opinion, report, without=SLOW_METRICS), opinion, sound.sha256


def share(progress: Progress, start: float, end: float, stage: str) -> Fraction:
    """A part of the job's time as a bar of its own."""
    return lambda done: progress(start + (end - start) * done, stage)


class _Watched:
    """A Sound that tells how far it has been read."""

    def __init__(self, sound: Sound, report: Fraction) -> None:
        self._sound = sound
        self._report = report
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        done = 0
        for block in self._sound.blocks(frames):
            yield block
            done += block.shape[1]
            self._report(done / max(self.frames, 1))


def must_be_unchanged(sound: SoundFile) -> None:
    if not sound.unchanged():
        raise _changed(sound)


def must_be_the_planned_one(sound: SoundFile, source: Source) -> None:
    if sound.sha256 != source.sha256:
        raise _changed(sound)


def _changed(sound: SoundFile) -> Failed:
    from bridge.files import spoken

    return Failed(
        f"{spoken(sound.path)} was changed while it was being processed; the new version is a job of its own."
    )
