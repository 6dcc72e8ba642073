"""Version: a plan that was rendered in a conversation, and the version that it was made from."""

from __future__ import annotations

from pydantic import Field

from bridge.planning.plan import Plan
from bridge.planning.value import Value


class Version(Value):
    """number: in the order made; 0 is the untouched sound, which has neither plan nor parent. words: that made it."""

    number: int = Field(ge=0)
    parent: int | None = None
    plan: Plan | None = None
    words: str = ""

    @property
    def title(self) -> str:
        return f"version {self.number}" if self.number else "the original"
