"""A ceiling for what a rendering has shown to pass full scale, where the file cannot hold it.

Planning foresees what lifts peaks; that a phase turned, a place between two samples, or two sounds added pass full
scale is known once it was rendered.
"""

from __future__ import annotations

from bridge.effects.limiter import Limiter
from bridge.planning.plan import Plan, Step
from bridge.planning.safety import HEADROOM

_TOP_DBTP = -0.3
"""Near enough to full scale that only what stands out is touched, and below it for every meter."""
_MARK = "-ceiling"


def under_full_scale(plan: Plan, where: str, overs: int) -> Plan | None:
    """The plan with a limiter behind all that is done to the sound at `where`, of which `overs` samples went over full
    scale; None where there is one already, or the words forbid it."""
    if any(step.where == where and step.id.endswith(_MARK) for step in plan.steps):
        return None
    if any(intent.operation == "keep" and intent.subject == "effect:limiter" for intent in plan.intents):
        return None
    limiter = Limiter(ceiling_dbtp=_TOP_DBTP)
    step = Step(
        id=_free(plan),
        effect=limiter.name,
        where=where,
        parameters=limiter.parameters(),
        intent=HEADROOM,
        reason=f"{sentence(overs)}: {limiter.describe()}.",
    )
    return plan.model_copy(update={"steps": (*plan.steps, step), "parent_id": plan.id}).with_id()


def _free(plan: Plan) -> str:
    taken = {step.id for step in plan.steps}
    return next(name for number in range(1, len(taken) + 2) if (name := f"s{number}{_MARK}") not in taken)


def sentence(overs: int) -> str:
    """What was found, for a reason or a warning."""
    samples = "1 sample was" if overs == 1 else f"{overs} samples were"
    return f"{samples} over full scale behind the other steps, and the file cannot hold that"
