"""ReaStream: live sound over UDP from REAPER, or from any Windows DAW with the free ReaPlugs, without a virtual cable.

One stream is heard at a time: the first that plays, until it has been silent for a while. Others are counted by name.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from bridge.audio import LARGEST
from bridge.errors import Unavailable
from bridge.metering.packet import PORT, NotSound, Packet, read_packet
from bridge.metering.source import REMEMBERED_S, Arrived, Begun, Stream, ring_for

log = logging.getLogger(__name__)

NAME = "reastream"
SILENT_S = 2.0
"""A sender that has sent nothing for so long has stopped; the next one that plays is heard."""

_BUFFER_BYTES = 4 << 20
"""What the system keeps while this thread waits for its turn: about 10 s of stereo at 48 kHz, where it is allowed."""
_LOOK_S = 0.1
_STEADY_S = 0.25
"""A stream lasts at least this long: senders that quarrel must not make a new ring with every packet."""
_NAMED = 8
"""Other senders that are told by name."""
_AT_ONCE = 512
_DATAGRAM_BYTES = 2048
_DROPS = 40
"""SO_RXQ_OVFL: Linux tells with each datagram how many it has had to throw away before."""

Sender = tuple[tuple[str, int], str]
"""Address and identifier."""


class ReaStream:
    """A Source. identifier: of the one sender that is meant; any, where it is empty. port 0 takes a free one.

    host: loopback by default; another address hears the network, which anybody there may send to.
    """

    def __init__(
        self,
        identifier: str = "",
        host: str = "127.0.0.1",
        port: int = PORT,
        remembered_s: float = REMEMBERED_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._identifier, self._at, self._remembered_s = identifier, (host, port), remembered_s
        self._clock = clock
        self._socket: socket.socket | None = None
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self._stream: Stream | None = None
        self._sender: Sender | None = None
        self._heard_at = self._begun_at = 0.0
        self._others: dict[str, None] = {}
        self._blocks = self._frames = self._dropped = 0
        self._faults: Counter[str] = Counter()
        self._begun: Begun = lambda stream: None

    # -- what a Source is --------------------------------------------------------------------------------------------

    def open(self, begun: Begun) -> None:
        self._begun = begun
        self._socket = _bound(self._at)
        self._at = self._socket.getsockname()[:2]
        self._thread = threading.Thread(target=self._run, name="reastream", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return self._at[1]

    @property
    def state(self) -> str:
        who = f' "{self._identifier}"' if self._identifier else ""
        if self._stream is None:
            return f"waiting for ReaStream{who} on UDP {self._at[0]}:{self._at[1]}"
        beside = f"; not heard: {', '.join(self._others)}" if self._others else ""
        silent_s = self._clock() - self._heard_at
        if silent_s > SILENT_S:
            return f"{self._stream.name} has sent nothing for {silent_s:.0f} s{beside}"
        return f"{self._stream.told}{beside}"

    @property
    def arrived(self) -> Arrived:
        return Arrived(self._blocks, self._frames, self._dropped, dict(self._faults))

    def close(self) -> None:
        self._leaving.set()
        if self._thread is not None:
            self._thread.join()
        if self._socket is not None:
            self._socket.close()

    # -- its thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        assert self._socket is not None
        while not self._leaving.is_set():
            self._receive(self._socket)
        self._socket.setblocking(False)
        for _ in range(_AT_ONCE):  # what lies there; a flood cannot keep the thread from leaving
            if not self._receive(self._socket):
                return

    def _receive(self, incoming: socket.socket) -> bool:
        """One datagram, or nothing for a while."""
        try:
            data, address = self._datagram(incoming)
        except (TimeoutError, BlockingIOError):
            return False
        except OSError as error:  # of an earlier datagram, as Windows tells them
            self._faults[f"the network reports error {error.errno}"] += 1
            return False
        try:
            self._take(read_packet(data), address)
        except NotSound as error:
            self._faults[str(error)] += 1
        except Exception:  # one datagram must not end the thread; the log has the trace
            log.exception("a packet of ReaStream could not be taken")
            self._faults["packet that could not be taken"] += 1
        return True

    def _datagram(self, incoming: socket.socket) -> tuple[bytes, tuple[str, int]]:
        if not hasattr(incoming, "recvmsg"):  # Windows
            data, address = incoming.recvfrom(_DATAGRAM_BYTES)
            return data, address[:2]
        data, told, _, address = incoming.recvmsg(_DATAGRAM_BYTES, 64)
        for level, kind, value in told:
            if (level, kind) == (socket.SOL_SOCKET, _DROPS):
                self._dropped = int.from_bytes(value[:4], sys.byteorder)
        return data, address[:2]

    def _take(self, packet: Packet, address: tuple[str, int]) -> None:
        if self._identifier and packet.identifier != self._identifier:
            return self._other(packet, "sender that was not asked for")
        sender: Sender = (address, packet.identifier)
        now = self._clock()
        if sender != self._sender and self._sender is not None and now - self._heard_at <= SILENT_S:
            return self._other(packet, "second sender, while the first is heard")
        stream = self._stream_for(packet, now)
        self._sender, self._heard_at = sender, now
        samples = packet.samples
        if not (np.abs(samples) <= LARGEST).all():
            self._faults["packet with samples that are no sound"] += 1
        stream.ring.write(samples)
        self._blocks += 1
        self._frames += samples.shape[1]
        return None

    def _other(self, packet: Packet, what: str) -> None:
        self._faults[what] += 1
        if len(self._others) < _NAMED:
            self._others[packet.identifier] = None

    def _stream_for(self, packet: Packet, now: float) -> Stream:
        """The one that goes on, or a new one where somebody else plays or the form has changed. Raises NotSound."""
        form = (f'ReaStream "{packet.identifier}"', packet.rate, packet.samples.shape[0])
        old = self._stream
        if old is not None and (old.name, old.ring.rate, old.ring.channels) == form:
            return old
        if old is not None:
            if now - self._begun_at < _STEADY_S:
                raise NotSound("rate or channels that change too often")
            self._faults["change of sender, rate or channels"] += 1
        self._begun_at = now
        self._stream = Stream(form[0], ring_for(form[1], form[2], self._remembered_s))
        self._begun(self._stream)
        return self._stream


def _bound(at: tuple[str, int]) -> socket.socket:
    """Raises Unavailable where the port is taken or the address is none of this machine's."""
    family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM)
    with contextlib.suppress(OSError):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
    with contextlib.suppress(OSError):  # elsewhere than on Linux nobody tells what was thrown away
        made.setsockopt(socket.SOL_SOCKET, _DROPS, 1)
    made.settimeout(_LOOK_S)
    try:
        made.bind(at)
    except OSError as error:
        made.close()
        why = error.strerror or str(error)
        if error.errno == errno.EADDRINUSE:
            why = "another program has it, perhaps a second ReaStream that receives; end that one"
        raise Unavailable(f"ReaStream cannot be received on UDP {at[0]}:{at[1]}: {why}.") from None
    return made
