"""What one setting declares about itself: unit, sentence, span, and how its default is told to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field
from pydantic.fields import FieldInfo


@dataclass(frozen=True)
class Meaning:
    """unit: of the value, "" for none. default_text: how the manual tells a default that depends on the machine."""

    sentence: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    default_text: str | None = None

    @property
    def span(self) -> str:
        """ "1024 to 65535", or "" where the value has no span of numbers."""
        if self.low is None and self.high is None:
            return ""
        low = "" if self.low is None else f"{self.low:g}"
        high = "" if self.high is None else f"{self.high:g}"
        return f"{low} to {high}" if low and high else (f"at least {low}" if low else f"at most {high}")


def setting(
    sentence: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    default_text: str | None = None,
) -> Any:
    """Annotation of a field of Settings: `settle_s: Annotated[float, setting("...", unit="s", low=0.1)] = 1.5`."""
    info: FieldInfo = Field(ge=low, le=high, description=sentence)
    info.metadata.append(Meaning(sentence, unit, low, high, default_text))
    return info


def meaning_of(info: FieldInfo) -> Meaning:
    """The Meaning that a field of Settings was declared with."""
    return next(item for item in info.metadata if isinstance(item, Meaning))
