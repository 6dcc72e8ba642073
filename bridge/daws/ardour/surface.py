"""Ardour's OSC surface as questions and answers over one UDP socket.

Answers name neither the question nor, often, the strip, and UDP loses them: one question is out at a time, and after
one that got no answer the socket is given up, so that a late answer goes where nobody listens. A socket is used only
once Ardour has said how it numbers the strips for it: a question that overtakes `/set_surface` would be about another
strip, and so would a write.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bridge.errors import Unavailable

Answer = tuple[str, list[Any]]
Argument = int | float | str

PATIENCE_S = (0.1, 0.2, 0.4, 0.8, 0.8, 0.8, 0.8, 0.8)
"""For one answer, try by try. The median is 0.03 ms; 13 ms was the longest of 300 on a busy machine."""
CAREFUL_ENDS = 3
"""How often a list is read to its end once something was lost: its last rows are not missed by their numbers."""

REPLIES = 16384
"""Feedback bit: answers come to /reply; without it to "#reply", which is no legal address."""
STRIPS = 191
"""Strip types: all but hidden ones, the master included."""


class Surface:
    """host, port: where Ardour listens, 3819 unless that was taken.

    Raises Unavailable, with why, where nothing answers.
    """

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._careful = False
        self._socket = self._opened()

    def _opened(self) -> socket.socket:
        """A socket for which Ardour has taken our settings, by its own account."""
        for patience_s in PATIENCE_S:
            opened = udp_for(self._to[0])
            try:
                put(opened, self._to, "/set_surface", (0, STRIPS, REPLIES, 0, 0, 0))
                put(opened, self._to, "/set_surface")
                for address, row in coming(opened, patience_s):
                    if address == "/set_surface" and row[1:3] == [STRIPS, REPLIES]:
                        return opened
            except Unavailable:
                opened.close()
                raise
            opened.close()
            if nobody_listens(*self._to):
                break
        from bridge.daws.ardour.silence import why_silent

        raise Unavailable(why_silent(*self._to))

    def send(self, address: str, *arguments: Argument) -> None:
        """Ardour acknowledges nothing: look afterwards."""
        put(self._socket, self._to, address, arguments)

    def ask(
        self,
        address: str,
        *arguments: int | str,
        ends: Callable[[Answer], bool],
        what: str,
        lacks: Callable[[Sequence[Answer]], bool] | None = None,
    ) -> list[Answer]:
        """Answers up to the one that `ends`, of all tries together. lacks: of a list, whether rows are missing.

        what: for the message where none comes, which is also Ardour's way to say that a strip or plugin is not there.
        """
        answers: list[Answer] = []
        ended = 0
        for number, patience_s in enumerate(PATIENCE_S):
            if number or self._careful:
                self._renew()
            self.send(address, *arguments)
            got = list(_up_to(coming(self._socket, patience_s), ends))
            answers += got
            ended += bool(got) and ends(got[-1])
            whole = lacks is None or not lacks(answers)
            if ended >= (CAREFUL_ENDS if self._careful and lacks is not None else 1) and whole:
                return answers
            self._careful = True
        if ended >= CAREFUL_ENDS:
            return answers  # read so often, there is no more
        host, port = self._to
        raise Unavailable(f"Ardour does not answer at {host}:{port} about {what}.")

    def _renew(self) -> None:
        self.close()
        self._socket = self._opened()

    def close(self) -> None:
        self._socket.close()


def _up_to(answers: Iterator[Answer], ends: Callable[[Answer], bool]) -> Iterator[Answer]:
    for answer in answers:
        yield answer
        if ends(answer):
            return


def udp_for(host: str, port: int = 0) -> socket.socket:
    """Raises OSError where the port is taken."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.bind(("127.0.0.1" if host in ("127.0.0.1", "localhost") else "", port))
    except OSError:
        opened.close()
        raise
    return opened


def put(
    through: socket.socket, to: tuple[str, int], address: str, arguments: Sequence[Argument] = ()
) -> None:
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    for value in arguments:
        builder.add_arg(value)
    try:
        through.sendto(builder.build().dgram, to)
    except OSError as error:
        raise Unavailable(f"Ardour at {to[0]}:{to[1]} cannot be reached: {error.strerror}.") from None


def coming(at: socket.socket, seconds: float) -> Iterator[Answer]:
    """Messages that arrive; each restarts the clock, as a list may be long."""
    from pythonosc.osc_message import OscMessage
    from pythonosc.parsing.osc_types import ParseError

    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        at.settimeout(left)
        try:
            data = at.recv(65_536)
        except TimeoutError:
            return
        except OSError:  # "connection reset" on Windows, of a port that nobody listens on
            time.sleep(0.02)
            continue
        with contextlib.suppress(ParseError, ValueError):
            message = OscMessage(data)
            yield message.address, list(message.params)
            deadline = time.monotonic() + seconds


def nobody_listens(host: str, port: int) -> bool:
    """Whether the system says so; False where it says nothing, as beyond a network. Sends one empty datagram."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.05)
        try:
            probe.connect((host, port))
            probe.send(b"")
            probe.recv(1)
        except (ConnectionRefusedError, ConnectionResetError):
            return True
        except OSError:
            return False
        return False
