"""Metering: sound in real time, copied into a ring by a callback and drained by a thread into the usual meters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.metering.metering import Metering
    from bridge.metering.moment import Moment
    from bridge.metering.ring import Reader, Ring

_HOMES = {
    "Metering": "bridge.metering.metering",
    "Moment": "bridge.metering.moment",
    "Reader": "bridge.metering.ring",
    "Ring": "bridge.metering.ring",
}

__all__ = ["Metering", "Moment", "Reader", "Ring"]


def __getattr__(name: str) -> object:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge.metering' has no attribute {name!r}")
    return getattr(import_module(home), name)
