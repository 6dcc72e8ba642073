"""Render: a plan made sound, measured before and after, with its promises checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import overload

import numpy as np

from bridge.audio import Audio, Samples
from bridge.effects.processor import Sound
from bridge.effects.timeline import offset_s
from bridge.errors import BadInput, PluginFailed
from bridge.planning.place import MIX
from bridge.planning.plan import Plan, Tail
from bridge.planning.promises.promise import Promise
from bridge.rendering import placing
from bridge.rendering.checks import check_steps
from bridge.rendering.likeness import likeness
from bridge.rendering.line import BLOCK
from bridge.rendering.missing import MissingPlugin, Replaced, asked_in_words, without
from bridge.rendering.mixdown import Mixdown
from bridge.rendering.pipeline import Write, passes, run
from bridge.rendering.placing import Placed
from bridge.rendering.plugins import PluginPort
from bridge.rendering.progress import Progress, Report
from bridge.rendering.proof.listened import Listened
from bridge.rendering.proof.prove import promises_at, prove
from bridge.rendering.proof.short import shortfalls
from bridge.rendering.results import Render, StemsRender, Streamed
from bridge.rendering.second_opinion import SecondOpinion


@overload
def render(
    audio: Audio,
    plan: Plan,
    *,
    plugins: PluginPort | None = None,
    progress: Report | None = None,
    missing_plugin: MissingPlugin = "refuse",
) -> Render: ...
@overload
def render(
    audio: Mapping[str, Audio],
    plan: Plan,
    *,
    plugins: PluginPort | None = None,
    progress: Report | None = None,
    missing_plugin: MissingPlugin = "refuse",
) -> StemsRender: ...
def render(
    audio: Audio | Mapping[str, Audio],
    plan: Plan,
    *,
    plugins: PluginPort | None = None,
    progress: Report | None = None,
    missing_plugin: MissingPlugin = "refuse",
) -> Render | StemsRender:
    """The plan applied to a sound, or to stems by name, in memory.

    One sound takes the steps at "input" and "mix". Each stem takes the steps at its own name and at "input", which
    means every stem; steps at a bus make one more result from the sum of its processed stems, and steps at "mix" one,
    "mix", from the sum of all.
    Tempo and key are not measured: rendering does not promise them. missing_plugin: what becomes of a step whose
    plugin fails.
    Raises BadPlan, BadInput, RenderFailed, PluginFailed, Unavailable, and Cancelled from `progress`.
    """
    replaced = list(asked_in_words(plan))
    while True:
        try:
            done = _render_once(audio, plan, plugins, progress)
        except PluginFailed as failed:
            if plugins is None:
                raise
            plan, instead = without(plan, failed, missing_plugin, plugins)
            replaced.append(instead)
        else:
            return _telling(done, replaced, plan) if replaced else done


def _render_once(
    audio: Audio | Mapping[str, Audio], plan: Plan, plugins: PluginPort | None, progress: Report | None
) -> Render | StemsRender:
    if isinstance(audio, Audio):
        promises = promises_at(plan, None)
        done = _rendered(audio, placing.at_input(plan), promises, _tail(plan), plugins, progress)
        return replace(done, checks=(*done.checks, *likeness(plan, done.after)))
    return _stems(audio, plan, plugins, progress)


def _telling(done: Render | StemsRender, replaced: list[Replaced], plan: Plan) -> Render | StemsRender:
    """The result, with what stands in for which of its steps, each of them a promise that is not kept."""
    if isinstance(done, StemsRender):
        return replace(done, replaced=tuple(replaced), plan=plan)
    checks = (*done.checks, *(item.check() for item in replaced))
    warnings = (*(item.sentence() for item in replaced), *done.warnings)
    return replace(done, checks=checks, warnings=warnings, replaced=tuple(replaced), plan=plan)


def _stems(
    stems: Mapping[str, Audio], plan: Plan, plugins: PluginPort | None, progress: Report | None
) -> StemsRender:
    if not stems:
        raise BadInput("There are no stems to render.")
    buses = placing.working_buses(plan, stems)
    made = (*stems, *buses, *((MIX,) if placing.placed(plan, (MIX,)) else ()))
    chains = {name: placing.at_stem(plan, name, stems) for name in made}
    done: dict[str, Render] = {}
    for name in made:
        summands = buses.get(name) or placing.mixed(plan, stems)
        audio = stems[name] if name in stems else _sum_of(done, summands)
        promises = promises_at(plan, name, buses)
        report = _part(progress, len(done), len(made), name)
        done[name] = _rendered(audio, chains[name], promises, _tail(plan), plugins, report)
    return StemsRender(done)


def _sum_of(done: Mapping[str, Render], names: Collection[str]) -> Audio:
    """Of results, each from where it begins."""
    return summed({name: done[name].audio for name in names}, {name: done[name].offset_s for name in names})


def _part(report: Report | None, index: int, parts: int, name: str) -> Report | None:
    if report is None:
        return None
    return lambda fraction, stage: report((index + fraction) / parts, f"{name}: {stage}")


def summed(stems: Mapping[str, Audio], starts_s: Mapping[str, float] | None = None) -> Audio:
    """Their sum, from 0 to the last end; mono goes to every channel. Raises BadInput where channels differ.

    starts_s: where one begins, as of a stem whose start was trimmed.
    """
    mix = Mixdown(stems, starts_s)
    nothing: Samples = np.zeros((mix.channels, 0), np.float32)
    return Audio(np.concatenate([nothing, *mix.blocks()], axis=1), mix.rate)


def _rendered(
    audio: Audio,
    steps: tuple[Placed, ...],
    promises: tuple[Promise, ...],
    tail: Tail,
    plugins: PluginPort | None,
    progress: Report | None,
) -> Render:
    from bridge.analysis import SLOW_METRICS, analyze, analyze_sound

    before = analyze(audio, without=SLOW_METRICS)
    blocks: list[Samples] = [np.zeros((audio.channels, 0), np.float32)]
    streamed = _streamed(audio, steps, tail, blocks.append, None, plugins, progress)
    out = Audio(np.concatenate(blocks, axis=1), audio.rate)
    opinion = SecondOpinion(out)
    after = analyze_sound(opinion, without=SLOW_METRICS)
    checks = check_steps(steps, before, after, out.frames, streamed.promised, streamed.unreached, opinion)
    proof = prove(promises, steps, Listened(audio, before), Listened(out, after))
    return Render(
        out,
        before,
        after,
        (*checks, *proof.checks),
        streamed.warnings,
        streamed.bit_exact,
        streamed.bit_exact_reason,
        offset_s=streamed.offset_s,
        reductions=streamed.reductions,
        unproven=proof.unproven,
        shortfalls=shortfalls(proof, steps, after),
    )


def render_stream(
    sound: Sound,
    plan: Plan,
    write: Write,
    *,
    spool_dir: Path | None = None,
    stem: tuple[str, tuple[str, ...]] | None = None,
    plugins: PluginPort | None = None,
    progress: Report | None = None,
) -> Streamed:
    """The plan applied to a sound that is read and written in blocks: the same frames as `render`, in bounded memory.

    sound: read again from the start where a step needs to know it all. write: called with blocks [shape=(channels,
    frames)]. stem: (its name, the names of all stems) where the sound is one of several; None is a sound alone.
    Raises what `render` raises; what was written until then is worth nothing.
    """
    steps = placing.at_input(plan) if stem is None else placing.at_stem(plan, *stem)
    return _streamed(sound, steps, _tail(plan), write, spool_dir, plugins, progress)


def _streamed(
    sound: Sound,
    steps: tuple[Placed, ...],
    tail: Tail,
    write: Write,
    spool_dir: Path | None,
    plugins: PluginPort | None,
    report: Report | None,
) -> Streamed:
    frames = 0

    def counted(block: Samples) -> None:
        nonlocal frames
        frames += block.shape[1]
        write(block)

    progress = Progress(report, passes(steps), sound.frames, BLOCK)
    remarks = run(sound, steps, tail, counted, spool_dir=spool_dir, plugins=plugins, progress=progress)
    return Streamed(
        frames,
        remarks.promised,
        tuple(dict.fromkeys(remarks.warnings)),
        remarks.unreached,
        tuple(dict.fromkeys(remarks.unrepeatable)),
        tuple(dict.fromkeys(remarks.unexamined)),
        offset_s(remarks.timelines, sound.rate),
        remarks.reductions,
    )


def _tail(plan: Plan) -> Tail:
    return plan.tail or Tail()
