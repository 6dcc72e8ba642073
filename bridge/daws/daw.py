"""Daw: what the bridge knows of one program, and the list of all that it knows. A DAW is a folder and a name here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.link import Link
    from bridge.daws.table import Table

NAMES: tuple[str, ...] = ("ableton", "ardour")
"""Each is a folder of this package whose `__init__` has DAW."""


@dataclass(frozen=True)
class Daw:
    """connect: a link to the running program; raises Unavailable with what to switch on. table: its devices."""

    name: str
    title: str
    connect: Callable[[Settings], Link] = field(repr=False)
    table: Table = field(repr=False)


def daw_called(name: str) -> Daw:
    """Raises BadInput with the names that there are."""
    if name not in NAMES:
        raise BadInput(f"There is no link to {name[:80]!r}; there is {' and '.join(NAMES)}.")
    found: Daw = import_module(f"bridge.daws.{name}").DAW
    return found
