"""A bad network between the bridge and Ardour: a UDP proxy on loopback that loses and reorders datagrams, both ways."""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Self

_HELD_S = 0.005
"""How long a datagram that is to come late waits for one to overtake it."""


class Proxy:
    """to: the port behind it. drop, late: shares of datagrams. before: called with each datagram for Ardour before it
    goes out, in the proxy's thread: what it does, Ardour has seen first."""

    def __init__(
        self,
        to: int,
        drop: float = 0.0,
        late: float = 0.0,
        seed: int = 1,
        before: Callable[[bytes], None] | None = None,
    ) -> None:
        self._to = ("127.0.0.1", to)
        self._drop, self._late = drop, late
        self._random = random.Random(seed)
        self._before = before or (lambda data: None)
        self._front = self._bound()
        self.port: int = self._front.getsockname()[1]
        self._back: dict[tuple[str, int], socket.socket] = {}
        self._held: list[Callable[[], None]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self.dropped = self.passed = self.reordered = 0

    def _bound(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", 0))
        return made

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        self._ended.set()
        self._thread.join(10)
        for each in (self._front, *self._back.values()):
            each.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._front, selectors.EVENT_READ, None)
            while not self._ended.is_set():
                found = ready.select(_HELD_S)
                for key, _ in found:
                    assert isinstance(key.fileobj, socket.socket)
                    self._one(key.fileobj, key.data, ready)
                if not found:
                    self._release()

    def _one(self, at: socket.socket, client: tuple[str, int] | None, ready: selectors.BaseSelector) -> None:
        try:
            data, sender = at.recvfrom(65_536)
        except OSError:  # Ardour is gone
            return
        if client is not None:
            self._pass(lambda: self._front.sendto(data, client))
            return
        if sender not in self._back:
            self._back[sender] = self._bound()
            ready.register(self._back[sender], selectors.EVENT_READ, sender)
        back = self._back[sender]
        self._before(data)
        self._pass(lambda: back.sendto(data, self._to))

    def _pass(self, go: Callable[[], object]) -> None:
        chance = self._random.random()
        if chance < self._drop:
            self.dropped += 1
            return
        self.passed += 1
        if chance < self._drop + self._late:
            self.reordered += 1
            self._held.append(lambda: (go(), None)[1])
            return
        with contextlib.suppress(OSError):
            go()
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for go in held:
            with contextlib.suppress(OSError):
                go()
