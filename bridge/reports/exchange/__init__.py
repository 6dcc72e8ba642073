"""A plan for other programs: DAWproject's devices, REAPER's effect chains. What cannot be carried over is named."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exported:
    """content: of the file. carried: ids of the steps that are in it. left_out: a sentence for all that is not."""

    content: bytes
    carried: tuple[str, ...]
    left_out: tuple[str, ...]
