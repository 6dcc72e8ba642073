"""What a job's result says where a plugin printed without end while it was rendered."""

from __future__ import annotations

from bridge.jobs.spec import Planned, Rendered

FLOOD_MB = 1.0
"""What a job may print beyond the room of its log before its result says so."""


def with_flood(rendered: Rendered, planned: Planned, dropped_mb: float) -> Rendered:
    """With a warning where the render worker, or rather a plugin in it, printed much more than its log takes.

    A plugin in a process of its own says so itself.
    """
    if dropped_mb < FLOOD_MB:
        return rendered
    steps = () if planned.outcome.plan is None else planned.outcome.plan.steps
    names = dict.fromkeys(
        str(step.parameters["plugin"]["name"])
        for step in steps
        if step.effect == "hosted_plugin" and step.enabled
    )
    who = " or ".join(names) or "the render worker"
    said = f"{who} floods its log ({dropped_mb:.0f} MB dropped)."
    return rendered.model_copy(update={"warnings": (*rendered.warnings, said)})
