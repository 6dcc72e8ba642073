"""Places: what `where` of an intent or a step may say besides the name of a stem or a bus."""

from __future__ import annotations

INPUT = "input"
"""One sound alone; among several stems, each of them."""

MIX = "mix"
"""The sum of all stems; of one sound alone, that sound."""
