"""run_job(spec): one phase of one job, as a function of files and values. Runs in a worker process.

Phase "plan": open, hash, measure, words -> outcome. Phase "render": open again (the hash must be the same), render in
blocks to the temporary file, sync, open that file again, measure it, hold it against the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bridge.analysis import FORM, SLOW_METRICS
from bridge.analysis.reading import Analysis
from bridge.errors import BadRequest
from bridge.jobs.answering import Answering, answering
from bridge.jobs.impulses import found_beside, holding
from bridge.jobs.matching import Pieces, measured_references, rehearsed
from bridge.jobs.outstanding import what_stands_out
from bridge.jobs.sounds import (
    Progress,
    measure,
    measure_once,
    measured_before,
    must_be_the_planned_one,
    must_be_unchanged,
    opened,
    share,
    source_of,
)
from bridge.jobs.spec import JobSpec, Planned, Rendered, Source
from bridge.jobs.tails import with_tail
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Outcome, Plan, Tail
from bridge.processes.crash import point
from bridge.rendering.missing import asked_in_words, told

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import Roots, SoundFile
    from bridge.jobs.attempt import Piece
    from bridge.planning.matching.reference import Aspect, Reference
    from bridge.planning.mixing.ensemble import Ensemble
    from bridge.planning.own_impulse import OwnImpulse
    from bridge.planning.promises.refining import Shortfall
    from bridge.rendering.missing import MissingPlugin
    from bridge.rendering.plugins import PluginPort
    from bridge.session import SoFar


# How a job's time is shared out on the progress bar.
_MEASURED, _PLANNED = 0.25, 0.30


class PlanPort(Protocol):
    """Words and measurements to an outcome: the offline planner, or a model that falls back to it. told: hears how much
    of a model's answer has come."""

    def __call__(
        self,
        words: str,
        analyses: Mapping[str, Analysis],
        *,
        target: str | None = None,
        planner: str | None = None,
        reference: Reference | None = None,
        match: Mapping[Aspect, float] | None = None,
        ensemble: Ensemble | None = None,
        impulse: OwnImpulse | None = None,
        so_far: SoFar | None = None,
        told: Answering | None = None,
    ) -> Outcome: ...


@dataclass(frozen=True)
class Ports:
    """What a job needs from outside.

    roots: folders that inputs must lie in; None allows any. spool: folder for what effects keep meanwhile.
    tail, missing_plugin, refine: where neither the request nor the plan says. names_a_part: whether words name a part
    of a song.
    """

    plan: PlanPort
    spool: Path
    plugins: PluginPort | None = None
    roots: Roots | None = None
    tail: Tail = field(default_factory=Tail)
    missing_plugin: MissingPlugin = "refuse"
    refine: bool = True
    names_a_part: Callable[[str], bool] = lambda words: False


def run_job(
    spec: JobSpec, ports: Ports, progress: Progress = lambda fraction, stage: None
) -> Planned | Rendered:
    """Raises BadInput where the file or the words cannot be used (the job is refused), other BridgeErrors where it
    failed. Leaves no temporary file behind unless it returns."""
    if spec.phase == "plan":
        if spec.album:
            from bridge.jobs.album import plan_album

            return plan_album(spec, ports, progress, _PLANNED)
        if spec.starts and not spec.stems:
            raise BadRequest("starts says where stems begin in a song, and there are none; give stems too.")
        return _plan_stems(spec, ports, progress) if spec.stems else _plan(spec, ports, progress)
    if spec.sides:
        from bridge.jobs.compared import render_sides

        return render_sides(spec, ports, progress, (_PLANNED, 1.0))
    if spec.parts:
        from bridge.jobs.stems_rendered import render_stems

        return render_stems(spec, ports, progress, (_PLANNED, 1.0))
    return _render(spec, ports, progress)


def _plan(spec: JobSpec, ports: Ports, progress: Progress) -> Planned:
    from bridge.files import result_format, result_name

    progress(0.0, "plan")
    with _open(spec, ports) as sound:
        source = source_of(sound)
        pieces = Pieces(sound)
        heard: Sound = pieces if spec.references else sound
        once = spec.so_far is not None and not spec.references
        bar, unwanted = share(progress, 0.0, _MEASURED, "plan"), _unwanted(spec)
        before = measure_once(sound, bar, unwanted) if once else measure(heard, bar, unwanted)
        lacking = _lacking(spec, ports, {INPUT: before})
        if lacking:
            bar, unwanted = share(progress, _MEASURED, _PLANNED, "plan"), lacking.unwanted
            before = measure_once(sound, bar, unwanted) if once else measure(sound, bar, unwanted)
        must_be_unchanged(sound)
        outcome = _outcome(spec, ports, {INPUT: before}, told=answering(progress, _PLANNED))
        if outcome.plan is not None and spec.plan is None and spec.references:
            outcome = outcome.model_copy(update={"plan": rehearsed(outcome.plan, before, pieces.audio)})
        outcome = holding(with_tail(outcome, spec, ports.tail), ports.roots)
        progress(_PLANNED, "plan")
        notes = tuple(note.sentence for note in sound.notes)
        return Planned(
            source=source,
            outcome=outcome,
            before=before.readings_json(),
            spectrum=before.curves.get("spectrum", {}),
            name=result_name(sound.path, result_format(sound.format)),
            warnings=(*notes, *told(outcome, spec.missing_plugin)),
        )


