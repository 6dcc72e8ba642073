"""Between message values and bytes; python-osc builds and parses single messages, already guarded."""

from __future__ import annotations

import math
import re
from typing import Any

from bridge.errors import BadRequest
from bridge.osc.messages import BY_ADDRESS, MAXIMUM_ID, TYPES, Argument, Message, arguments

MAXIMUM_REPLY_BYTES = 1400  # stays in one Ethernet frame, so that no answer is lost to fragmentation

_ID = re.compile(rf"[A-Za-z0-9._-]{{1,{MAXIMUM_ID}}}")


def is_id(text: str) -> bool:
    """Whether a client may call a request so; also safe as the name of a file, with something behind it."""
    return _ID.fullmatch(text) is not None


class Misread(BadRequest):
    """A message that was read as OSC but not as one of ours. id: of the request, where it could be read."""

    def __init__(self, message: str, id: str = "") -> None:
        super().__init__(message)
        self.id = id


def encode(message: Message) -> bytes:
    """Bytes of one OSC message; an optional argument at its default is sent all the same."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder(message.address())
    for each in arguments(type(message)):
        builder.add_arg(getattr(message, each.name), each.tag)
    return builder.build().dgram


def decode(data: bytes) -> Message:
    """The message that guarded bytes hold. Raises Misread: unknown address, wrong number or type of arguments."""
    from pythonosc.osc_message import OscMessage

    parsed = OscMessage(data)
    values = parsed.params
    kind = BY_ADDRESS.get(parsed.address)
    if kind is None:
        raise Misread(f"unknown address {parsed.address}", _id_among(values))
    return checked(kind, values)


def _id_among(values: list[Any]) -> str:
    return values[0] if values and isinstance(values[0], str) and _ID.fullmatch(values[0]) else ""


def checked(kind: type[Message], values: list[Any]) -> Message:
    """The message of that kind with these values, in the order of its arguments. Raises Misread."""
    expected = arguments(kind)
    has_id = expected[0].name == "id"
    id = _id_among(values) if has_id else ""
    if not sum(not a.optional for a in expected) <= len(values) <= len(expected):
        raise Misread(f"{kind.name} takes {_shape(expected)}; {len(values)} arguments came", id)
    read = [_value(kind, a, value, id) for a, value in zip(expected, values, strict=False)]
    if has_id and kind.name != "error" and not id:
        raise Misread(f"{kind.name}: id must be 1 to {MAXIMUM_ID} letters, digits, '.', '_' or '-'")
    return kind(*read)


def _shape(expected: tuple[Argument, ...]) -> str:
    return " ".join(f"[{a.tag}:{a.name}]" if a.optional else f"{a.tag}:{a.name}" for a in expected)


def _value(kind: type[Message], expected: Argument, value: Any, id: str) -> Any:
    """Whole numbers are taken for numbers and either width for the other: many senders know one type only."""
    if expected.tag == "s" and isinstance(value, str):
        return value
    if isinstance(value, bool) or expected.tag == "s":
        raise _wrong(kind, expected, value, id)
    if expected.tag == "f" and isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    if expected.tag in "ih" and isinstance(value, int):
        return value
    raise _wrong(kind, expected, value, id)


def _wrong(kind: type[Message], expected: Argument, value: Any, id: str) -> Misread:
    return Misread(f"{kind.name}: {expected.name} must be {TYPES[expected.tag]}, not {_named(value)}", id)


def _named(value: Any) -> str:
    if isinstance(value, float):
        return "a number" if math.isfinite(value) else "infinite or not a number"
    return {str: "text", bytes: "a blob", int: "a whole number", bool: "true or false"}.get(
        type(value), "nothing"
    )


def fits(message: Message) -> bool:
    """Whether the message stays within one datagram of the protocol."""
    return len(encode(message)) < MAXIMUM_REPLY_BYTES
