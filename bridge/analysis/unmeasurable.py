"""Why a value cannot be read. Raised inside a pass or a metric, turned into a Reading without value by the Analyzer."""

from __future__ import annotations


class Unmeasurable(Exception):
    """reason: a few words for people: "silence", "shorter than 0.4 s"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def needs_seconds(seconds: float, wanted_s: float) -> None:
    """Raises Unmeasurable where a sound of `seconds` is shorter than `wanted_s`."""
    if seconds < wanted_s:
        raise Unmeasurable(f"shorter than {wanted_s:g} s")


SILENCE = "silence"
EMPTY = "no frames"
