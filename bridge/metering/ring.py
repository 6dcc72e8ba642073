"""Ring: the last seconds of a stream, written by one callback that never waits, read by any number of readers.

No lock and no allocation of sound on the writing side: the writer says how far it is about to write, copies, then
says how far it has written. A reader copies and looks again: what the writer may have touched meanwhile is lost, is
counted, and is never handed out. Positions are counts of frames since the start and only grow; each is one integer
that is replaced as a whole, which Python promises.
"""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio, Samples
from bridge.errors import BadInput
from bridge.units import frames_from_s


class Ring:
    """rate in Hz, channels, seconds: how much it remembers."""

    def __init__(self, rate: int, channels: int, seconds: float) -> None:
        capacity = frames_from_s(seconds, rate) if rate > 0 else 0
        if capacity < 1 or channels < 1:
            raise BadInput(f"A ring of {seconds:g} s with {channels} channels at {rate} Hz holds nothing.")
        self.rate, self.channels, self.capacity = rate, channels, capacity
        self._data = np.zeros((channels, capacity), np.float32)
        self._claimed = 0
        self._written = 0

    @property
    def written(self) -> int:
        """Frames written since the start."""
        return self._written

    def write(self, block: Samples) -> None:
        """The callback's side [shape=(channels, any number of frames); a transposed interleaved block is as good].

        Copies and returns. One thread only. Raises BadInput for another shape, which numpy would spread over all
        channels.
        """
        if block.ndim != 2 or block.shape[0] != self.channels:
            raise BadInput(f"A ring of {self.channels} channels was given a block of shape {block.shape}.")
        frames = block.shape[1]
        end = self._written + frames
        self._claimed = end
        if frames > self.capacity:
            block, frames = block[:, -self.capacity :], self.capacity
        at = (end - frames) % self.capacity
        first = min(frames, self.capacity - at)
        self._data[:, at : at + first] = block[:, :first]
        if first < frames:
            self._data[:, : frames - first] = block[:, first:]
        self._written = end

    def copy(self, start: int, end: int) -> tuple[Samples, int]:
        """Frames start..end as far as they are still whole, and the position of the first of them."""
        end = min(end, self._written)
        start = min(max(start, end - self.capacity, 0), end)
        at, frames = start % self.capacity, end - start
        first = min(frames, self.capacity - at)
        copied = np.empty((self.channels, frames), np.float32)
        copied[:, :first] = self._data[:, at : at + first]
        copied[:, first:] = self._data[:, : frames - first]
        # What the writer has laid claim to since lies over the oldest of it.
        safe = min(max(start, self._claimed - self.capacity), end)
        return copied[:, safe - start :], safe

    def last(self, seconds: float) -> Audio:
        """The newest sound, up to `seconds` of it: less where less has come yet, or where the ring is shorter."""
        end = self._written
        samples, _ = self.copy(end - frames_from_s(max(seconds, 0.0), self.rate), end)
        return Audio(np.ascontiguousarray(samples), self.rate)

    def reader(self, position: int | None = None) -> Reader:
        """Reads from now on, or from `position`: 0 is the first frame that was ever written."""
        return Reader(self, self._written if position is None else position)


class Reader:
    """One reader's place in a ring. overruns: how often it came too late; lost: frames that it never saw."""

    def __init__(self, ring: Ring, position: int) -> None:
        self._ring = ring
        self._position = position
        self.overruns = 0
        self.lost = 0

    @property
    def position(self) -> int:
        """The frame that is read next, counted from the ring's start."""
        return self._position

    def read(self, frames: int | None = None) -> Samples:
        """What has come since the last time, at most `frames` of it [shape=(channels, n)]; n is 0 where nothing has.

        After an overrun it begins with the oldest frame that is still whole.
        """
        end = self._ring.written
        if frames is not None:
            # Counted from what is left, or a reader that is far behind would be handed nothing.
            end = min(end, max(self._position, end - self._ring.capacity) + max(frames, 0))
        samples, start = self._ring.copy(self._position, end)
        if start > self._position:
            self.overruns += 1
            self.lost += start - self._position
        self._position = start + samples.shape[1]
        return samples
