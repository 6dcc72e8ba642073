"""A real endpoint on a real UDP socket, in a thread of its own, and a bare socket to speak to it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator

from pythonosc.osc_message import OscMessage

from bridge.osc.endpoint import Endpoint, listen


@contextlib.contextmanager
def serving(endpoint: Endpoint, port: int = 0) -> Iterator[tuple[str, int]]:
    """Runs the endpoint on 127.0.0.1; gives its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(listen(endpoint, "127.0.0.1", port), loop).result(10)
        try:
            yield endpoint.address
        finally:
            asyncio.run_coroutine_threadsafe(endpoint.close(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Bare:
    """Sends bytes, hears messages as (address, arguments)."""

    def __init__(self, address: tuple[str, int], timeout_s: float = 10.0) -> None:
        self.address = address
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(timeout_s)

    def __enter__(self) -> Bare:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    @property
    def port(self) -> int:
        return self.socket.getsockname()[1]

    def send(self, data: bytes) -> None:
        self.socket.sendto(data, self.address)

    def hear(self) -> tuple[str, list]:
        message = OscMessage(self.socket.recv(65536))
        return message.address, message.params

    def insists_on(self, data: bytes, patience: int = 20) -> None:
        """Sends until it is acknowledged: a full socket loses datagrams before anybody could look at them."""
        self.socket.settimeout(1.0)
        for _ in range(patience):
            self.send(data)
            try:
                assert self.hear()[0] == "/bridge/v1/ack"
            except TimeoutError:
                continue
            return
        raise AssertionError(f"not acknowledged, {patience} times")

    def hears_nothing(self, for_s: float = 0.3) -> bool:
        before = self.socket.gettimeout()
        self.socket.settimeout(for_s)
        try:
            self.socket.recv(65536)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(before)
        return False
