"""Tempo."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number


class Tempo(Metric):
    name = "tempo"
    unit = "BPM"
    source = (
        "Autocorrelation of onset strength, refined over up to 90 beats, or followed through stretches of 8 s where it "
        "changes (own definition); the octave by how low, middle and high accents follow each pulse (conditional logit)"
    )
    sentence = "Beats per minute."
    needs = ("onsets",)

    def read(self, passes: Passes) -> float | str:
        return passes.tempo().bpm

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} beats per minute (half or double may be felt)."
