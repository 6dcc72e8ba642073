"""A comparison as it is rendered: two versions, each from the untouched original, at one loudness.

Of several stems it is their mix that is compared. Only the louder one is ever turned down, so that nothing clips that
did not clip before, and nobody prefers what is merely louder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bridge.analysis import SLOW_METRICS
from bridge.audio import Samples
from bridge.effects.processor import Sound
from bridge.jobs.compared_mix import heard_mix
from bridge.jobs.sounds import (
    Fraction,
    Progress,
    measure,
    must_be_the_planned_one,
    must_be_unchanged,
    opened,
    reopened,
    share,
)
from bridge.jobs.spec import JobSpec, Rendered, RenderedPart, Side
from bridge.rendering.check import Check
from bridge.rendering.spool import Spool
from bridge.units import gain_from_db

if TYPE_CHECKING:
    from bridge.files import SoundFile
    from bridge.jobs.run import Ports

APART_LU = 0.5
"""Of two sounds that are to be compared: more than that is heard as louder (BS.1116 asks for less than 0.5 dB)."""
_RENDERED, _WRITTEN = 0.7, 0.85


def render_sides(spec: JobSpec, ports: Ports, progress: Progress, span: tuple[float, float]) -> Rendered:
    """Both sides, written and measured again. span: of it all on the job's bar. Raises what rendering raises, and then
    leaves no file."""
    assert spec.source is not None
    start, length = span[0], span[1] - span[0]
    outputs = {label: Path(spec.outputs[label]) for label in spec.sides}
    try:
        with ExitStack() as open_, opened(spec.path, ports.roots, planned=True) as source:
            must_be_the_planned_one(source, spec.source)
            sounds: dict[str, Sound] = {}
            warnings: list[str] = []
            for index, (label, side) in enumerate(spec.sides.items()):
                part = _RENDERED * length / len(spec.sides)
                bar = share(progress, start + index * part, start + (index + 1) * part, "render")
                if spec.parts:
                    sounds[label] = heard_mix(spec, side, ports, bar, open_, warnings)
                else:
                    sounds[label] = _heard(side, source, ports, bar, open_, warnings)
            down_db = turned_down_db({label: _loudness(sound) for label, sound in sounds.items()})
            for label, side in spec.sides.items():
                warnings += _write(side, sounds[label], down_db[label], source, outputs[label])
            must_be_unchanged(source)
        verify = share(progress, start + _WRITTEN * length, start + length, "verify")
        parts = {label: _verified(path, verify) for label, path in outputs.items()}
    except BaseException:
        for path in outputs.values():
            path.unlink(missing_ok=True)
        raise
    last = parts[list(parts)[-1]]
    return Rendered(
        output=last.output,
        sha256=last.sha256,
        after=last.after,
        checks=(_equally_loud(parts),),
        parts=parts,
        turned_down_db={label: round(gain_db, 2) for label, gain_db in down_db.items()},
        warnings=tuple(dict.fromkeys(warnings)),
    )


def turned_down_db(loudness_lufs: dict[str, float | None]) -> dict[str, float]:
    """By how much each is turned down to the quietest [dB, 0 or less]; not at all where one is silent."""
    known = [value for value in loudness_lufs.values() if value is not None]
    if len(known) < len(loudness_lufs):
        return dict.fromkeys(loudness_lufs, 0.0)
    return {label: min(known) - (value or 0.0) for label, value in loudness_lufs.items()}


def _heard(
    side: Side, source: SoundFile, ports: Ports, bar: Fraction, open_: ExitStack, warnings: list[str]
) -> Sound:
    """The version's sound, kept until the comparison is written; the original is read as it is."""
    if side.plan is None:
        return source
    from bridge.jobs.impulses import reading
    from bridge.rendering.render import render_stream

    spool = open_.enter_context(Spool(source.rate, source.channels, ports.spool))

    def report(fraction: float, stage: str) -> None:
        bar(fraction)

    with reading(ports.roots):
        streamed = render_stream(
            source, side.plan, spool.write, spool_dir=ports.spool, plugins=ports.plugins, progress=report
        )
    warnings += streamed.warnings
    return spool


def _loudness(sound: Sound) -> float | None:
    return measure(sound, lambda done: None, without=SLOW_METRICS).number("integrated_loudness")


class _Turned:
    """A sound turned down."""

    def __init__(self, sound: Sound, gain_db: float) -> None:
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames
        self._sound, self._gain = sound, np.float32(gain_from_db(gain_db))

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        for block in self._sound.blocks(frames):
            yield np.asarray(block * self._gain, np.float32)


def _write(side: Side, sound: Sound, gain_db: float, source: SoundFile, path: Path) -> tuple[str, ...]:
    from bridge.files import SoundWriter, result_format

    turned = _Turned(sound, gain_db) if gain_db else sound
    seed = None if turned is source else 0  # the untouched original keeps its bits
    format = result_format(source.format)
    with SoundWriter(path, sound.rate, sound.channels, format, source, seed, name=side.name) as writer:
        for block in turned.blocks():
            writer.write(block)
    return writer.warnings


def _verified(path: Path, bar: Fraction) -> RenderedPart:
    after, _, sha256 = reopened(path, bar)
    return RenderedPart(output=str(path), sha256=sha256, after=after.readings_json())


def _equally_loud(parts: dict[str, RenderedPart]) -> Check:
    """Of the files as they were written."""
    read = [part.after["integrated_loudness"]["value"] for part in parts.values()]
    if None in read:
        why = "one side is too short or too quiet to have a loudness, so neither was turned down"
        return Check(name="equally_loud", asked=None, got=None, unit="LU", ok=True, reason=why)
    apart = round(abs(read[0] - read[1]), 2)
    reason = None if apart <= APART_LU else "the sides differ in loudness"
    return Check(name="equally_loud", asked=0.0, got=apart, unit="LU", ok=apart <= APART_LU, reason=reason)
