"""Questions to AbletonOSC (github.com/ideoforms/AbletonOSC, protocol as of its commit 0ca6821) and its answers.

It has no request ids, answers every 100 ms, to one fixed port, and says what went wrong to `/live/error` without saying
of what. So each request is one OSC bundle, which it works off in order and in one go, and the bundle begins and ends
with a question whose answer repeats its arguments (`/live/song/get/...` does): numbers of ours. What comes between the
two is the answer to this bundle, in order; what a retry of an earlier one left behind stands between other numbers.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.addresses import is_loopback
from bridge.daws.setting import Gone
from bridge.errors import Unavailable

Asked = tuple[str, tuple[int | float | str, ...]]
"""Address and arguments."""

TRIES = 4
PATIENCE_S = 1.0
"""For the answers to one bundle. While a menu is open Live answers nothing, then everything at once."""
_AFTER_ERROR_S = 0.35
"""An error ends the bundle: no more comes than the next tick brings."""

_FENCE = "/live/song/get/tempo"
_ERROR = "/live/error"
_UNKNOWN = "Unknown OSC address"


class Refused(Gone):
    """Live raised an error at this bundle; the text is Live's."""


class Conversation:
    """host, port: where AbletonOSC listens. reply_port: the only port it answers to. Raises Unavailable where that is
    taken."""

    def __init__(self, host: str, port: int, reply_port: int) -> None:
        self._to = (host, port)
        self._numbers = itertools.count(random.randrange(1, 1 << 29))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(("127.0.0.1" if is_loopback(host) else "", reply_port))
            self._socket.connect(self._to)
            self.reply_port: int = self._socket.getsockname()[1]
        except OSError as error:
            self._socket.close()
            raise Unavailable(
                f"Port {reply_port} cannot be opened ({error.strerror}). AbletonOSC answers to that port alone, and "
                "another program that speaks to it seems to be running. Close it, or install dawbridge's own script, "
                "which needs no such port (dawbridge install-script ableton)."
            ) from None

    def ask(self, messages: Sequence[Asked], what: str, answers: int) -> list[tuple[str, list[Any]]]:
        """Answers in the order of the questions. what: for the message where none comes. answers: how many there
        are (what is only set has none); where one got lost, everything is asked again.

        Raises Refused with what Live said, Unavailable where nobody answers.
        """
        coming = _Coming()
        said = ""
        for _ in range(TRIES):
            number = next(self._numbers) % (1 << 30)
            coming.numbers.add(number)
            if not self._sent([_fence(2 * number), *messages, _fence(2 * number + 1)]):
                continue
            done = self._done(coming)
            if done and len(coming.answers) == answers and not coming.error.startswith(_UNKNOWN):
                return coming.answers
            if coming.error and (said or done):
                raise Refused(f"AbletonOSC says about {what}: {coming.error}")
            said, coming.error = coming.error or said, ""
        raise Unavailable(self._silence(what) + (f" It said: {said}." if said else ""))

    def _silence(self, what: str) -> str:
        host, port = self._to
        return (
            f"Ableton Live does not answer at {host}:{port} about {what}. Is it running, with AbletonOSC chosen as a "
            f"control surface (Settings > Link, Tempo & MIDI), and does no other program listen on {self.reply_port}? "
            "While one of its menus or dialogs is open, Live answers nothing."
        )

    def _sent(self, messages: Sequence[Asked]) -> bool:
        """False where nobody listens."""
        try:
            self._socket.send(bundle(messages))
        except OSError as error:
            if isinstance(error, ConnectionError):
                time.sleep(0.05)
                return False
            host, port = self._to
            raise Unavailable(f"Ableton Live at {host}:{port} cannot be reached: {error.strerror}.") from None
        return True

    def _done(self, coming: _Coming) -> bool:
        """Whether all answers to one of its bundles have come, in time."""
        deadline = time.monotonic() + PATIENCE_S
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                return False
            except ConnectionError:  # nobody listens on that port (any more)
                time.sleep(0.05)
                return False
            for address, values in parsed(data):
                if coming.ends_with(address, values):
                    return True
                if address == _ERROR:
                    deadline = min(deadline, time.monotonic() + _AFTER_ERROR_S)
        return False

    def close(self) -> None:
        self._socket.close()


@dataclass
class _Coming:
    """Answers to one question, of which several bundles may be under way. numbers: of those bundles."""

    numbers: set[int] = field(default_factory=set)
    answers: list[tuple[str, list[Any]]] = field(default_factory=list)
    error: str = ""
    _open: int | None = None
    "Number of the bundle whose answers are coming."

    def ends_with(self, address: str, values: list[Any]) -> bool:
        """Whether with this message all answers to one of its bundles are there."""
        if address == _ERROR:
            self.error = " ".join(map(str, values))
        elif address != _FENCE or len(values) != 2:
            self.answers.append((address, values))
        elif values[1] % 2:
            return values[1] // 2 == self._open and self._open in self.numbers
        else:
            self._open, self.answers, self.error = values[1] // 2, [], ""
        return False


def _fence(number: int) -> Asked:
    return _FENCE, (number,)


def bundle(messages: Sequence[Asked]) -> bytes:
    """One OSC 1.0 bundle, to be worked off at once."""
    parts = [message(*each) for each in messages]
    return b"#bundle\0" + struct.pack(">Q", 1) + b"".join(struct.pack(">i", len(p)) + p for p in parts)


def message(address: str, values: Sequence[int | float | str]) -> bytes:
    """One OSC message."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)
    data: bytes = builder.build().dgram
    return data


def parsed(data: bytes) -> list[tuple[str, list[Any]]]:
    """The message of a datagram, or none where it is none."""
    from pythonosc.osc_message import OscMessage
    from pythonosc.parsing.osc_types import ParseError

    with contextlib.suppress(ParseError, ValueError):
        read = OscMessage(data)
        return [(read.address, list(read.params))]
    return []
