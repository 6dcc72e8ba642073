"""Key."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes


class Key(Metric):
    name = "key"
    unit = ""
    source = (
        "Pitch classes of the spectral peaks without their harmonics (own definition), bass counted once more by half, "
        "against the profiles of J. Albrecht and D. Shanahan (2013)"
    )
    sentence = "The key the sound is most likely in."
    needs = ("pitches",)

    def read(self, passes: Passes) -> float | str:
        return passes.key().name

    def explain(self, value: float | str) -> str:
        return f"Most likely {value}."
