"""A version of several stems as one sound: their mix, which is what two versions are compared by."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.jobs.sounds import Fraction, must_be_the_planned_one, opened
from bridge.jobs.spec import JobSpec, Part, Side
from bridge.jobs.stems_rendered import render_with_mix
from bridge.planning.place import MIX
from bridge.rendering.placing import working_buses

if TYPE_CHECKING:
    from bridge.effects.processor import Sound
    from bridge.jobs.run import Ports


def heard_mix(
    spec: JobSpec, side: Side, ports: Ports, bar: Fraction, open_: ExitStack, warnings: list[str]
) -> Sound:
    """The mix of that version, kept until `open_` ends: of the untouched stems, or of what the plan makes of them.

    Raises what rendering stems raises.
    """
    if side.plan is None:
        return _untouched(spec, ports, open_)
    from bridge.files import open_sound

    folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="compare-", dir=ports.spool)))
    parts = _with_buses(spec, side)
    outputs = {name: str(folder / f"{number}{Path(part.name).suffix}")
               for number, (name, part) in enumerate(parts.items())}  # fmt: skip
    own = spec.model_copy(update={"plan": side.plan, "sides": {}, "parts": parts, "outputs": outputs})

    def report(fraction: float, stage: str) -> None:
        bar(fraction)

    rendered = render_with_mix(own, ports, report, (0.0, 1.0))
    warnings += rendered.warnings
    return open_.enter_context(open_sound(rendered.parts[MIX].output))


def _untouched(spec: JobSpec, ports: Ports, open_: ExitStack) -> Sound:
    from bridge.rendering.mixdown import Mixdown

    sounds: dict[str, Sound] = {}
    for name, part in spec.parts.items():
        if part.source is not None:
            sound = open_.enter_context(opened(part.source.path, ports.roots, planned=True))
            must_be_the_planned_one(sound, part.source)
            sounds[name] = sound
    return Mixdown(sounds, {name: spec.parts[name].start_s for name in sounds})


def _with_buses(spec: JobSpec, side: Side) -> dict[str, Part]:
    """The stems, the buses of this version's own plan, and the mix."""
    assert side.plan is not None
    stems = {name: part for name, part in spec.parts.items() if part.source is not None}
    mix = spec.parts[MIX]
    buses = {
        name: mix.model_copy(update={"name": f"bus-{number}{Path(mix.name).suffix}"})
        for number, name in enumerate(working_buses(side.plan, tuple(stems)))
    }
    return {**stems, **buses, MIX: mix}
