"""The pipeline: a sound through the steps of a plan in blocks, the same for memory, files and live jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.reduction import ReductionCurve
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.processor import MeasuredSound, Processor, Sound
from bridge.effects.timeline import Timeline, after
from bridge.errors import BadPlan, Unavailable
from bridge.planning.plan import Tail
from bridge.planning.safety import HEADROOM
from bridge.rendering.as_loud import as_loud
from bridge.rendering.finite import Finite
from bridge.rendering.line import BLOCK, Line
from bridge.rendering.part import PartOf, PartSound
from bridge.rendering.placing import Placed, naming
from bridge.rendering.plugins import PluginPort
from bridge.rendering.progress import Progress
from bridge.rendering.spool import Measured, Spool
from bridge.rendering.tails import Ending, feed

Write = Callable[[Samples], None]

_TOLD_DB = 1.0
"""What a limiter that nobody asked for may take off without a word."""


@dataclass
class Remarks:
    """What the steps have to say. unreached: by step id, why a promise of it is not met. promised: how many frames
    the steps and the policy for tails make of the source. unrepeatable: plugins that do not sound the same twice;
    unexamined: those of which nobody knows. reductions: by step id, what it did to the gain.
    timelines: what the steps that are done made of time, in order."""

    warnings: list[str] = field(default_factory=list)
    unreached: dict[str, str] = field(default_factory=dict)
    promised: int = 0
    unrepeatable: list[str] = field(default_factory=list)
    unexamined: list[str] = field(default_factory=list)
    timelines: tuple[Timeline, ...] = ()
    reductions: dict[str, ReductionCurve] = field(default_factory=dict)

    def in_time(self, segment: list[Placed], rate: int) -> list[Placed]:
        """The steps with their regions, which are said in seconds of the source, where those are heard by now.

        A step whose stretch of time is no longer there is left out with a word.
        """
        if not self.timelines:
            return segment
        there = [(item, _in_time(item, self.timelines, rate)) for item in segment]
        gone = [item.name for item, now in there if now is None]
        self.warnings += [f"{name}: the time it works in was cut away before it." for name in gone]
        return [now for _, now in there if now is not None]

    def hear(self, item: Placed, processor: Processor) -> None:
        """Takes what a processor may offer: `warnings` (sentences), `unreached` (a reason), `repeatable`."""
        if isinstance(item.effect, HostedPlugin):
            repeatable = getattr(processor, "repeatable", None)
            if not repeatable:
                names = self.unexamined if repeatable is None else self.unrepeatable
                names.append(item.effect.plugin.name)
        self.warnings += [f"{item.name}: {text}" for text in getattr(processor, "warnings", ())]
        reason = getattr(processor, "unreached", None)
        if reason:
            self.unreached[item.step.id] = reason

    def hear_ending(self, ending: Ending, last: Line) -> None:
        """last: the step that sounded last."""
        if ending.cut_short:
            self.warnings.append(f"{last.placed.name}: its tail still sounded where it had to end.")
        if ending.steady:
            self.warnings.append(f"{last.placed.name}: it hums or hisses by itself; that is no tail to keep.")

    def hear_after(self, line: Line) -> None:
        """Takes what a processor can only say once the stream is over: `afterwards` (sentences), `reduction`."""
        self.warnings += [f"{line.placed.name}: {text}" for text in getattr(line.processor, "afterwards", ())]
        reduction = getattr(line.processor, "reduction", None)
        if reduction is not None:
            curve = reduction.curve()
            self.reductions[line.placed.step.id] = curve
            if line.placed.step.intent == HEADROOM and curve.most_db >= _TOLD_DB:
                self.warnings.append(
                    f"{line.placed.name}: nobody asked for it; against full scale it took up to {curve.most_db:.1f} dB "
                    f"off the peaks, {curve.mean_db:.1f} dB on average. A lower level before it leaves them whole."
                )


def run(
    sound: Sound,
    steps: tuple[Placed, ...],
    tail: Tail,
    write: Write,
    *,
    spool_dir: Path | None,
    plugins: PluginPort | None,
    progress: Progress,
) -> Remarks:
    """Streams `sound` through `steps` into `write`. Memory does not grow with the sound.

    A step that must know all that reaches it cuts the chain: what comes before it is spooled to a temporary file.
    Raises RenderFailed, which names the step; PluginFailed; OutputFailed; BadPlan; BadInput for a sound with NaN.
    """
    remarks = Remarks()
    remarks.warnings += _too_late(steps, sound)
    segments = _segments(steps)
    with ExitStack() as spools:
        source: Sound = Finite(sound)
        for index, segment in enumerate(segments):
            last = index == len(segments) - 1
            if not last and not segment:
                continue  # the first step already needs the sound, and the sound itself can be read again
            spool = None if last else spools.enter_context(Spool(sound.rate, sound.channels, spool_dir))
            segment = remarks.in_time(segment, sound.rate)
            lines = _lines(segment, source, tail, remarks, plugins, progress)
            sink = write if spool is None else spool.write
            ending = _ending(lines, source, tail, sink)
            remarks.promised = _stream(source, lines, ending, sink, progress)
            if ending is not None:
                remarks.hear_ending(ending, next(line for line in reversed(lines) if line.feed.most))
            for line in lines:
                remarks.hear_after(line)
            source = spool or source
    return remarks


def _too_late(steps: tuple[Placed, ...], sound: Sound) -> list[str]:
    """Of the steps that work in a time which the sound has not."""
    seconds = sound.frames / sound.rate
    late = [item for item in steps if item.step.region is not None and item.step.region.start_s >= seconds]
    return [f"{item.name}: the sound ends at {seconds:.2f} s, before the time it works in." for item in late]


def _in_time(item: Placed, timelines: tuple[Timeline, ...], rate: int) -> Placed | None:
    """None where nothing of its region is left."""
    region = item.step.region
    if region is None:
        return item
    start_s, end_s = (after(timelines, second, rate) for second in (region.start_s, region.end_s))
    if end_s * rate < start_s * rate + 1:
        return None
    moved = region.model_copy(update={"start_s": start_s, "end_s": end_s})
    return replace(item, step=item.step.model_copy(update={"region": moved}))


def _ending(lines: list[Line], source: Sound, tail: Tail, sink: Write) -> Ending | None:
    """None where nothing can sound after the end of the source."""
    if not any(line.feed.most for line in lines):
        return None
    declared = any(line.feed.declared for line in lines)
    return Ending(tail, source.rate, source.channels, sink, declared)


def _segments(steps: tuple[Placed, ...]) -> list[list[Placed]]:
    """The steps cut before each one that needs the sound, and behind each that changes its length, so that what
    follows knows how long it is; the first segment may be empty."""
    segments: list[list[Placed]] = [[]]
    for item in steps:
        longer = bool(segments[-1]) and segments[-1][-1].effect.retimes
        if item.effect.hears_first or longer:
            segments.append([])
        segments[-1].append(item)
    return segments


def passes(steps: tuple[Placed, ...]) -> int:
    """How many times the sound is gone through, for progress: each segment, and a search where one is needed."""
    return len([segment for segment in _segments(steps) if segment]) + sum(
        item.effect.hears_first for item in steps
    )


def _lines(
    segment: list[Placed],
    source: Sound,
    tail: Tail,
    remarks: Remarks,
    plugins: PluginPort | None,
    progress: Progress,
) -> list[Line]:
    lines = []
    for item in segment:
        sound = None
        if item.effect.hears_first:
            heard = source if item.step.part == "all" else PartSound(source, item.step.part)
            sound = Measured(heard, progress.searching(f"{item.step.effect}: measuring"))
        processor = _on_its_part(item, source, sound, plugins)
        if item.effect.hears_first:
            progress.passed()
        remarks.hear(item, processor)
        silence = feed(item, processor, tail, source.rate)
        timeline = item.effect.timeline(source) if item.effect.retimes else None
        if timeline is not None:
            remarks.timelines += (timeline,)
        lines.append(Line(item, processor, source.rate, source.channels, silence, timeline))
    return lines


def _on_its_part(
    item: Placed, source: Sound, sound: MeasuredSound | None, plugins: PluginPort | None
) -> Processor:
    """The step's processor, for all channels or for the part of a pair. Raises BadPlan where there is no pair."""
    part = item.step.part
    if part == "all":
        return _processor(item, source, source.channels, sound, plugins)
    if source.channels != 2:
        raise BadPlan(
            f"Step {item.step.id} ({item.step.effect}) works on the {part} of a stereo sound; "
            f"this one has {source.channels} channel{'' if source.channels == 1 else 's'}."
        )
    return PartOf(_processor(item, source, 1, sound, plugins), part)


