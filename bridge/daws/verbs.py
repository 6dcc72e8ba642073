"""List, apply, revert: what the command line and the daemon ask of a running DAW. Each opens its link and closes it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.daws import journal, reverting
from bridge.daws.applying import Report, apply
from bridge.daws.daw import Daw, daw_called
from bridge.daws.journal import Journal, Kept
from bridge.daws.link import Device, Link, Parameter, Track
from bridge.daws.written import Applied
from bridge.errors import BadInput
from bridge.planning.plan import Plan

if TYPE_CHECKING:
    from bridge.config import Settings

Chain = tuple[tuple[Device, tuple[Parameter, ...]], ...]


def folder(settings: Settings) -> Path:
    """Where the journals lie."""
    return settings.state / "daws"


def listed(daw: Daw, settings: Settings, track: str | None = None) -> tuple[tuple[Track, Chain], ...]:
    """Tracks with their devices and parameters as they are now. track: that one alone, by name or id."""
    with _linked(daw, settings) as link:
        found = [one for one in link.tracks() if track is None or track in (one.id, one.name)]
        if track is not None and not found:
            names = ", ".join(one.name for one in link.tracks())
            raise BadInput(f"There is no track {track!r}. The session has {names}.")
        return tuple(
            (one, tuple((device, link.parameters(one, device)) for device in link.devices(one)))
            for one in found
        )


def apply_plan(
    daw: Daw,
    settings: Settings,
    plan: Plan,
    id: str,
    track: str | None = None,
    report: Report | None = None,
) -> Applied:
    """See `applying.apply`. id: of the journal, by which it is reverted."""
    with _linked(daw, settings) as link:
        return apply(plan, link, daw.table, Journal(folder(settings), id, daw.name, plan.id), track, report)


def revert(settings: Settings, id: str, as_id: str, force: bool = False) -> Applied:
    """Puts back what the apply `id` changed. as_id: of the revert's own journal."""
    kept = Kept(folder(settings), id)
    with _linked(daw_called(kept.daw), settings) as link:
        return reverting.revert(kept, link, Journal(folder(settings), as_id, kept.daw, kept.plan, id), force)


def newest(settings: Settings, daw: str) -> str:
    """Id of the last apply in that DAW that was not reverted. Raises BadInput where there is none."""
    for id in journal.ids(folder(settings)):
        kept = Kept(folder(settings), id)
        if kept.daw == daw and kept.lines and not kept.reverted and not kept.is_revert:
            return id
    raise BadInput(f"Nothing was applied in {daw} that could be put back.")


@contextlib.contextmanager
def _linked(daw: Daw, settings: Settings) -> Iterator[Link]:
    link = daw.connect(settings)
    try:
        yield link
    finally:
        link.close()
