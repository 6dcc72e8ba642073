"""Key."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes


class Key(Metric):
    name = "key"
    unit = ""
    source = (
        "Harmonic pitch class profile (E. Gomez 2006), bass counted once more by half, "
        "against the profiles of I. Sha'ath (2011)"
    )
    sentence = "The key the sound is most likely in."
    needs = ("pitches",)

    def read(self, passes: Passes) -> float | str:
        return passes.key().name

    def explain(self, value: float | str) -> str:
        return f"Most likely {value}."
