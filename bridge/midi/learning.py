"""The wiggle that a DAW's MIDI learn catches: one control, slowly up and down, and back to where it shall stay."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bridge.midi.control import Control

PER_S = 30.0
"""Positions a second: learners want to see a control move, and old ones miss faster ones."""
SWEEP_S = 1.0
"""From one end to the other and back."""


def wiggle(control: Control, seconds: float, ends_at: int) -> Iterator[tuple[float, tuple[bytes, ...]]]:
    """Messages with the time to wait before each, in seconds. Each position differs from the one before, since learners
    take no notice of a control that stands still."""
    count = max(2, math.ceil(seconds * PER_S))
    before: int | None = None
    for number in range(count):
        phase = (number / PER_S / SWEEP_S) % 1.0
        position = round((1 - abs(2 * phase - 1)) * control.highest)
        if position != before:
            yield (0.0 if before is None else 1 / PER_S), control.messages(position)
        before = position
    yield 1 / PER_S, (*control.messages(ends_at), *control.afterwards())
