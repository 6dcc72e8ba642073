"""Ardour's OSC surface as questions and answers over one UDP socket.

Answers name neither the question nor, often, the strip, and UDP loses them: one question is out at a time, and after
one that got no answer the socket is given up, so that a late answer goes where nobody listens.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from bridge.errors import Unavailable

Answer = tuple[str, list[Any]]

TRIES = 4
PATIENCE_S = 0.5
"""For one answer. The median is 0.03 ms; 13 ms was the longest of 300 on a busy machine."""

_REPLIES = 16384
"""Feedback bit: answers come to /reply; without it to "#reply", which is no legal address."""
_STRIPS = 191
"""Strip types: all but hidden ones, the master included."""


class Surface:
    """host, port: where Ardour listens, 3819 unless that was taken. Raises Unavailable where nothing answers."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._socket = self._opened()

    def _opened(self) -> socket.socket:
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind(("127.0.0.1" if self._to[0] in ("127.0.0.1", "localhost") else "", 0))
        opened.settimeout(PATIENCE_S)
        self._send(opened, "/set_surface", (0, _STRIPS, _REPLIES, 0, 0, 0))
        return opened

    def send(self, address: str, *arguments: int | float | str) -> None:
        """Ardour acknowledges nothing: look afterwards."""
        self._send(self._socket, address, arguments)

    def _send(self, through: socket.socket, address: str, arguments: tuple[int | float | str, ...]) -> None:
        from pythonosc.osc_message_builder import OscMessageBuilder

        builder = OscMessageBuilder(address)
        for value in arguments:
            builder.add_arg(value)
        try:
            through.sendto(builder.build().dgram, self._to)
        except OSError as error:
            raise Unavailable(
                f"Ardour at {self._to[0]}:{self._to[1]} cannot be reached: {error.strerror}."
            ) from None

    def ask(
        self, address: str, *arguments: int | str, ends: Callable[[Answer], bool], what: str
    ) -> list[Answer]:
        """Answers up to the one that `ends`. what: for the message where none comes, which is Ardour's way to say
        that a strip or plugin is not there."""
        for _ in range(TRIES):
            self.send(address, *arguments)
            answers = []
            for answer in self._coming():
                answers.append(answer)
                if ends(answer):
                    return answers
            self.close()
            self._socket = self._opened()
        host, port = self._to
        raise Unavailable(
            f"Ardour does not answer at {host}:{port} about {what}. Is the session open, and OSC switched on (Edit > "
            f"Preferences > Control Surfaces)? Where another program has port {port}, Ardour takes the next one: "
            "set ardour_osc."
        )

    def _coming(self) -> Iterator[Answer]:
        from pythonosc.osc_message import OscMessage
        from pythonosc.parsing.osc_types import ParseError

        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                return
            except OSError:  # "connection refused" of a port that nobody listens on
                time.sleep(0.02)
                continue
            with contextlib.suppress(ParseError, ValueError):
                message = OscMessage(data)
                yield message.address, list(message.params)

    def close(self) -> None:
        self._socket.close()
