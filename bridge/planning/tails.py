"""Tails: how a language speaks of the end of a sound."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.planning.value import Value


class Tails(Value):
    """Patterns for what is said of the end of a sound. parts: patterns by the name that others put in braces.

    said: (policy, pattern); of two that begin at one word the first counts. heard_in: letters without which none fits.
    """

    parts: dict[str, str] = Field(default_factory=dict)
    said: tuple[tuple[Literal["keep", "trim", "fade"], str], ...] = ()
    heard_in: tuple[str, ...] = ()
