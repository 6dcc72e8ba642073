"""A second opinion on the loudness of a result: pyloudnorm, which shares no code with the engine.

It is an independent reading of BS.1770 with De Man's filters. It wants the whole sound in several float64 copies, so
it is given pieces, and the loudness that it finds for each 400 ms block is gated here, over all pieces together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.processor import Sound

LONGEST_S = 600.0
"""Longer results are not judged: an hour would cost half a minute."""

TOLERANCE_LU = 0.1
"""What BS.2217 allows a meter."""

GATE_LUFS = -70.0
_OFFSET_LU = -0.691
_LOWEST_RATE = 4000

_SEATS: dict[int, tuple[int, ...]] = {
    1: (0,),
    2: (0, 1),
    3: (0, 1, 2),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
    6: (0, 1, 2, -1, 3, 4),
}
"""By channel count, which of its five places (L R C Ls Rs) each channel takes; -1 for the LFE, which has no weight.
The engine knows weights for eight channels too; pyloudnorm does not."""

_WARM_S = 1
"""Heard before each piece and not counted; after a second its 38 Hz filter has forgotten by 2000 dB."""

_BODY_S = 20
_VALUES = 1_000_000
"""At most so many samples a piece, 8 MB a copy: high rates and many channels take shorter pieces. Whole seconds, so
that blocks of 100 ms begin on the same sample in a piece as in the whole at every rate."""


class SecondOpinion:
    """A sound that is judged while somebody else reads it: hand it to the analysis, then ask for `lufs`.

    asked: False where there is no second opinion: beyond 10 minutes, for channels or rates that have no loudness.
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self.rate, self.channels, self.frames = sound.rate, sound.channels, sound.frames
        self.asked = (
            self.frames <= LONGEST_S * self.rate and self.channels in _SEATS and self.rate >= _LOWEST_RATE
        )

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        """The sound's own blocks [shape=(channels, <=frames)], each heard by the judge too."""
        if not self.asked:
            yield from self._sound.blocks(frames)
            return
        self._judge = _Judge(self.rate, _SEATS[self.channels])
        for block in self._sound.blocks(frames):
            self._judge.push(block)
            yield block

    def lufs(self) -> float | None:
        """Integrated loudness; None below the gate, for less than 400 ms, and for samples that are no numbers."""
        return self._judge.lufs(self.frames) if self.asked else None


class _Judge:
    """Cuts a stream into pieces that overlap, and keeps the loudness of each block of 400 ms, 100 ms apart."""

    def __init__(self, rate: int, seats: tuple[int, ...]) -> None:
        from pyloudnorm import Meter

        self._rate, self._seats = rate, seats
        self._meter: Any = Meter(rate, filter_class="DeMan")
        width = max(seats) + 1
        body = min(_BODY_S, max(1, _VALUES // (rate * width)))
        # A block that begins at the end of a piece ends up to 300 ms later.
        self._overlap = _WARM_S * rate + -(-3 * rate // 10)
        self._piece = np.zeros((body * rate + self._overlap, width))
        self._filled = _WARM_S * rate
        self._body_blocks = 10 * body
        self._blocks: list[float] = []

    def push(self, block: Samples) -> None:
        while block.shape[1]:
            taken = block[:, : len(self._piece) - self._filled]
            place = self._piece[self._filled : self._filled + taken.shape[1]]
            for channel, seat in zip(taken, self._seats, strict=True):
                if seat >= 0:
                    place[:, seat] = channel
            self._filled += taken.shape[1]
            block = block[:, taken.shape[1] :]
            if self._filled == len(self._piece):
                self._blocks += self._heard()[: self._body_blocks]
                self._piece[: self._overlap] = self._piece[-self._overlap :]
                self._filled = self._overlap

    def _heard(self) -> list[float]:
        """Loudness of the blocks after the warm-up, in LUFS; -inf for silence."""
        self._meter.integrated_loudness(self._piece[: self._filled])
        found: list[float] = self._meter.blockwise_loudness[10 * _WARM_S :]
        return found

    def lufs(self, frames: int) -> float | None:
        """BS.1770-5 Annex 1: whole blocks only, gates at -70 LUFS and 10 LU below the mean of what that leaves."""
        count = max(0, frames * 10 // self._rate - 3)
        return _gated(np.array([*self._blocks, *self._heard()][:count]))


def _gated(blocks: NDArray[np.float64]) -> float | None:
    loud = 10.0 ** ((blocks[blocks >= GATE_LUFS] - _OFFSET_LU) / 10.0)
    if np.isnan(blocks).any() or not loud.size:
        return None
    return float(_OFFSET_LU + 10.0 * np.log10(loud[loud > loud.mean() / 10.0].mean()))
