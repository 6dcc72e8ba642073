"""What words say of versions: which one to go back to, to compare with, or what to call this one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.planning.value import Value


class Which(Value):
    """One version, by the one thing that was said of it.

    number: 0 is the untouched sound. name: as it was called. before: the thing that it does not have yet, in the user's
    words, and topics: what these words mean ("effect:delay"). newest: the one made last. back: so many undos, redos
    where it is negative.
    """

    number: int | None = Field(default=None, ge=0)
    name: str = Field(default="", max_length=200)
    before: str = Field(default="", max_length=200)
    topics: tuple[str, ...] = ()
    newest: bool = False
    back: int = Field(default=0, ge=-1000, le=1000)


class VersionWish(Value):
    """do: "go" to a version, "compare" two, "name" the present one, or "list" them.

    which: the version meant; None is the present one. against: the other side of a comparison; None is the original.
    name: what the present one shall be called.
    """

    do: Literal["go", "compare", "name", "list"]
    which: Which | None = None
    against: Which | None = None
    name: str = Field(default="", max_length=200)
