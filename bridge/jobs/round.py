"""The round of refinement: a plan whose wishes fell short is rendered once more, stronger, and the better is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bridge.jobs.job import Job
from bridge.jobs.ledger import Ledger
from bridge.jobs.spec import Planned, Refined, Rendered
from bridge.planning.plan import Plan
from bridge.processes.crash import point
from bridge.rendering.check import Check
from bridge.rendering.proof.better import is_better, told, wants_more

Render = Callable[[Planned, Plan | None, bool | None], Rendered]
"""Renders a plan into a fresh temporary file; the flag says whether it may propose a refinement."""


class Round:
    """must: raises where the ledger has gone on without this run.

    The refined plan and what the first rendering came to are frozen in the ledger before the second begins; a run that
    comes after a crash compares with what is frozen, so that both end with the same plan.
    """

    def __init__(
        self, ledger: Ledger, job: Job, planned: Planned, render: Render, must: Callable[[bool], None]
    ) -> None:
        self._ledger, self._job, self._planned = ledger, job, planned
        self._plan = planned.outcome.plan
        self._render, self._must = render, must

    def rendered(self) -> Rendered:
        """The better of the two, or the one where the first hit or nothing more could be done."""
        if (
            self._plan is None or self._planned.talk is not None
        ):  # "even more" goes on from the plan that was heard
            return self._render(self._planned, self._plan, False)
        frozen = self._frozen(self._plan)
        if frozen is not None:
            return self._again(frozen, self._plan)
        first = self._render(self._planned, self._plan, self._job.options.get("refine"))
        return first if first.refinement is None else self._once_more(first, first.refinement, self._plan)

    def _once_more(self, first: Rendered, plan: Plan, planned: Plan) -> Rendered:
        begun = time.monotonic()
        content = {
            "of": planned.id, "plan": plan.to_json(), "checks": [check.model_dump() for check in first.checks],
        }  # fmt: skip
        self._must(self._ledger.runs.refine(self._job.id, self._job.attempt, content))
        point("refined")
        second = self._render(self._planned, plan, False)
        refined = _refined(first.checks, second.checks, time.monotonic() - begun)
        if refined.kept:
            _drop(first)
            return _as(second, plan, refined)
        _drop(second)
        return _as(first, None, refined)

    def _frozen(self, planned: Plan) -> dict[str, Any] | None:
        """None also where it belongs to a plan that was made anew since."""
        found: dict[str, Any] | None = self._ledger.document(self._job.id, "refined")
        return found if found is not None and found["of"] == planned.id else None

    def _again(self, frozen: dict[str, Any], planned: Plan) -> Rendered:
        begun = time.monotonic()
        plan = Plan.model_validate(frozen["plan"])
        first = tuple(Check.model_validate(check) for check in frozen["checks"])
        second = self._render(self._planned, plan, False)
        refined = _refined(first, second.checks, time.monotonic() - begun)
        if refined.kept:
            return _as(second, plan, refined)
        _drop(second)
        return _as(self._render(self._planned, planned, False), None, refined)


def _refined(first: tuple[Check, ...], second: tuple[Check, ...], seconds: float) -> Refined:
    short = {check.name for check in wants_more(first)}
    return Refined(
        kept=is_better(second, first),
        first=tuple(check for check in first if check.name in short),
        second=tuple(check for check in second if check.name in short),
        seconds=round(seconds, 3),
    )


def _as(rendered: Rendered, plan: Plan | None, refined: Refined) -> Rendered:
    said = told(refined.first, refined.second, refined.kept, refined.seconds)
    return rendered.model_copy(
        update={
            "plan": rendered.plan or plan,
            "refinement": None,
            "refined": refined,
            "warnings": (*rendered.warnings, said),
        }
    )


def _drop(rendered: Rendered) -> None:
    """What is not delivered; swept with all temporary files where that fails."""
    for part in rendered.parts.values() or (rendered,):
        try:
            Path(part.output).unlink(missing_ok=True)
        except OSError:
            continue
