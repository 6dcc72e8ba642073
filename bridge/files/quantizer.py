"""From float32 to the integers of a file: rounding, dither, full scale.

Dither: white noise with a triangular density of +-1 step (TPDF), independent in every sample and channel, added
before rounding. It makes the rounding error independent of the sound in mean and variance; total error power is
step^2/4 (Lipshitz, Wannamaker, Vanderkooy, "Quantization and Dither: A Theoretical Survey", JAES 40(5), 1992).

When: an integer format of up to 24 bits, and only where the sound does not already lie on the format's own steps.
Sound that lies on them needs no rounding, so nothing is added: a file that no step has touched comes back bit for
bit, and digital silence stays silent. The first frame off the grid switches the dither on, in all channels;
`HOLD_FRAMES` whole frames on the grid switch it off again. The decision looks at frames, not at blocks, and the
noise of a frame depends on the seed and the frame's number alone: how the sound is cut changes nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples

HOLD_FRAMES = 4096
"""Long enough that processed sound, of which up to half the samples may fall on a 24-bit step by chance, never gets
there; short enough (85 ms at 48 kHz) to fall silent with a tail."""

DITHERED_BITS = 24
"""float32 carries 24 significant bits: wider integers lose nothing that dither could save."""


class Quantizer:
    """Blocks of one sound, in order, to integers of `bits` (8 to 32). seed: of the dither; None for none.

    overs: samples beyond full scale so far, held at full scale and not wrapped. +1.0 itself is full scale and
    becomes the largest integer.
    """

    def __init__(self, bits: int, channels: int, seed: int | None = 0) -> None:
        self.bits = bits
        self.channels = channels
        self.overs = 0
        self._scale = float(2 ** (bits - 1))
        self._dithers = seed is not None and bits <= DITHERED_BITS
        self._noise = np.random.PCG64(seed)
        self._frame = 0
        self._last_off_grid = -HOLD_FRAMES

    def quantize(self, block: Samples) -> NDArray[np.int32]:
        """Planar float32 [shape=(channels, frames)] -> integers [shape=(frames, channels)] of `bits`."""
        if block.size and not (block.max() <= 1.0 and block.min() >= -1.0):
            self.overs += int(np.count_nonzero(np.abs(block) > 1.0))
        steps = np.multiply(block.T, self._scale, dtype=np.float64, order="C")
        if self._dithers:
            self._add_dither(steps)
        np.rint(steps, out=steps)
        np.clip(steps, -self._scale, self._scale - 1, out=steps)
        return steps.astype(np.int32)

    def _add_dither(self, steps: NDArray[np.float64]) -> None:
        frames = len(steps)
        off_grid = _any_channel(steps != np.rint(steps))
        if self._all_near(off_grid):
            steps += self._triangular(frames)
            self._last_off_grid = self._frame + frames - 1 - int(off_grid[::-1].argmax())
            self._frame += frames
            return
        numbers = np.arange(self._frame, self._frame + frames)
        last = np.maximum.accumulate(np.where(off_grid, numbers, self._last_off_grid))
        active = numbers - last < HOLD_FRAMES
        if active.any():
            noise = self._triangular(frames)
            steps += noise if active.all() else np.where(active[:, None], noise, 0.0)
        else:
            self._noise.advance(frames * self.channels)
        if frames:
            self._last_off_grid = int(last[-1])
        self._frame += frames

    def _all_near(self, off_grid: NDArray[np.bool_]) -> bool:
        """Whether no frame is HOLD_FRAMES or more behind the last one off the grid, as in nearly all sound."""
        half, frames = HOLD_FRAMES // 2, len(off_grid)
        rows = off_grid[: frames // half * half].reshape(-1, half)
        if len(rows) and self._frame - self._last_off_grid <= half and rows.any(axis=1).all():
            return True  # one in each row: no two lie farther apart
        at = np.flatnonzero(off_grid)
        if not at.size:
            return False
        before = self._frame + int(at[0]) - self._last_off_grid if at[0] else 0
        return max(before, int(np.diff(at).max(initial=0)), len(off_grid) - int(at[-1])) <= HOLD_FRAMES

    def _triangular(self, frames: int) -> NDArray[np.float64]:
        """TPDF in steps, -1 to 1 [shape=(frames, channels)]: the difference of two even halves of 64 random bits."""
        halves = self._noise.random_raw(frames * self.channels).view(np.uint32)
        noise = np.subtract(halves[::2], halves[1::2], dtype=np.float64)
        noise *= 2.0**-32
        return noise.reshape(frames, self.channels)


def _any_channel(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames that are marked in any channel [shapes=(frames, channels) -> (frames,)]."""
    found = marks[:, 0].copy()
    for channel in range(1, marks.shape[1]):
        found |= marks[:, channel]
    return found
