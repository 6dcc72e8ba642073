"""Key."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes


class Key(Metric):
    name = "key"
    unit = ""
    source = "Mean chroma against the profiles of Krumhansl & Kessler (1982)"
    sentence = "The key the sound is most likely in."
    needs = ("music",)

    def read(self, passes: Passes) -> float | str:
        return passes.music.key().name

    def explain(self, value: float | str) -> str:
        return f"Most likely {value}."
