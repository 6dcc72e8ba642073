"""REAPER's .RfxChain: a text of chunks, one for each effect, that REAPER's own plugins play.

Only states that are known to the byte are written: ReaEQ's, and JS effects, whose state is the list of their sliders.
Not opened in REAPER.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from bridge.effects.equalizer import Equalizer
from bridge.effects.gain import Gain
from bridge.effects.limiter import Limiter
from bridge.effects.pan import Pan
from bridge.planning.plan import Plan, Step
from bridge.reports.exchange import Exported, reaeq

_SLIDERS = 64
_NAMESPACE = uuid.UUID("5f0c2f0e-6f0e-4b58-9d3b-0f8a8f6c1d7a")
_SHELVES = "shelves are of ReaEQ's own shape"


def rfxchain(plan: Plan, where: str | None = None) -> Exported:
    """One chain. where: the place whose steps are taken, where the plan works at several; None takes all.

    What REAPER has no text for is left out and named.
    """
    lines: list[str] = []
    carried: list[str] = []
    left_out: list[str] = []
    for step in plan.steps:
        if where is not None and step.where != where:
            continue
        chunk = _chunk(step)
        if isinstance(chunk, str):
            left_out.append(f"{step.id} ({step.effect}): {chunk}.")
            continue
        lines += [f"BYPASS {0 if step.enabled else 1} 0 0", *chunk, ">"]
        if step.wet != 1.0:
            lines.append(f"WET {step.wet:g} 0")
        fx = str(uuid.uuid5(_NAMESPACE, f"{plan.id}/{step.id}")).upper()
        lines += ["FLOATPOS 0 0 0 0", f"FXID {{{fx}}}", "WAK 0 0"]
        carried.append(step.id)
        left_out += [f"{step.id} ({step.effect}): {note}." for note in _notes(step)]
    return Exported("\n".join([*lines, ""]).encode(), tuple(carried), tuple(left_out))


def _chunk(step: Step) -> list[str] | str:
    """The chunk without its end, or why there is none."""
    if step.part != "all":
        return f"a chain has no {step.part} alone"
    make = _MADE.get(step.effect)
    return make(step) if make else "no plugin of REAPER's is written as text for it"


def _notes(step: Step) -> list[str]:
    told = [] if step.region is None else ["its stretch of time is not carried over; it works all the time"]
    shelves = any("shelf" in band["kind"] for band in step.parameters.get("bands", ()))
    return told + ([_SHELVES] if step.effect == "equalizer" and shelves else [])


def _equalizer(step: Step) -> list[str] | str:
    effect = Equalizer.model_validate(step.parameters)
    return reaeq.lines(effect.bands)


def _js(name: str, *sliders: float) -> list[str]:
    """A JS effect with its sliders in order; those that are not said stay as they are."""
    said = [f"{value:.6g}" for value in sliders]
    return [f'<JS {name} ""', "  " + " ".join([*said, *["-"] * (_SLIDERS - len(said))])]


def _gain(step: Step) -> list[str] | str:
    effect = Gain.model_validate(step.parameters)
    return _js("utility/volume_pan", effect.gain_db, 0.0, 0.0)


def _pan(step: Step) -> list[str] | str:
    effect = Pan.model_validate(step.parameters)
    return _js("utility/volume_pan", 0.0, effect.position, 0.0)


def _limiter(step: Step) -> list[str] | str:
    """Threshold, release in ms, ceiling: with both levels alike it adds no gain. It does not look between samples."""
    effect = Limiter.model_validate(step.parameters)
    return _js("loser/MGA_JSLimiter", effect.ceiling_dbtp, effect.release_ms, effect.ceiling_dbtp)


_MADE: dict[str, Callable[[Step], list[str] | str]] = {
    "equalizer": _equalizer,
    "gain": _gain,
    "pan": _pan,
    "limiter": _limiter,
}
