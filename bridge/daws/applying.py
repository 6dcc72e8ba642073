"""Apply: a plan's parameters into a running DAW. Devices that are on the track already are adjusted, not doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bridge.daws.journal import Journal
from bridge.daws.link import ACTIVE, MIXER, Link
from bridge.daws.moves import Move, moves_of
from bridge.daws.setting import Gone, Spot, set_device, track_of
from bridge.daws.table import Row, Setting, Table, Translated
from bridge.daws.written import Applied, Undone, Written
from bridge.errors import Unavailable
from bridge.planning.plan import Plan

Report = Callable[[float, str], None]


def apply(
    plan: Plan,
    link: Link,
    table: Table,
    journal: Journal,
    track: str | None = None,
    report: Report | None = None,
) -> Applied:
    """track: what "input" means, by name or id. Raises BadInput where a track cannot be told, before anything is sent;
    Unavailable where the DAW does not answer at all. What goes wrong later stands in the account."""
    moves, left = moves_of(plan, table, link.tracks(), track)
    run = _Run(link, journal)
    for at, move in enumerate(moves):
        if report is not None:
            report(at / len(moves), f"{move.track.name}: {move.effect.name}")
        run.move(move)
    applied = Applied(
        id=journal.id,
        daw=link.daw,
        plan=plan.id,
        written=tuple(run.written),
        left=(*left, *run.left),
        warnings=tuple(run.warnings),
    )
    journal.done(applied)
    return applied


class _Run:
    """taken: devices that an earlier step of this plan has set; a second step wants another one."""

    def __init__(self, link: Link, journal: Journal) -> None:
        self._link, self._journal = link, journal
        self._taken: set[tuple[str, str, int]] = set()
        self.written: list[Written] = []
        self.left: list[Undone] = []
        self.warnings: list[str] = []

    def move(self, move: Move) -> None:
        try:
            row, spot, translated = self._device(move)
        except (Gone, Unavailable) as error:
            self.left.append(Undone(step=move.step, effect=move.effect.name, reason=str(error)))
            return
        self.left += [Undone(step=move.step, effect=move.effect.name, reason=why) for why in translated.left]
        self._taken.add((spot.track_id, spot.device, spot.nth))
        settings = [(move.step, setting) for setting in translated.settings]
        if row.device != MIXER and settings:
            settings.insert(0, (move.step, Setting(ACTIVE, 1.0, "", "on")))
        told, warnings = set_device(self._link, self._journal, spot, settings)
        self.written += told
        self.warnings += warnings

    def _device(self, move: Move) -> tuple[Row, Spot, Translated]:
        """Of the devices that are there and free, the one that leaves least undone, the preferred one first; where
        none can do anything, a new one. Raises Gone with what to do."""
        spot = Spot(move.track.id, move.track.name, "")
        there = [found for row in move.rows for found in self._there(move, row, spot)]
        best = min(there, key=lambda found: len(found[2].left), default=None)
        if best is not None and best[2].settings:
            return best
        reasons = []
        for row in move.rows:
            if not row.insert:
                continue
            try:
                return self._inserted(move, row, spot)
            except Unavailable as error:
                reasons.append(str(error))
        if best is not None:
            return best
        names = " or ".join(dict.fromkeys(row.device for row in move.rows))
        raise Gone(
            " ".join([f"{spot.track} has no {names} that is free; put one there and apply again", *reasons])
        )

    def _there(self, move: Move, row: Row, at: Spot) -> Iterator[tuple[Row, Spot, Translated]]:
        track = track_of(self._link, at)
        for device in self._link.devices(track):
            spot = Spot(at.track_id, at.track, device.name, device.nth)
            if device.name == row.device and (row.device == MIXER or self._free(spot)):
                present = {p.name: p for p in self._link.parameters(track, device)}
                yield row, spot, row.translate(move.effect, present)

    def _free(self, spot: Spot) -> bool:
        return (spot.track_id, spot.device, spot.nth) not in self._taken

    def _inserted(self, move: Move, row: Row, at: Spot) -> tuple[Row, Spot, Translated]:
        before = self._count(at, row.device)
        self._link.insert(track_of(self._link, at), row.insert)
        if self._count(at, row.device) != before + 1:
            raise Unavailable(f"{row.device} was asked for on {at.track} and did not come.")
        self._journal.inserted(at.track_id, row.device, before + 1)
        return next(found for found in self._there(move, row, at) if found[1].nth == before + 1)

    def _count(self, at: Spot, device: str) -> int:
        return sum(one.name == device for one in self._link.devices(track_of(self._link, at)))