def _plan_stems(spec: JobSpec, ports: Ports, progress: Progress) -> Planned:
    from bridge.jobs.stems import heard_stems

    progress(0.0, "plan")
    with heard_stems(spec, ports.roots, progress, _PLANNED) as heard:
        lacking = _lacking(spec, ports, heard.analyses)
        if lacking:
            heard.measure_tempo(lacking.form)
        outcome = _outcome(spec, ports, heard.analyses, heard.ensemble, answering(progress, _PLANNED))
        outcome = holding(with_tail(outcome, spec, ports.tail), ports.roots)
        parts = heard.parts(outcome.plan)
    main = next(iter(parts.values()))
    assert main.source is not None
    return Planned(
        source=main.source,
        outcome=outcome,
        before=parts[MIX].before,
        name=main.name,
        parts=parts,
        warnings=(*heard.notes, *told(outcome, spec.missing_plugin)),
    )


def _unwanted(spec: JobSpec) -> tuple[str, ...]:
    return () if spec.kind == "analyze" else SLOW_METRICS


@dataclass(frozen=True)
class _Lacking:
    """Tempo and key are still to be measured; form: and the parts of the song."""

    form: bool

    @property
    def unwanted(self) -> tuple[str, ...]:
        return () if self.form else (FORM,)


def _lacking(spec: JobSpec, ports: Ports, analyses: Mapping[str, Analysis]) -> _Lacking | None:
    """Tempo costs more than all else together, so it is measured only for steps that sit on the beat, and for words
    that name a part of the song, which is told by its beats.

    The offline planner, which costs nothing, is asked whether there are such steps.
    """
    if spec.kind == "analyze" or spec.plan is not None:
        return None
    if ports.names_a_part(spec.request):
        return _Lacking(form=True)
    from bridge.rendering.placing import effect_of

    impulse = found_beside(spec.path, spec.impulse, ports.roots)
    draft = ports.plan(
        spec.request, analyses, target=spec.target, planner="offline", impulse=impulse, so_far=spec.so_far
    ).plan
    on_the_beat = draft is not None and any(effect_of(step).wants_tempo for step in draft.steps)
    return _Lacking(form=False) if on_the_beat else None


def _outcome(
    spec: JobSpec,
    ports: Ports,
    analyses: Mapping[str, Analysis],
    ensemble: Ensemble | None = None,
    told: Answering | None = None,
) -> Outcome:
    if spec.plan is not None:
        return Outcome(kind="plan", plan=spec.plan.with_id(), planner=spec.plan.planner)
    if spec.kind == "analyze":
        return what_stands_out(analyses)
    reference = measured_references(spec.references, ports.roots)
    point("plan")
    return ports.plan(
        spec.request,
        analyses,
        target=spec.target,
        planner=spec.planner,
        reference=reference,
        match=spec.match,
        ensemble=ensemble,
        impulse=found_beside(spec.path, spec.impulse, ports.roots),
        so_far=spec.so_far,
        told=told,
    )


def _render(spec: JobSpec, ports: Ports, progress: Progress) -> Rendered:
    from bridge.jobs.written import Bar, write

    assert spec.plan is not None and spec.source is not None and spec.output is not None, spec.job
    progress(_PLANNED, "render")
    asked = asked_in_words(spec.plan, spec.missing_plugin)
    before = measured_before(spec.source, spec.before, spec.spectrum)
    piece, bar = _piece(spec, spec.source, ports), Bar(progress, _PLANNED, 1.0)
    done = write(spec, ports, spec.plan, piece, Path(spec.output), lambda after: before, bar)
    replaced = (*asked, *done.replaced)
    return Rendered(
        **done.part.to_json(),
        checks=(*done.checks, *(item.check() for item in replaced)),
        plan=done.plan if done.plan is not spec.plan else None,
        replaced=replaced,
        warnings=(*(item.sentence() for item in done.replaced), *done.warnings),
        bit_exact=done.bit_exact,
        bit_exact_reason=done.bit_exact_reason,
        unproven=done.unproven,
        refinement=refinement(spec, ports, done.plan, done.shortfalls),
    )


def refinement(spec: JobSpec, ports: Ports, plan: Plan, shortfalls: Iterable[Shortfall]) -> Plan | None:
    """The plan for a second rendering; None where it is not wanted, or nothing falls short that more would help."""
    from bridge.planning.promises.refining import refined

    wanted = ports.refine if spec.refine is None else spec.refine
    return refined(plan, shortfalls) if wanted else None


@contextmanager
def _piece(spec: JobSpec, source: Source, ports: Ports) -> Iterator[Piece]:
    """The planned file, which must be the same before and after."""
    from bridge.jobs.attempt import Piece

    with _open(spec, ports) as sound:
        must_be_the_planned_one(sound, source)
        yield Piece(sound, spec.name or spec.path)
        must_be_unchanged(sound)


def _open(spec: JobSpec, ports: Ports) -> SoundFile:
    return opened(spec.path, ports.roots, planned=spec.phase == "render")
