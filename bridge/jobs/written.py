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

if TYPE_CHECKING:
    from bridge.jobs.run import Ports
    from bridge.jobs.spec import JobSpec
    from bridge.rendering.check import Check
    from bridge.rendering.missing import Replaced
    from bridge.rendering.results import Streamed
    from bridge.rendering.second_opinion import SecondOpinion

_WRITTEN = 0.8
"""Share of the time that goes by before the file is opened again."""


@dataclass(frozen=True)
class Written:
    """A verified temporary file. plan: the one that was rendered. warnings: of steps and file; what stands in for
    which step (`replaced`) is not among them. bit_exact, bit_exact_reason: as of `Rendered`."""

    part: RenderedPart
    plan: Plan
    checks: tuple[Check, ...]
    warnings: tuple[str, ...]
    replaced: tuple[Replaced, ...]
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
        checks = _checks(sounding, attempt.plan, before(after), after, streamed, opinion)
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
        plan=attempt.plan,
        checks=checks,
        warnings=warnings,
        replaced=tuple(attempt.replaced),
        bit_exact=streamed.bit_exact,
        bit_exact_reason=streamed.bit_exact_reason,
    )


def _checks(
    piece: Piece, plan: Plan, before: Analysis, after: Analysis, streamed: Streamed, opinion: SecondOpinion
) -> tuple[Check, ...]:
    from bridge.rendering.checks import check, check_steps
    from bridge.rendering.placing import at_stem

    heard = (before, after, after.frames, streamed.promised, streamed.unreached, opinion)
    return check(plan, *heard) if piece.stem is None else check_steps(at_stem(plan, *piece.stem), *heard)
