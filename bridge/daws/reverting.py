"""Revert: what an apply changed, back to what stood there before; not where somebody has turned it since."""

from __future__ import annotations

from itertools import groupby

from bridge.daws.journal import Before, Journal, Kept
from bridge.daws.link import ACTIVE, MIXER, Link
from bridge.daws.setting import Gone, Spot, found, set_device
from bridge.daws.table import Setting
from bridge.daws.written import Applied, Written
from bridge.errors import BadInput, Unavailable


def revert(kept: Kept, link: Link, journal: Journal, force: bool = False) -> Applied:
    """journal: of this revert, so that it can be taken back itself. force: also what was changed by hand since.

    A device that the apply inserted is bypassed: taking it away might take the user's work with it.
    Raises BadInput where it was reverted before, or belongs to another DAW.
    """
    if kept.daw != link.daw:
        raise BadInput(f"{kept.id} was applied in {kept.daw}, not in {link.daw}.")
    if kept.reverted and not force:
        raise BadInput(f"{kept.id} was reverted before; --force does it once more.")
    written: list[Written] = []
    warnings: list[str] = []
    for spot, lines in groupby(reversed(kept.lines), key=_spot):
        told, warned = _device(link, journal, spot, list(lines), force)
        written += told
        warnings += warned
    for track_id, device, nth in kept.inserted:
        told, warned = set_device(
            link,
            journal,
            Spot(track_id, track_id, device, nth),
            [("revert", Setting(ACTIVE, 0.0, "", "off"))],
        )
        written += told
        warnings += warned
    applied = Applied(
        id=journal.id, daw=link.daw, plan=kept.plan, written=tuple(written), warnings=tuple(warnings)
    )
    journal.done(applied)
    if applied.ok:
        kept.mark_reverted()
    return applied


def _spot(line: Before) -> Spot:
    return Spot(line.track_id, line.track, line.device, line.nth)


def _device(
    link: Link, journal: Journal, spot: Spot, lines: list[Before], force: bool
) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    back: list[Before] = []
    kept: list[Written] = []
    try:
        present = {p.name: p for p in link.parameters(*found(link, spot))}
    except (Gone, Unavailable):
        present = {}
    for line in lines:
        now = present.get(line.parameter)
        turned = (
            now is not None and not now.same(now.value, line.wanted) and not now.same(now.value, line.before)
        )
        if turned and not force:
            assert now is not None
            kept.append(_kept(line, now.value))
        else:
            back.append(line)
    settings = [("revert", Setting(line.parameter, line.before, "", line.before, line.unit)) for line in back]
    told, warnings = set_device(link, journal, spot, settings) if settings else ((), ())
    return (*kept, *told), warnings


def _kept(line: Before, now: float) -> Written:
    """The mixer and every device alike: the user's hand rules."""
    return Written(
        step="revert",
        track=line.track,
        device=line.device or MIXER,
        parameter=line.parameter,
        asked=line.before,
        got=now,
        before=now,
        unit=line.unit,
        verdict="failed",
        reason=f"it was turned to {now:g} since; --force puts it back",
    )
