"""Stretches in which one channel is gone."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.places import lost_channel
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number


class ChannelLosses(Metric):
    name = "channel_losses"
    unit = ""
    source = (
        "Own definition: left or right falls below -80 dBFS within 10 ms and stays there for 0.25 s or more, while the "
        "other goes on; before that they shared a middle (correlation over 0.3)"
    )
    sentence = "How often one side drops out while the other goes on."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        if passes.stream.channels < 2:
            raise Unmeasurable("mono")
        return float(len(lost_channel(passes)))

    def explain(self, value: float | str) -> str:
        return f"One side drops out {number(value):.0f} times."
