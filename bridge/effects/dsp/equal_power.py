"""Dry and wet at equal power: together as loud whatever their shares, where they have nothing in common."""

from __future__ import annotations

import math


def equal_power(mix: float) -> tuple[float, float]:
    """Gains of the dry and of the wet sound; mix: 0 is dry, 1 is wet, between them a quarter turn."""
    return math.cos(mix * math.pi / 2), math.sin(mix * math.pi / 2)
