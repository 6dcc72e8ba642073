"""Part: which half of a stereo sound a step works on, and which effects can work on one."""

from __future__ import annotations

from typing import Literal, get_args

from bridge.effects.effect import Effect, Stage

Part = Literal["all", "mid", "side", "left", "right"]
"""mid: (L + R) / 2, what both sides share. side: (L - R) / 2, in what they differ. Each is one channel to an effect."""

PARTS: tuple[Part, ...] = get_args(Part)

_OF_THE_WHOLE: tuple[Stage, ...] = ("timing", "image", "edges", "loudness", "ceiling")
"""What moves sound in time or between the sides, and what promises a level of the whole."""


def divisible(kind: type[Effect]) -> bool:
    """Whether an effect makes sense on one part while the other stays as it is."""
    return kind.stage not in _OF_THE_WHOLE and kind.name != "channels"
