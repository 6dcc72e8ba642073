"""What several metrics and curves ask of the same sound is worked out once, until more of the sound comes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar


class Growing(Protocol):
    """Something that sound is pushed into. kept: what was read of it so far; its `push` clears it."""

    kept: dict[Callable[..., Any], Any]


_Source = TypeVar("_Source", bound=Growing)
_Value = TypeVar("_Value")


def read_once(read: Callable[[_Source], _Value]) -> Callable[[_Source], _Value]:
    """A function or method of one growing thing that answers from `kept` when it is asked again.

    All who ask are given the same value: nobody may change it. What raises Unmeasurable is tried again.
    """

    @wraps(read)
    def once(source: _Source) -> _Value:
        if read not in source.kept:
            source.kept[read] = read(source)
        value: _Value = source.kept[read]
        return value

    return once
