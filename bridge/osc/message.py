"""Message and its arguments: how a dataclass says what travels under an OSC address, and how."""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar

PROTOCOL = 1
PREFIX = "/bridge/v1/"

TYPES = {"s": "text", "i": "a whole number", "h": "a whole number (64 bits)", "f": "a number"}
MAXIMUM_ID = 64


class Message:
    """Base of all messages. `name` is the address without the prefix of the protocol."""

    name: ClassVar[str]

    @classmethod
    def address(cls) -> str:
        return PREFIX + cls.name


@dataclass(frozen=True)
class Argument:
    """One argument of a message as it travels: OSC type tag, what it says, and whether it may be left out."""

    name: str
    tag: str
    sentence: str
    optional: bool


def argument(tag: str, sentence: str, **default: Any) -> Any:
    """A dataclass field that travels as an OSC argument of type `tag`; one with a default may be left out."""
    return field(metadata={"tag": tag, "sentence": sentence}, **default)


def id_argument() -> Any:
    return argument(
        "s", f"chosen by the client, new for every request; 1 to {MAXIMUM_ID} letters, digits, '.', '_', '-'"
    )


def arguments(message: type[Message]) -> tuple[Argument, ...]:
    """The arguments of a message class, in the order in which they travel."""
    known = _ARGUMENTS.get(message)
    if known is None:
        known = _ARGUMENTS[message] = _declared(message)
    return known


_ARGUMENTS: dict[type[Message], tuple[Argument, ...]] = {}


def _declared(message: type[Message]) -> tuple[Argument, ...]:
    declared: tuple[Field[Any], ...] = fields(message)  # type: ignore[arg-type]
    return tuple(
        Argument(f.name, f.metadata["tag"], f.metadata["sentence"], f.default is not _missing)
        for f in declared
    )


_missing = field().default
