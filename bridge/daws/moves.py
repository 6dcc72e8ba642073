"""A plan -> moves: which step sets a device on which track, and what of the plan no device of the DAW can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.daws.link import Track
from bridge.daws.table import Row, Table, rows_for
from bridge.daws.written import Undone
from bridge.effects import BY_NAME
from bridge.effects.effect import Effect
from bridge.errors import BadInput
from bridge.planning.plan import Plan, Step

MIX = "mix"
INPUT = "input"


@dataclass(frozen=True)
class Move:
    """One step of a plan on one track. rows: devices that can do it, the preferred one first."""

    step: str
    effect: Effect
    track: Track
    rows: tuple[Row, ...]


def moves_of(
    plan: Plan, table: Table, tracks: Sequence[Track], track: str | None
) -> tuple[tuple[Move, ...], tuple[Undone, ...]]:
    """track: name or id of what "input" means. Raises BadInput where a track is unknown, or two share a name."""
    moves: list[Move] = []
    left: list[Undone] = []
    for step in plan.steps:
        if not step.enabled:
            continue
        rows = rows_for(table, step.effect)
        why = not_here(step, rows)
        if why:
            left.append(Undone(step=step.id, effect=step.effect, reason=why))
            continue
        meant = _track(step.where, tracks, track)
        moves.append(Move(step.id, BY_NAME[step.effect].model_validate(step.parameters), meant, rows))
    return tuple(moves), tuple(left)


def not_here(step: Step, rows: Sequence[object]) -> str:
    """Why a step cannot be done by a device of the DAW; empty where `rows` can."""
    if step.region is not None:
        return "it works on a stretch of time only; render it to a file"
    if step.part != "all":
        return f"it works on the {step.part} signal only; render it to a file"
    if step.wet < 1:
        return f"it is heard at {100 * step.wet:g} %; render it to a file"
    if not rows:
        return "no device of this DAW is known for it; render it to a file"
    return ""


def _track(where: str, tracks: Sequence[Track], given: str | None) -> Track:
    if where == MIX:
        found = [track for track in tracks if track.kind == "master"]
    elif where == INPUT:
        found = _called(given, tracks) if given is not None else [t for t in tracks if t.kind == "audio"]
        where = given or where
    else:
        found = _called(where, tracks)
    if len(found) == 1:
        return found[0]
    names = ", ".join(track.name for track in tracks) or "no track at all"
    if where == INPUT:
        raise BadInput(f"Say which track is meant (--track NAME). The session has {names}.")
    if where == MIX and not found:
        raise BadInput(f"The main track cannot be reached this way. The session has {names}.")
    if not found:
        raise BadInput(f"There is no track {where!r}. The session has {names}.")
    raise BadInput(
        f"{len(found)} tracks are called {where!r}; give them names of their own, or say the id of one."
    )


def _called(name: str | None, tracks: Sequence[Track]) -> list[Track]:
    """By id, else by name as written, else whatever its capitals."""
    name = (name or "").strip()
    for found in (
        [track for track in tracks if track.id == name],
        [track for track in tracks if track.name == name],
        [track for track in tracks if track.name.casefold() == name.casefold()],
    ):
        if found:
            return found
    return []
