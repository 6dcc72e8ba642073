"""Mid and side of the channel pairs of a sound, and how wide they stand."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.biquad import BUTTERWORTH_4, Filter, high_pass
from bridge.effects.dsp.silence import nothing

WIDE_ABOVE_HZ = 180.0
"""Corner of the fourth-order high-pass in front of the added side: 14 dB down at 120 Hz, 28 dB at 80 Hz."""

PAIRS: dict[int, tuple[tuple[int, int], ...]] = {
    2: ((0, 1),),
    3: ((0, 1),),
    4: ((0, 1), (2, 3)),
    5: ((0, 1), (3, 4)),
    6: ((0, 1), (4, 5)),
    8: ((0, 1), (4, 5), (6, 7)),
}
"""Left and right partners by channel count; orders L R C LFE Ls Rs, and L R C Ls Rs for five."""


class Sides:
    """Narrower: side times width at all frequencies. Wider: side raised above 120 Hz alone. Below `mono_below_hz`
    (0: nowhere) the side is taken out. The mid is untouched, so the mono sum stays as it was."""

    latency_frames = 0

    def __init__(self, width: float, rate: int, channels: int, mono_below_hz: float = 0.0) -> None:
        self._width = width
        self._channels = channels
        idle = width == 1.0 and mono_below_hz == 0.0
        self._pairs = () if idle else PAIRS.get(channels, ())
        corner = min(WIDE_ABOVE_HZ, 0.2 * rate)
        sections = [high_pass(corner, q, rate) for q in BUTTERWORTH_4] if width > 1.0 else []
        self._filters = [Filter(np.array(sections).reshape(-1, 6), 1) for _ in self._pairs]
        cut = (
            [high_pass(min(mono_below_hz, 0.2 * rate), q, rate) for q in BUTTERWORTH_4]
            if mono_below_hz
            else []
        )
        self._cuts = [Filter(np.array(cut).reshape(-1, 6), 1) for _ in self._pairs]
        plural = "" if channels == 1 else "s"
        text = f"there is no width to change in a sound of {channels} channel{plural}"
        self.warnings = (text,) if not idle and channels not in PAIRS else ()

    def process(self, block: Samples) -> Samples:
        if not self._pairs or not block.shape[1]:
            return block
        out = block.copy()
        for (left, right), filtered, cut in zip(self._pairs, self._filters, self._cuts, strict=True):
            side = 0.5 * (block[left].astype(np.float64) - block[right])
            wanted = side + (self._width - 1.0) * filtered.run(side[None])[0]
            change = cut.run(wanted[None])[0] - side
            out[left] = block[left] + change
            out[right] = block[right] - change
        return out

    def flush(self) -> Samples:
        return nothing(self._channels)
