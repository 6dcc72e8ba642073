"""A plan rendered in memory, and once more, stronger, where its wishes fell short."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from bridge.planning.plan import Plan
from bridge.planning.promises.refining import refined
from bridge.rendering.proof.better import is_better, told, wants_more
from bridge.rendering.results import Render, StemsRender

Result = Render | StemsRender


def refined_once(plan: Plan, render: Callable[[Plan], Result]) -> Result:
    """The better of the two results; its `plan` is the one that was rendered where that is not the one given, and a
    warning of one sound's result tells of the round."""
    first = render(plan)
    more = refined(first.plan or plan, first.shortfalls)
    if more is None:
        return first
    begun = time.monotonic()
    second = render(more)
    kept = is_better(second.checks, first.checks)
    said = told(wants_more(first.checks), second.checks, kept, time.monotonic() - begun)
    return _telling(second, said, second.plan or more) if kept else _telling(first, said, first.plan)


def _telling(done: Result, said: str, plan: Plan | None) -> Result:
    if isinstance(done, StemsRender):
        return replace(done, plan=plan, notes=(*done.notes, said))
    return replace(done, plan=plan, warnings=(*done.warnings, said))
