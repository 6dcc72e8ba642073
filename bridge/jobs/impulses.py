"""Impulse responses that a plan names: opened within the allowed folders, and held by what they were."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.effects.impulse_files import Impulse, impulse_files, read_impulse
from bridge.errors import BadInput, BridgeError, PathRefused
from bridge.planning.own_impulse import OwnImpulse
from bridge.planning.plan import Outcome, Step

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.files import Roots


def found_beside(source: str, given: str | None, roots: Roots | None) -> OwnImpulse:
    """The response given for a job, and how one that its words name is found: as it is named, beside the source, then
    in each allowed folder. given: its path, admitted already."""

    def find(name: str) -> str:
        places = [Path(source).parent, *(roots.folders if roots else ())]
        return _found(name, dict.fromkeys(places), roots)

    return OwnImpulse(given or "", find)


def _found(name: str, places: Iterable[Path], roots: Roots | None) -> str:
    """The first that is there. Raises PathRefused for one in a folder that is not allowed, BadInput for none."""
    for place in places:
        path = place / name
        try:
            if roots is not None:
                return str(roots.admit(path))
            if os.path.lexists(path):
                return str(path)
        except PathRefused as error:
            if error.verdict != "missing":
                raise type(error)(f"impulse response {error.message}", error.verdict) from error
    raise BadInput(
        f"There is no impulse response {name!r} beside the sound or in an allowed folder; put it into one of them, or "
        "name it with its folder."
    )


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
    sha256 = _read(str(step.parameters["file"])).sha256
    return step.model_copy(update={"parameters": {**step.parameters, "sha256": sha256}})


def _read(path: str) -> Impulse:
    """Raises what reading it raises, with "impulse response" before it."""
    try:
        return read_impulse(path)
    except PathRefused as error:
        raise type(error)(f"impulse response {error.message}", error.verdict) from error
    except BridgeError as error:
        said = error.message
        raise BadInput(said if "impulse response" in said else f"impulse response {said}") from error
