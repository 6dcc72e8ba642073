"""Change: how frames of the source lie in the result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """rates in Hz, lengths in frames of the source and of the result; start: source frame where the result begins."""

    source_rate: int
    rate: int
    source_frames: int
    frames: int
    start: int = 0

    @property
    def same_grid(self) -> bool:
        """True where a frame number means the same moment before and after."""
        return self.source_rate == self.rate and self.start == 0

    def position(self, frame: int) -> int:
        """The result's frame for one of the source; may be negative or beyond the end."""
        return self.length(frame - self.start)

    def length(self, frames: int) -> int:
        """A number of frames, in the result's rate."""
        if self.source_rate == self.rate:
            return frames
        return (2 * frames * self.rate + self.source_rate) // (2 * self.source_rate)
