"""The guard: looks at raw bytes before anything parses them, and says in one line what is wrong with them.

python-osc 1.10 spins for ever on a bundle element of negative size, evaluates incoming address patterns as
backtracking regular expressions with the interpreter lock held, sleeps on time tags of the future and recurses on
nested bundles. So no packet reaches it: the guard takes bundles apart itself, in a loop and within limits, and hands
on single messages whose every byte it has accounted for. Time tags are read as "now".

OSC 1.0 specification: everything is a multiple of 4 bytes; strings end in 1 to 4 zero bytes; numbers are big-endian.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAXIMUM_BYTES = 8192
MAXIMUM_DEPTH = 8
MAXIMUM_ELEMENTS = 256
MAXIMUM_ADDRESS = 255

_BUNDLE = b"#bundle\0"
_LITERAL = re.compile(rb"/[A-Za-z0-9_./-]{0,254}")
_PATTERN = re.compile(rb"[*?\[\]{}]")
_SIZES = {ord("i"): 4, ord("f"): 4, ord("h"): 8, ord("d"): 8, ord("T"): 0, ord("F"): 0, ord("N"): 0}
_size_at = struct.Struct(">i").unpack_from


@dataclass(frozen=True)
class Packet:
    """What one datagram holds: single messages in order, or the reason why none of it is used."""

    messages: tuple[bytes, ...] = ()
    refusal: str | None = None


class _Refused(Exception):
    pass


def admit(datagram: bytes) -> Packet:
    """Take one datagram apart; never raises. A datagram with one bad message is refused as a whole."""
    try:
        return Packet(tuple(_messages(datagram)))
    except _Refused as refused:
        return Packet(refusal=str(refused))


def _messages(datagram: bytes) -> Iterator[bytes]:
    _check_size(datagram)
    waiting = [(0, len(datagram), 0)]  # start, end, depth; last in, first out, so order is kept
    elements = 0
    while waiting:
        start, end, depth = waiting.pop()
        if not datagram.startswith(_BUNDLE, start, end):
            message = datagram if end - start == len(datagram) else datagram[start:end]
            _check_message(message)
            yield message
            continue
        if depth == MAXIMUM_DEPTH:
            raise _Refused(f"bundles are nested deeper than {MAXIMUM_DEPTH}")
        inner = _elements(datagram, start, end, depth + 1, MAXIMUM_ELEMENTS - elements)
        elements += len(inner)
        waiting.extend(reversed(inner))


def _check_size(datagram: bytes) -> None:
    if not datagram:
        raise _Refused("datagram is empty")
    if len(datagram) > MAXIMUM_BYTES:
        raise _Refused(f"datagram has {len(datagram)} bytes, more than {MAXIMUM_BYTES}")
    if len(datagram) % 4:
        raise _Refused(f"datagram has {len(datagram)} bytes, not a multiple of 4")


def _elements(data: bytes, start: int, end: int, depth: int, room: int) -> list[tuple[int, int, int]]:
    """Start, end and depth of the elements of the bundle at `start`; at most `room` of them."""
    at = start + 16  # "#bundle\0" and the time tag
    if at > end:
        raise _Refused("bundle is too short for its time tag")
    found: list[tuple[int, int, int]] = []
    while at < end:
        if len(found) == room:
            raise _Refused(f"bundle has more than {MAXIMUM_ELEMENTS} elements")
        size: int = _size_at(data, at)[0]
        at += 4
        if size <= 0 or size % 4 or size > end - at:
            raise _Refused(f"bundle element claims {size} bytes where {end - at} are left")
        found.append((at, at + size, depth))
        at += size
    return found


def _check_message(message: bytes) -> None:
    address_end = _string_end(message, 0, "address")
    address = message[:address_end].rstrip(b"\0")
    if not _LITERAL.fullmatch(address):
        raise _Refused(_about_address(address))
    if address_end == len(message):
        return  # OSC 1.0 lets old senders leave out the type tags of a message without arguments
    if message[address_end] != ord(","):
        raise _Refused("type tags do not begin with ','")
    tags_end = _string_end(message, address_end, "type tags")
    tags = message[address_end + 1 : tags_end].rstrip(b"\0")
    end = _arguments_end(message, tags_end, tags)
    if end != len(message):
        raise _Refused(f"{len(message) - end} bytes follow the last argument")


def _about_address(address: bytes) -> str:
    if _PATTERN.search(address):
        return "address patterns are not taken, only literal addresses"
    if not address.startswith(b"/"):
        return "not OSC: no address at the beginning"
    if len(address) > MAXIMUM_ADDRESS:
        return f"address is longer than {MAXIMUM_ADDRESS} characters"
    return "address has characters other than letters, digits and _ . / -"


def _string_end(message: bytes, start: int, what: str) -> int:
    """First byte behind the padded string at `start`."""
    zero = message.find(0, start)
    if zero < 0:
        raise _Refused(f"{what} has no end")
    end = (zero | 3) + 1
    if any(message[zero:end]):
        raise _Refused(f"{what} is not padded with zero bytes")
    return end


def _arguments_end(message: bytes, at: int, tags: bytes) -> int:
    for number, tag in enumerate(tags, 1):
        if tag == ord("s"):
            at = _text_end(message, at, number)
        elif tag == ord("b"):
            at = _blob_end(message, at, number)
        elif tag in _SIZES:
            at += _SIZES[tag]
        else:
            raise _Refused(f"type tag {chr(tag)!a} of argument {number} is not used here")
        if at > len(message):
            raise _Refused(f"argument {number} is cut off")
    return at


def _text_end(message: bytes, start: int, number: int) -> int:
    end = _string_end(message, start, f"argument {number}")
    try:
        message[start:end].decode()
    except UnicodeDecodeError:
        raise _Refused(f"argument {number} is not UTF-8") from None
    return end


def _blob_end(message: bytes, start: int, number: int) -> int:
    if start + 4 > len(message):
        raise _Refused(f"argument {number} is cut off")
    size: int = _size_at(message, start)[0]
    if size < 0 or size > len(message) - start - 4:
        raise _Refused(f"blob of argument {number} claims {size} bytes")
    return start + 4 + ((size + 3) & ~3)
