"""A client of the daemon: says hello, sends a request again until it is acknowledged, waits for the result."""

from __future__ import annotations

import contextlib
import math
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeVar

from bridge import __version__
from bridge.errors import BadRequest, BridgeError, OutputFailed, Unavailable
from bridge.osc import codec, guard
from bridge.osc.discovery import Discovery, read
from bridge.osc.messages import Ack, Error, Hello, Jobs, Message, Progress, Result, Welcome

RESEND_S = (0.1, 0.2, 0.4, 0.8, 1.6)  # waits between tries for an ack, the last one repeated
T = TypeVar("T")

ASK_AGAIN_S = 5.0  # a result that got lost is asked for this often; the daemon knows the id


@dataclass(frozen=True)
class Answer:
    """How a request ended: status of the result, and where result.json lies."""

    id: str
    status: str
    path: str


class Rejected(BadRequest):
    """The daemon will not take the request; the message is its reason."""


class Client:
    """Talks to one daemon over UDP. Use it as a context manager; it is not shared between threads.

    Without host and port it finds the running daemon by itself. Raises Unavailable where none answers.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int | None = None,
        *,
        token: str | None = None,
        name: str = "dawbridge",
        timeout_s: float = 5.0,
    ) -> None:
        where = read() if host is None or port is None else Discovery(1, 0, host, port)
        self.name = name
        self.timeout_s = timeout_s
        self._token = token or where.token or ""
        self._results: dict[str, Answer] = {}
        family = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_DGRAM)[0][0]
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.connect((where.host, where.port))
        self._where = f"{where.host}:{where.port}"
        self.welcome: Welcome | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def hello(self) -> Welcome:
        """Introduces itself. Raises Unavailable (nobody there), Rejected (wrong token)."""
        message = Hello(self.name, __version__, 0, self._token)

        def welcome(answer: Message) -> Welcome | None:
            if isinstance(answer, Error) and not answer.id:
                raise Rejected(answer.reason)
            return answer if isinstance(answer, Welcome) else None

        self.welcome = self._exchange(message, welcome)
        return self.welcome

    def request(self, message: Message) -> Ack:
        """Sends a request until it is acknowledged. Raises Rejected with the daemon's reason, or Unavailable."""
        if self.welcome is None:
            self.hello()
        id = _id_of(message)

        def acknowledged(answer: Message) -> Ack | None:
            self._note(answer)
            _raise_if_rejected(answer, id)
            return answer if isinstance(answer, Ack) and answer.id == id else None

        try:
            ack = self._exchange(message, acknowledged)
        except Rejected as rejected:
            if not rejected.message.startswith("say hello"):
                raise
            self.hello()  # the daemon was restarted since
            ack = self._exchange(message, acknowledged)
        return ack

    def wait(
        self,
        message: Message,
        *,
        timeout_s: float | None = None,
        on_progress: Callable[[float, str], None] = lambda fraction, stage: None,
    ) -> Answer:
        """The result of a request that was acknowledged; `timeout_s` None waits without end.

        Raises Unavailable where it does not come in time, OutputFailed where it cannot be written for now.
        """
        id = _id_of(message)
        deadline = math.inf if timeout_s is None else time.monotonic() + timeout_s
        ask_at = time.monotonic() + ASK_AGAIN_S
        while id not in self._results:
            now = time.monotonic()
            if now >= deadline:
                raise Unavailable(f"no result for {id} within {timeout_s:g} s; `dawbridge jobs` shows it")
            if now >= ask_at:
                self.request(message)
                ask_at = time.monotonic() + ASK_AGAIN_S
                continue
            answer = self._receive(min(deadline, ask_at) - now)
            if isinstance(answer, Progress) and answer.id == id:
                on_progress(answer.fraction, answer.stage)
            if isinstance(answer, Error) and answer.id == id:
                raise OutputFailed(answer.reason)
            self._note(answer)
        return self._results[id]

    def jobs(self, message: Message) -> list[str]:
        """The pages that answer a `status` request, as JSON texts in order. Raises like `request`."""
        id = _id_of(message)
        pages: dict[int, str] = {}
        if self.welcome is None:
            self.hello()

        def complete(answer: Message) -> list[str] | None:
            _raise_if_rejected(answer, id)
            if isinstance(answer, Jobs) and answer.id == id:
                pages[answer.page] = answer.jobs_json
                if len(pages) == answer.pages:
                    return [pages[n] for n in sorted(pages)]
            return None

        return self._exchange(message, complete)

    def _note(self, answer: Message | None) -> None:
        if isinstance(answer, Result):
            self._results[answer.id] = Answer(answer.id, answer.status, answer.path_of_result_json)

    def _exchange(self, message: Message, wanted: Callable[[Message], T | None]) -> T:
        """Sends and sends again until `wanted` makes something of an answer."""
        data = codec.encode(message)
        deadline = time.monotonic() + self.timeout_s
        for wait_s in chain(RESEND_S, repeat(RESEND_S[-1])):
            self._send(data)
            again_at = min(time.monotonic() + wait_s, deadline)
            while (left := again_at - time.monotonic()) > 0:
                answer = self._receive(left)
                got = None if answer is None else wanted(answer)
                if got is not None:
                    return got
            if time.monotonic() >= deadline:
                break
        raise Unavailable(f"no daemon answers on {self._where}: start one with `dawbridge serve`")

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(
            ConnectionRefusedError
        ):  # reported for the datagram before; the wait decides
            self._socket.send(data)

    def _receive(self, wait_s: float) -> Message | None:
        """The next message of the daemon, or None after `wait_s` and for anything that cannot be read."""
        self._socket.settimeout(max(wait_s, 0.001))
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return None
        except ConnectionRefusedError:
            time.sleep(min(wait_s, 0.05))  # nobody listens (yet): the resend decides
            return None
        packet = guard.admit(data)
        try:
            return codec.decode(packet.messages[0]) if packet.messages else None
        except BridgeError:
            return None


def _raise_if_rejected(answer: Message, id: str) -> None:
    if isinstance(answer, Error) and answer.id == id:
        raise Rejected(answer.reason)
    if isinstance(answer, Ack) and answer.id == id and answer.verdict == "rejected":
        raise Rejected(answer.reason)


def _id_of(message: Message) -> str:
    return str(getattr(message, "id", ""))


def new_id() -> str:
    """An id that no other request has: 16 random hexadecimal digits."""
    return os.urandom(8).hex()
