"""How far up the content reaches, and how steeply it ends there."""

from __future__ import annotations

from bridge.analysis.brick_wall import UpperEnd, upper_end
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number

WALL_DB = 40.0


def _end(passes: Passes) -> UpperEnd:
    return upper_end(passes.spectrum.total(), passes.stream.rate / passes.stream.frame, WALL_DB)


class Bandwidth(Metric):
    name = "bandwidth"
    unit = "Hz"
    source = (
        "Own definition: where the long-term spectrum falls by 40 dB within 500 Hz and stays there; where it does "
        "not, the highest 100 Hz within 80 dB of the strongest"
    )
    sentence = "Up to which frequency there is any content."
    needs = ("spectrum",)

    def read(self, passes: Passes) -> float | str:
        return _end(passes).edge_hz

    def explain(self, value: float | str) -> str:
        return f"Content reaches up to {number(value) / 1000:.1f} kHz."


class BandwidthDrop(Metric):
    name = "bandwidth_drop"
    unit = "dB"
    source = (
        "Own definition: the largest fall of the long-term spectrum within 500 Hz to everything above, from content "
        "that fills the 1.5 kHz below; medians of 100 Hz"
    )
    sentence = "How steeply the content ends: over 40 dB is the wall that codecs and resampling leave."
    needs = ("spectrum",)
    belongs_to = "bandwidth"

    def read(self, passes: Passes) -> float | str:
        return _end(passes).drop_db

    def explain(self, value: float | str) -> str:
        drop = number(value)
        return f"The upper end falls by {drop:.0f} dB: {'a wall' if drop > WALL_DB else 'no wall'}."
