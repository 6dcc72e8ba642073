"""Tempo."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Tempo(Metric):
    name = "tempo"
    unit = "BPM"
    source = "Beat tracking after D. Ellis (2007), librosa's implementation"
    sentence = "Beats per minute."
    needs = ("music",)

    def read(self, passes: Passes) -> float | str:
        return passes.music.tempo_bpm()

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} beats per minute (half or double may be felt)."
