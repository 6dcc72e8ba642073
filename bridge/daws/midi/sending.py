"""A plan -> MIDI: which control is turned to which position, and what of the plan no control stands for.

MIDI has no way back: nobody can read what a DAW made of a controller, whether it was learnt at all, or on which device.
So nothing here is ever `applied`; the one verdict is `sent`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from bridge.daws.moves import not_here
from bridge.daws.written import Undone
from bridge.effects import BY_NAME
from bridge.midi.mapping import Entry, MidiMap, with_unit
from bridge.midi.parameter import ACTIVE
from bridge.planning.plan import Plan, Step
from bridge.planning.value import Value

UNCONFIRMED = "sent, not confirmed: MIDI has no way back. Look at the device in your DAW."


class Sent(Value):
    """One parameter as it was sent. asked: as the plan says it. meant: what that position stands for in the map.

    held: where asked lies outside of the map's span. verdict: never more than that it was sent.
    """

    step: str
    parameter: str
    asked: float | str
    unit: str = ""
    control: str
    position: int
    highest: int
    meant: str
    held: bool = False
    verdict: Literal["sent"] = "sent"
    messages: tuple[bytes, ...] = Field(exclude=True, default=())

    def sentence(self) -> str:
        """ "compressor.threshold_db -18 dBFS: CC 21, channel 16 to 89 of 127, which stands for -17.953 dBFS"."""
        asked = self.asked if isinstance(self.asked, str) else with_unit(self.asked, self.unit)
        held = "; held at the end of the map's span" if self.held else ""
        return (
            f"{self.parameter} {asked}: {self.control} to {self.position} of {self.highest}, "
            f"which stands for {self.meant}{held}"
        )


class Sending(Value):
    """All of a plan. left: what no control stands for."""

    map: str
    sent: tuple[Sent, ...] = ()
    left: tuple[Undone, ...] = ()


def sending(plan: Plan, by: MidiMap) -> Sending:
    """Nothing is sent yet."""
    sent: list[Sent] = []
    left: list[Undone] = []
    counted: Counter[tuple[str, str]] = Counter()
    for step in plan.steps:
        place = (step.effect, step.where)
        counted[place] += 1
        entries = [
            entry
            for entry in by.entries
            if (entry.parameter.effect, entry.where, entry.nth) == (*place, counted[place])
        ]
        turned = list(_turned(step, entries))
        sent += turned
        left += [Undone(step=step.id, effect=step.effect, reason=why) for why in _left(step, entries, by)]
    return Sending(map=by.name, sent=tuple(sent), left=tuple(left))


def _turned(step: Step, entries: list[Entry]) -> Iterator[Sent]:
    """A step that is switched off turns its switch alone."""
    if not_here(step, entries):
        return
    parameters = _parameters(step)
    for entry in entries:
        path = entry.parameter.path
        if path == ACTIVE:
            value: float | str | None = "on" if step.enabled else "off"
        else:
            value = entry.parameter.value(parameters) if step.enabled else None
        if value is not None:
            yield _sent(step, entry, value)


def _sent(step: Step, entry: Entry, value: float | str) -> Sent:
    position, within = entry.position(value)
    control = entry.control
    return Sent(
        step=step.id,
        parameter=entry.parameter.name,
        asked=value,
        unit=entry.parameter.unit,
        control=str(control),
        position=position,
        highest=control.highest,
        meant=entry.said(position),
        held=not within,
        messages=(*control.messages(position), *control.afterwards()),
    )


def _parameters(step: Step) -> Mapping[str, Any]:
    """As the effect understands them, its defaults filled in."""
    return BY_NAME[step.effect].model_validate(step.parameters).parameters()


def _left(step: Step, entries: list[Entry], by: MidiMap) -> Iterator[str]:
    if not step.enabled:
        return
    why = not_here(step, [step])
    if why:
        yield why
    elif not entries:
        yield f"no control of the map {by.name!r} stands for it; render it to a file, or give it one"
    else:
        known = {entry.parameter.path for entry in entries}
        missing = [path for path in _said(step) if path not in known]
        if missing:
            yield f"no control of the map {by.name!r} stands for {', '.join(missing)}"


def _said(step: Step) -> Iterator[str]:
    """What the plan says that is not so anyway: "ratio", "bands[2].gain_db"."""
    usual = {name: field.default for name, field in BY_NAME[step.effect].model_fields.items()}
    for name, value in step.parameters.items():
        rows = value if isinstance(value, list) else []
        told = [
            f"{name}[{nth}].{key}" for nth, row in enumerate(rows, 1) if isinstance(row, dict) for key in row
        ]
        if told:
            yield from told
        elif value is not None and value != usual.get(name):
            yield name
