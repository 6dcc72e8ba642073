"""OSC bytes made by hand, so that the judge of the guard is the specification and not a library."""

from __future__ import annotations

import random
import struct

NOW = (0).to_bytes(7, "big") + b"\x01"


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return data + b"\0" * (4 - len(data) % 4)


def message(address: str | bytes, tags: str = "", *arguments: bytes) -> bytes:
    return text(address) + text("," + tags) + b"".join(arguments)


def bundle(*elements: bytes, time_tag: bytes = NOW) -> bytes:
    return b"#bundle\0" + time_tag + b"".join(struct.pack(">i", len(e)) + e for e in elements)


PING = message("/bridge/v1/ping", "s", text("one"))


def nested(depth: int) -> bytes:
    """PING inside `depth` bundles."""
    packet = PING
    for _ in range(depth):
        packet = bundle(packet)
    return packet


SEEDS = (
    PING,
    message("/bridge/v1/process", "ssss", text("a"), text("/in/x.wav"), text("warmer"), text("{}")),
    message("/bridge/v1/file/ready", "ssh", text("b"), text("/in/x.wav"), struct.pack(">q", 1 << 40)),
    message("/bridge/v1/capture", "sfs", text("c"), struct.pack(">f", 2.5), text("drier")),
    message("/blob", "bifTFN", struct.pack(">i", 3) + b"abc\0", b"\0\0\0\7", b"\0\0\0\0"),
    bundle(PING, bundle(PING, PING), message("/x")),
    nested(6),
    b"/x\0\0",
)


def fuzzed(generator: random.Random) -> bytes:
    """A datagram that was once valid, with bytes flipped, cut, doubled or replaced; sometimes plain noise."""
    kind = generator.random()
    if kind < 0.1:
        return generator.randbytes(generator.randrange(0, 200))
    data = bytearray(generator.choice(SEEDS))
    for _ in range(generator.randrange(1, 5)):
        _mutate(data, generator)
    return bytes(data)


def _mutate(data: bytearray, generator: random.Random) -> None:
    at = generator.randrange(len(data) + 1)
    kind = generator.randrange(6)
    if kind == 0 and data:
        data[at % len(data)] = generator.randrange(256)
    elif kind == 1:
        del data[at:]
    elif kind == 2:
        data[at:at] = generator.randbytes(4 * generator.randrange(1, 5))
    elif kind == 3 and data:
        size = generator.choice((-1, -4, 0, 4, 2**31 - 1, -(2**31), 1 << 20))
        data[at & ~3 : (at & ~3) + 4] = struct.pack(">i", size)
    elif kind == 4:
        data[at:at] = data[: generator.randrange(len(data) + 1)]
    else:
        data[at : at + 1] = generator.choice((b"*", b"{", b"[", b"?", b"\xff", b",", b"#"))