def _processor(
    item: Placed, source: Sound, channels: int, sound: MeasuredSound | None, plugins: PluginPort | None
) -> Processor:
    if not isinstance(item.effect, HostedPlugin):
        return item.effect.processor(source.rate, channels, sound)
    if plugins is None:
        raise Unavailable(
            f"S{item.name[1:]} hosts {item.effect.plugin.name}, and there is no plugin host here."
        )
    hosted = partial(plugins.processor, item.effect, source.rate, channels)
    with naming(item.step):
        return hosted() if sound is None else as_loud(sound, hosted)


def _stream(source: Sound, lines: list[Line], ending: Ending | None, sink: Write, progress: Progress) -> int:
    """How many frames came out that were to come out."""
    stage = ", ".join(line.stage for line in lines) or "copying"
    write = sink if ending is None else ending.write
    done = 0
    for block in regular(source.blocks(BLOCK), source.channels):
        done += block.shape[1]
        _through(lines, block, write)
        progress.streaming(done / max(source.frames, done), stage)
    if ending is not None:
        ending.source_ended(done)
    for index, line in enumerate(lines):
        for block in line.finish(lambda: ending is not None and ending.over):
            _through(lines[index + 1 :], block, write)
    progress.passed()
    if ending is None:
        return lines[0].timeline.frames if lines and lines[0].timeline else done
    ending.close()
    return ending.frames


def _through(lines: list[Line], block: Samples, write: Write) -> None:
    for line in lines:
        if not block.shape[1]:
            return
        block = line.process(block)
    if block.shape[1]:
        write(block)


def regular(blocks: Iterator[Samples], channels: int) -> Iterator[Samples]:
    """The same stream cut every BLOCK frames: what a source's own cuts are must not reach any plugin."""
    held = np.zeros((channels, 0), np.float32)
    for block in blocks:
        held = np.concatenate([held, block], axis=1) if held.shape[1] else block
        while held.shape[1] >= BLOCK:
            yield held[:, :BLOCK]
            held = held[:, BLOCK:]
    if held.shape[1]:
        yield held
