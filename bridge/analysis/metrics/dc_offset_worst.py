"""The largest steady DC offset of any 30 s."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.places import dc_windows
from bridge.analysis.unmeasurable import EMPTY, Unmeasurable
from bridge.analysis.wording import number


class DcOffsetWorst(Metric):
    name = "dc_offset_worst"
    unit = "%"
    source = (
        "Own definition: mean of the samples as a share of full scale in stretches of about 30 s, the worst channel "
        "and stretch with its sign; 0 where no mean lies seven standard errors from zero"
    )
    sentence = "The largest shift of the waveform's middle in any half minute: an offset may come and go."
    needs = ("levels",)
    law = "linear"

    def read(self, passes: Passes) -> float | str:
        windows = dc_windows(passes)
        if not windows:
            raise Unmeasurable(EMPTY if not passes.frames else "shorter than a frame of 85 ms")
        return 100.0 * max((offset for _, offset in windows), key=abs)

    def explain(self, value: float | str) -> str:
        return f"In the worst half minute the middle lies {number(value):.3f} % of full scale from zero."
