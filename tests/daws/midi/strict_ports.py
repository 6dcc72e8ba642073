"""MIDI ports that are as strict as real ones, as a backend of mido (MIDO_BACKEND=tests.daws.midi.strict_ports).

Bytes go through mido's own parser, one at a time, as a driver gives them. "Loop" gives back what it gets; "Synth" only
takes. A name that is not there, a closed port, or bytes that are no message are errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mido

LOOP, SYNTH = "Loop Port 0", "Synth 1"
sent: list[tuple[str, bytes]] = []
"""What went out, by port."""
opened: list[str] = []
_listening: dict[str, list[Input]] = {}


def forget() -> None:
    sent.clear()
    opened.clear()
    _listening.clear()


def get_devices(**kwargs: Any) -> list[dict[str, Any]]:
    return [
        {"name": LOOP, "is_input": True, "is_output": True},
        {"name": SYNTH, "is_input": False, "is_output": True},
    ]


def _known(name: str | None, virtual: bool, way: str) -> str:
    if not name or not (virtual or any(one["name"] == name and one[way] for one in get_devices())):
        raise OSError(f"unknown port {name!r}")
    opened.append(name)
    return name


class Output:
    def __init__(self, name: str | None, virtual: bool = False, **kwargs: Any) -> None:
        self.name, self.closed = _known(name, virtual, "is_output"), False

    def send(self, message: mido.Message) -> None:
        if self.closed:
            raise OSError("port is closed")
        data = bytes(message.bytes())
        assert 1 <= len(data) <= 3 and data[0] >= 0x80 and max(data[1:], default=0) < 0x80, data
        sent.append((self.name, data))
        if self.name == LOOP:
            deliver(LOOP, data)

    def close(self) -> None:
        self.closed = True


class Input:
    def __init__(
        self,
        name: str | None,
        virtual: bool = False,
        callback: Callable[[Any], None] | None = None,
        **kwargs: Any,
    ) -> None:
        self.name = _known(name, virtual, "is_input")
        self.parser, self.callback = mido.Parser(), callback
        _listening.setdefault(self.name, []).append(self)

    def close(self) -> None:
        _listening[self.name].remove(self)


def deliver(port: str, data: bytes) -> None:
    """Bytes that come in at a port, whole messages or not."""
    for one in list(_listening.get(port, ())):
        for byte in data:
            one.parser.feed_byte(byte)
        for message in one.parser:
            if one.callback:
                one.callback(message)
