"""Tables of devices: what our effects are called in a DAW, and which of its parameters say the same.

Each DAW has one, in its `devices.py`. What has no row, or what a row cannot say, is rendered to a file instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bridge.daws.link import Parameter
from bridge.effects.effect import Effect


@dataclass(frozen=True)
class Setting:
    """One parameter of a device and what it shall come to.

    parameter: its name in the DAW. value: in the DAW's own units, or as it is displayed (`by_display`), where the curve
    between the two is not known: the value is then found by bisecting. relative: added to what is set now.
    of: our parameter ("ratio", "bands[2].gain_db"). asked, unit: as the plan says it.
    """

    parameter: str
    value: float
    of: str
    asked: float | str
    unit: str = ""
    relative: bool = False
    by_display: bool = False


@dataclass(frozen=True)
class Translated:
    """settings of one device; left: what of the step it cannot do, one sentence each."""

    settings: tuple[Setting, ...] = ()
    left: tuple[str, ...] = ()


Present = Mapping[str, Parameter]
"""A device's parameters by name, as they stand now: a band that the user has set is not taken for ours."""


@dataclass(frozen=True)
class Row:
    """One of our effects on one device of the DAW.

    translate: the effect's settings there. insert: what the DAW knows it by when it is put on a track; empty where it
    cannot be put there by us.
    """

    effect: str
    device: str
    translate: Callable[[Effect, Present], Translated] = field(repr=False)
    insert: str = ""


Table = Sequence[Row]
"""Rows of one effect stand in the order of preference."""


def rows_for(table: Table, effect: str) -> tuple[Row, ...]:
    return tuple(row for row in table if row.effect == effect)


def unmet(reasons: Mapping[str, bool]) -> tuple[str, ...]:
    """Of what a device might leave undone, the sentences that hold for this step."""
    return tuple(why for why, holds in reasons.items() if holds)
