"""Transient strength."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.transients import transient_strength_db
from bridge.analysis.wording import number, pick


class TransientStrength(Metric):
    name = "transient_strength"
    unit = "dB"
    source = (
        "Own definition: median over all onsets of how far the loudest 10 ms after one rises "
        "above the 50 ms before it, K-weighted, at most 40 dB"
    )
    sentence = "How far hits rise above what sounds before them; heavy compression makes it small."
    needs = ("onsets", "loudness")
    belongs_to = "tempo"

    def read(self, passes: Passes) -> float | str:
        return transient_strength_db(passes.onsets.starts_s(), passes.loudness)

    def explain(self, value: float | str) -> str:
        scale = (
            (3.0, "soft or flattened"),
            (7.0, "moderate"),
            (14.0, "punchy"),
            (float("inf"), "very sharp"),
        )
        words = pick(number(value), scale)
        return f"Hits rise {number(value):.1f} dB above what sounds before them: {words}."
