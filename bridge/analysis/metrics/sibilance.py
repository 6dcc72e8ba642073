"""How far s and sh burst out of a voice."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.sibilance import FAINTEST_DB, heard
from bridge.analysis.wording import number


class Sibilance(Metric):
    """Its places stand in the curve `defects`."""

    name = "sibilance"
    unit = "dB"
    source = (
        "Own definition: upper quartile of 5.3 to 9.5 kHz in frames of 85 ms in which it bursts out, over the upper "
        "quartile of 200 to 3700 Hz; -40 where nothing bursts like an s"
    )
    sentence = "How sharp s and sh are against the vowels."
    needs = ("spectrum",)

    def read(self, passes: Passes) -> float | str:
        return heard(passes).strength_db

    def explain(self, value: float | str) -> str:
        if number(value) <= FAINTEST_DB:
            return "No s bursts out."
        return f"Its s sounds stand {number(value):+.1f} dB against the vowels."
