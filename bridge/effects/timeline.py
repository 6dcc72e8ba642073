"""What a step makes of time: which moment of its input each moment of its output is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Timeline:
    """A straight line from output to input: output frame 0 is the input's frame `first`, and each further frame
    `speed` input frames later. frames: how many come out, exactly.

    A trim has speed 1 and another first frame, a time stretch begins at 0.
    """

    frames: int
    first: float = 0.0
    speed: float = 1.0

    def after(self, frame: float) -> float:
        """The output's frame at which an input frame is heard, held to the output's ends."""
        return min(max((frame - self.first) / self.speed, 0.0), float(self.frames))

    def before(self, frame: float) -> float:
        """The input's frame that is heard at an output frame."""
        return self.first + frame * self.speed


def after(timelines: tuple[Timeline, ...], seconds: float, rate: int) -> float:
    """Where a second of the source lies once all of them, in order, have been gone through, in seconds."""
    frame = seconds * rate
    for timeline in timelines:
        frame = timeline.after(frame)
    return frame / rate


def offset_s(timelines: tuple[Timeline, ...], rate: int) -> float:
    """Which second of the source the result starts with, so that a DAW can place it."""
    frame = 0.0
    for timeline in reversed(timelines):
        frame = timeline.before(frame)
    return frame / rate
