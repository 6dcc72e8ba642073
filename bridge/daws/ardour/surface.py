"""Ardour's OSC surface as questions and answers over one UDP socket.

Answers name neither the question nor, often, the strip, and UDP loses them: one question is out at a time, and where
answers may still be on their way that do not say what they are about, the socket is given up.

Ardour numbers its strips anew when one comes, goes, is hidden or moved, and a write would then meet another one. So
each socket gets a list of strips of its own ("custom" in Ardour's terms), whose numbers keep to what they were given to
whatever happens in the mixer, and nothing is asked or sent before Ardour has shown that list.
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

PATIENCE_S = (0.05, 0.05, 0.1, 0.1, 0.2, 0.2, 0.4, 0.4, 0.8, 0.8)
"""For one answer, try by try. The median is 0.03 ms; 13 ms was the longest of 300 on a busy machine."""
_PERSISTENCE = 3
"""How often all tries are made for the list of strips, where Ardour is heard at all: it is many datagrams."""
CAREFUL_ENDS = 3
"""How often a list is read to its end once something was lost: its last rows are not missed by their numbers."""

REPLIES = 16384
"""Feedback bit: answers come to /reply; without it to "#reply", which is no legal address."""
STRIPS = 191
"""Strip types: all but hidden ones, the master included."""
_AT_ONCE = 120
"""Strips that are asked for in one datagram."""
_REPLY = "/reply"


class Surface:
    """host, port: where Ardour listens, 3819 unless that was taken.

    Raises Unavailable, with why, where nothing answers.
    """

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._careful = self._owed = False
        self._most = _AT_ONCE
        self._rows: dict[str, list[Any]] = {}
        self._socket = self._opened()

    def _opened(self) -> socket.socket:
        """A socket for which Ardour has taken our settings and keeps our list, by its own account."""
        opened = udp_for(self._to[0])
        try:
            if self._settled(opened) and self._listed(opened):
                return opened
        except Unavailable:
            opened.close()
            raise
        opened.close()
        from bridge.daws.ardour.silence import why_silent

        raise Unavailable(why_silent(*self._to))

    def _settled(self, at: socket.socket) -> bool:
        for patience_s in PATIENCE_S:
            put(at, self._to, "/set_surface", (0, STRIPS, REPLIES, 0, 0, 0))
            put(at, self._to, "/set_surface")
            for address, row in coming(at, patience_s):
                if address == "/set_surface" and row[1:3] == [STRIPS, REPLIES]:
                    return True
            if nobody_listens(*self._to):
                break
        return False

    def _listed(self, at: socket.socket, kept: bool = False) -> bool:
        """Whether Ardour has taken and shown the list. The first strip stands in it three times, by which it is known:
        what was shown before, or partly before, is none. kept: it was taken before, and is only read again."""
        rows: dict[int, list[Any]] = {}
        ends, heard = 0, False
        for number, patience_s in enumerate(PATIENCE_S * _PERSISTENCE):
            if number == len(PATIENCE_S) and not heard:
                break
            if not kept:
                rows, ends = {}, 0
                self._keep(at)
            put(at, self._to, "/strip/list")
            for answer in _up_to(coming(at, patience_s), _ends_strips):
                if answer[0] == _REPLY and len(answer[1]) >= 7:
                    rows[answer[1][6]] = answer[1]
                ends += _ends_strips(answer)
                heard = True
            if not kept and 3 in rows and rows[3][:2] == rows.get(2, [])[:2]:
                kept = True
                if number:
                    rows, ends = {}, 0
                    continue
            certain = ends >= (CAREFUL_ENDS if self._careful or number else 1)
            if kept and certain and max(rows) == len(rows):
                return self._taken(at, rows)
            if not heard and nobody_listens(*self._to):
                break
        return False

    def _keep(self, at: socket.socket) -> None:
        put(at, self._to, "/strip/custom/clear")
        for start in range(0, self._most, _AT_ONCE):
            first = (1, 1) if start == 0 else ()
            put(at, self._to, "/strip/listen", (*first, *range(start + 1, start + _AT_ONCE + 1)))
        put(at, self._to, "/strip/custom/mode", (1.0,))

    def _taken(self, at: socket.socket, rows: dict[int, list[Any]]) -> bool:
        if len(rows) >= self._most + 2:  # there may be more
            self._most *= 4
            return self._listed(at)
        self._rows = {f"{row[0]}:{row[1]}": row for number, row in sorted(rows.items()) if number > 2}
        return True

    def strips(self) -> tuple[list[Any], ...]:
        """Rows [type, name, ins, outs, mute, solo, number, ...] as they are now, in Ardour's order. Once something was
        lost the list is not taken anew, as a request for that may come late: what is new in the mixer is not seen."""
        if not self._listed(self._socket, kept=self._careful):
            self._careful = True
            self._renew()
        return tuple(self._rows.values())

    def _number(self, strip: str) -> int:
        if strip not in self._rows:
            raise Unavailable(f"{strip.partition(':')[2]} is not in the session any more.")
        number: int = self._rows[strip][6]
        return number

    def send(self, address: str, strip: str, *arguments: Argument) -> None:
        """strip: "TYPE:NAME" of a row. Ardour acknowledges nothing: look afterwards."""
        put(self._socket, self._to, address, (self._number(strip), *arguments))

    def tell(self, address: str, *arguments: Argument) -> None:
        """What is about no strip: transport, saving."""
        put(self._socket, self._to, address, arguments)

    def ask(
        self,
        address: str,
        strip: str,
        *arguments: int,
        ends: Callable[[Answer], bool],
        what: str,
        lacks: Callable[[Sequence[Answer]], bool] | None = None,
    ) -> list[Answer]:
        """Answers up to the one that `ends`, of all tries together. lacks: of a list, whether rows are missing.

        what: for the message where none comes, which is also Ardour's way to say that a plugin is not there.
        """
        answers: list[Answer] = []
        ended = 0
        if self._owed and "plugin" not in address:
            self._renew()  # an answer that comes late now would not say which strip it is about
        for patience_s in PATIENCE_S:
            where = [self._number(strip), *arguments]
            put(self._socket, self._to, address, where)
            got = list(_up_to(coming(self._socket, patience_s), ends))
            ended += bool(got) and ends(got[-1])
            # What answers about plugins says first which one it is about.
            answers += [each for each in got if "plugin" not in each[0] or each[1][: len(where)] == where]
            whole = lacks is None or not lacks(answers)
            if ended >= (CAREFUL_ENDS if self._careful and lacks is not None else 1) and whole:
                return answers
            self._careful = self._owed = True
        if ended >= CAREFUL_ENDS:
            return answers  # read so often, there is no more
        host, port = self._to
        raise Unavailable(f"Ardour does not answer at {host}:{port} about {what}.")

    def _renew(self) -> None:
        self.close()
        self._owed = False
        self._socket = self._opened()

    def close(self) -> None:
        self._socket.close()


def _ends_strips(answer: Answer) -> bool:
    return answer[0] == _REPLY and answer[1][:1] == ["end_route_list"]


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
