"""Impulse responses that a plan names: opened within the allowed folders, and held by what they were."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from bridge.effects.impulse_files import impulse_files, read_impulse
from bridge.planning.plan import Outcome, Step

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import Roots


def reading(roots: Roots | None) -> AbstractContextManager[None]:
    """Within this, steps may read files in these folders; None allows any."""
    from bridge.files import open_sound

    def opened(path: str) -> AbstractContextManager[Sound]:
        return open_sound(path, roots)

    return impulse_files(opened)


def holding(outcome: Outcome, roots: Roots | None) -> Outcome:
    """The plan with the hash of every file that its steps name, so that it renders the same again or not at all.

    Raises what opening such a file raises, and BadInput for one that is no impulse response.
    """
    plan = outcome.plan
    if plan is None or not any(_names_a_file(step) for step in plan.steps):
        return outcome
    with reading(roots):
        steps = tuple(_held(step) for step in plan.steps)
    return outcome.model_copy(update={"plan": plan.model_copy(update={"steps": steps}).with_id()})


def _names_a_file(step: Step) -> bool:
    return step.effect == "convolution_reverb" and bool(step.parameters.get("file"))


def _held(step: Step) -> Step:
    if not _names_a_file(step) or step.parameters.get("sha256"):
        return step
    sha256 = read_impulse(str(step.parameters["file"])).sha256
    return step.model_copy(update={"parameters": {**step.parameters, "sha256": sha256}})
