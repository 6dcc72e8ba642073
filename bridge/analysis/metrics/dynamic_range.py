"""Dynamic range, DR14-like."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import Unmeasurable, needs_seconds
from bridge.analysis.wording import number, pick

_BLOCK_S = 3.0
_LEAST_S = 5 * _BLOCK_S
"""Of fewer blocks the loudest fifth is no whole one."""
_SQUARE_DB = -3.02
"""Nothing is denser than a square wave: below it the second peak is that of a quieter block."""
_SCALE = (
    (8.0, "very dense, as loud pop masters are"),
    (14.0, "moderately dense"),
    (float("inf"), "much room for peaks"),
)


class DynamicRange(Metric):
    name = "dynamic_range"
    unit = "dB"
    source = (
        "DR14-like, after the Pleasurize Music Foundation's DR: second highest block peak over the RMS (a sine's on "
        "its peak) of the loudest fifth of 3 s blocks, mean over channels; blocks are whole frames, so it may differ "
        "from that meter by some 0.1 dB"
    )
    sentence = "How far peaks stand above the loudest passages (DR14-like)."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        import numpy as np

        needs_seconds(passes.seconds, _LEAST_S)
        passes.levels.peak()
        power, peaks = passes.levels.in_blocks(_BLOCK_S)
        heard = power.any(axis=1)
        if not heard.any():
            raise Unmeasurable("too short")
        power, peaks = np.sort(power[heard], axis=1), np.sort(peaks[heard], axis=1)
        loudest = power[:, -max(1, round(power.shape[1] * 0.2)) :].mean(axis=1)
        second = peaks[:, -2:][:, 0].astype(np.float64)
        if not (second > 0.0).all():
            raise Unmeasurable("sound in one block only")
        ratio = 20.0 * np.log10(second) - 10.0 * np.log10(2.0 * loudest)
        if ratio.min() < _SQUARE_DB:
            raise Unmeasurable("one loud moment only")
        return float(ratio.mean())

    def explain(self, value: float | str) -> str:
        return (
            f"{number(value):.1f} dB between peaks and the loudest passages: {pick(number(value), _SCALE)}."
        )
