"""One sound of a job on its way to one file: written, synced, opened again, measured, held against its plan."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.analysis.reading import Analysis
from bridge.jobs.attempt import Attempt, Piece
from bridge.jobs.sounds import Progress, reopened, share
from bridge.jobs.spec import RenderedPart
from bridge.planning.plan import Plan
from bridge.rendering.proof.prove import Proof
from bridge.rendering.proof.short import shortfalls

if TYPE_CHECKING:
    from bridge.jobs.run import Ports
    from bridge.jobs.spec import JobSpec
    from bridge.planning.promises.refining import Shortfall
    from bridge.rendering.check import Check
    from bridge.rendering.missing import Replaced
    from bridge.rendering.placing import Placed
    from bridge.rendering.results import Streamed
    from bridge.rendering.second_opinion import SecondOpinion

_WRITTEN = 0.8
"""Share of the time that goes by before the file is opened again."""


@dataclass(frozen=True)
class Written:
    """A verified temporary file. after: what is in it. plan: the one that was rendered. warnings: of steps and
    file; what stands in for which step (`replaced`) is not among them. shortfalls: wishes that want more. unproven,
    bit_exact, bit_exact_reason: as of `Rendered`."""

    part: RenderedPart
    after: Analysis
    plan: Plan
    checks: tuple[Check, ...]
    warnings: tuple[str, ...]
    replaced: tuple[Replaced, ...]
    unproven: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    bit_exact: bool | None
    bit_exact_reason: str | None


@dataclass(frozen=True)
class Bar:
    """Where on the job's bar one file's time lies."""

    progress: Progress
    start: float
    end: float

    @property
    def middle(self) -> float:
        return self.start + _WRITTEN * (self.end - self.start)


def write(
    spec: JobSpec,
    ports: Ports,
    plan: Plan,
    piece: AbstractContextManager[Piece],
    output: Path,
    before: Callable[[Analysis], Analysis],
    bar: Bar,
) -> Written:
    """piece: what is rendered, open while it is. before: what it was, given what it became. Raises what rendering
    raises, and then leaves no file."""
    rendering = share(bar.progress, bar.start, bar.middle, "render")
    attempt = Attempt(spec, ports, lambda done, _: rendering(done), plan)
    try:
        with piece as sounding:
            streamed, warnings = attempt.write(sounding, output)
            verifying = share(bar.progress, bar.middle, bar.end, "verify")
            after, opinion, sha256 = reopened(output, verifying)
            was = before(after)
            proof = _proof(sounding, attempt.plan, was, after, output)
        checks = (*_checks(sounding, attempt.plan, was, after, streamed, opinion), *proof.checks)
    except BaseException:
        output.unlink(missing_ok=True)
        raise
    return Written(
        part=RenderedPart(
            output=str(output),
            sha256=sha256,
            after=after.readings_json(),
            offset_s=streamed.offset_s,
            reductions={step: curve.to_json() for step, curve in streamed.reductions.items()},
        ),
        after=after,
        plan=attempt.plan,
        checks=checks,
        warnings=warnings,
        replaced=tuple(attempt.replaced),
        unproven=proof.unproven,
        shortfalls=shortfalls(proof, _steps(sounding, attempt.plan), after),
        bit_exact=streamed.bit_exact,
        bit_exact_reason=streamed.bit_exact_reason,
    )


def _steps(piece: Piece, plan: Plan) -> tuple[Placed, ...]:
    from bridge.rendering.placing import at_input, at_stem

    return at_input(plan) if piece.stem is None else at_stem(plan, *piece.stem)


def _proof(piece: Piece, plan: Plan, before: Analysis, after: Analysis, output: Path) -> Proof:
    """The wishes, held against the file as it was opened again."""
    from bridge.analysis import SLOW_METRICS, analyze_sound
    from bridge.files import open_sound
    from bridge.rendering.proof.listened import Listened
    from bridge.rendering.proof.prove import promises_at, prove

    name = None if piece.stem is None else piece.stem[0]
    promises = promises_at(plan, name, [bus.name for bus in plan.buses])
    if not promises:
        return Proof()
    if piece.sound is not None:  # what its steps work on: the sum of stems as they are by now
        before = analyze_sound(piece.sound, without=SLOW_METRICS)
    with open_sound(output) as made:
        source = Listened(piece.sound or piece.file, before)
        return prove(promises, _steps(piece, plan), source, Listened(made, after))


def _checks(
    piece: Piece, plan: Plan, before: Analysis, after: Analysis, streamed: Streamed, opinion: SecondOpinion
) -> tuple[Check, ...]:
    from bridge.rendering.checks import check, check_steps
    from bridge.rendering.placing import at_stem

    heard = (before, after, after.frames, streamed.promised, streamed.unreached, opinion)
    return check(plan, *heard) if piece.stem is None else check_steps(at_stem(plan, *piece.stem), *heard)
