"""The UDP endpoint: source, rate, guard, parse, queue, handler, answer. Nothing a datagram does gets out of it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, cast

from bridge.errors import Unavailable
from bridge.osc import codec, guard
from bridge.osc.answering import Handler, answers
from bridge.osc.messages import PROTOCOL, Error, Hello, Message, Result, Welcome
from bridge.osc.peers import Access, Address, Peer, Peers
from bridge.osc.tally import Tally

log = logging.getLogger("bridge.osc")

QUEUE_LENGTH = 1024
RECEIVE_BUFFER_BYTES = 1 << 20  # Linux gives about 200 KB; a burst of a DAW script needs more


class Endpoint(asyncio.DatagramProtocol):
    """handlers: for each class of message, a coroutine that gives the answers.

    A handler that raises a BridgeError rejects its request with that message. capabilities: what `welcome` says that
    it can do, if not all that it handles. rate: messages a second of one sender.
    """

    def __init__(
        self,
        handlers: Mapping[type[Message], Handler],
        access: Access,
        version: str = "",
        *,
        capabilities: Iterable[type[Message]] | None = None,
        rate: float = 200.0,
    ) -> None:
        self.handlers = handlers
        self.peers = Peers(access, rate=rate, burst=2 * rate)
        self.version = version
        self.capabilities = " ".join(
            kind.name for kind in (handlers if capabilities is None else capabilities)
        )
        self.tally = Tally()
        self._queue: asyncio.Queue[tuple[Message, Peer]] = asyncio.Queue(QUEUE_LENGTH)
        self._transport: asyncio.DatagramTransport | None = None
        self._worker: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    # Coming in

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self._worker = asyncio.get_running_loop().create_task(self._work())

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        self.tally.counts["received"] += 1
        source: Address = (addr[0], addr[1])
        if not self.peers.access.admits(source[0]):
            return self.tally.add("sender not allowed", sender=source)
        now = time.monotonic()
        peer = self.peers.at(source, now)
        if not self.peers.spends(peer, now):
            return self.tally.add("sender too fast", sender=source)
        packet = guard.admit(data)
        if packet.refusal is not None:
            return self._refuse(peer, "", packet.refusal)
        for raw in packet.messages:
            self._take(raw, peer)
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    def error_received(self, exc: Exception) -> None:
        """An answer could not be delivered (its port is closed): the client will ask again, or is gone."""
        self.tally.counts["undelivered"] += 1

    def _take(self, raw: bytes, peer: Peer) -> None:
        try:
            message = codec.decode(raw)
        except codec.Misread as error:
            return self._refuse(peer, error.id, error.message)
        if isinstance(message, Hello):
            return self._greet(message, peer)
        if type(message) not in self.handlers:
            return self._refuse(peer, getattr(message, "id", ""), f"{message.name} is not a request")
        if not peer.trusted:
            return self._refuse(peer, getattr(message, "id", ""), "say hello with the token first")
        try:
            self._queue.put_nowait((message, peer))
        except asyncio.QueueFull:
            self.tally.add("queue full", sender=peer.source)
        return None

    def _greet(self, hello: Hello, peer: Peer) -> None:
        reason = self.peers.greet(peer, hello.client, hello.reply_port, hello.token)
        if reason is not None:
            return self._refuse(peer, "", f"hello: {reason}")
        return self.send(Welcome(self.version, self.capabilities, PROTOCOL), peer.reply_to)

    def _refuse(self, peer: Peer, id: str, reason: str) -> None:
        self.tally.add("refused", sender=peer.source, reason=reason)
        self.send(Error(id, reason), peer.reply_to)

    # Being worked on

    async def _work(self) -> None:
        while True:
            message, peer = await self._queue.get()
            for answer in await answers(self.handlers[type(message)], message, peer, self.tally):
                self.send(answer, peer.reply_to)

    # Going out

    def send(self, message: Message, to: Address) -> None:
        """Sends one message; texts of reasons are shortened to fit, a result that cannot fit becomes an error."""
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.sendto(codec.encode(_fitting(message)), to)
        self.tally.counts["sent"] += 1

    def send_to_all(self, message: Message) -> None:
        """To every client that has said hello and may speak, once each."""
        for to in self.peers.greeted:
            self.send(message, to)

    async def close(self) -> None:
        """Sends what is on its way, stops listening and frees the port."""
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        if self._transport is not None:
            self._transport.close()
            await self._closed.wait()

    @property
    def address(self) -> Address:
        """Host and port that it listens on."""
        assert self._transport is not None
        name = self._transport.get_extra_info("sockname")
        return name[0], name[1]


def _fitting(message: Message) -> Message:
    """One line a text, UTF-8 throughout, and short enough for a datagram."""
    texts = {
        f.name: _clean(value)
        for f in fields(message)  # type: ignore[arg-type]
        if isinstance(value := getattr(message, f.name), str)
    }
    cleaned = replace(message, **texts)  # type: ignore[type-var]
    if codec.fits(cleaned):
        return cleaned
    if "reason" in texts:
        return replace(cleaned, reason=_cut(texts["reason"], 900))  # type: ignore[type-var]
    id = texts.get("id", "")
    if isinstance(message, Result):
        return Error(id, f"{message.status}, but the path of result.json is too long for a datagram")
    return Error(id, f"the answer {message.name} is too long for a datagram")


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode("utf-8", "ignore") + "..."


async def listen(endpoint: Endpoint, host: str, port: int) -> None:
    """Binds the endpoint. Raises Unavailable where the port is taken or the address is not of this machine."""
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await loop.create_datagram_endpoint(lambda: endpoint, local_addr=(host, port))
    except OSError as error:
        raise Unavailable(_about_binding(error, host, port)) from None
    with contextlib.suppress(OSError):  # a smaller buffer still works: clients resend
        transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES
        )


def _about_binding(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"UDP port {port} on {host} is in use by another program: "
            f"stop that program, or choose another port with --osc {host}:{port + 1 if port < 65535 else 9190}"
        )
    if error.errno == errno.EACCES:
        return f"UDP port {port} needs administrator rights; choose one above 1023 with --osc {host}:9190"
    return f"cannot listen on {host}:{port}: {error.strerror or error}; choose an address of this machine"
