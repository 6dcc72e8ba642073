"""Inputs by what people call them: "reastream", "reastream:drums", "reastream@0.0.0.0", or a sound device."""

from __future__ import annotations

from bridge.errors import BadInput
from bridge.metering.source import REMEMBERED_S, Source

REASTREAM = "reastream"


def source_called(name: str, remembered_s: float = REMEMBERED_S) -> Source:
    """ "reastream[:IDENTIFIER][@HOST[:PORT]]", else the name or number of a sound device. Raises BadInput.

    remembered_s: how much of the past its rings keep. Nothing is opened yet: a device may be plugged in later.
    """
    name = name.strip()
    if not name:
        raise BadInput("An input needs a name; `dawbridge live --input list` shows what there is.")
    what, _, place = name.partition("@")
    kind, _, identifier = what.partition(":")
    if kind.casefold() == REASTREAM:
        from bridge.metering.packet import PORT
        from bridge.metering.reastream import ReaStream

        host, port = _place(place) if place else ("127.0.0.1", PORT)
        return ReaStream(identifier, host, port, remembered_s)
    from bridge.metering.device import DeviceInput

    return DeviceInput(name, remembered_s)


def _place(text: str) -> tuple[str, int]:
    """HOST or HOST:PORT. Raises BadInput."""
    from bridge.addresses import host_and_port
    from bridge.metering.packet import PORT

    return host_and_port(text if ":" in text else f"{text}:{PORT}")
