"""Integrated loudness of the whole sound."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number, pick

_SCALE = (
    (-30.0, "very quiet, as dialogue in a film mix or a raw recording"),
    (-20.0, "quiet, near the -23 LUFS of broadcast"),
    (-15.5, "moderate, near the -16 LUFS of podcasts"),
    (-12.5, "near the -14 LUFS to which most streaming services turn music"),
    (-8.0, "loud, as modern pop and rock masters; streaming services will turn it down"),
    (float("inf"), "extremely loud, as club masters; little dynamics can be left"),
)


class IntegratedLoudness(Metric):
    name = "integrated_loudness"
    unit = "LUFS"
    source = "ITU-R BS.1770-5 (2023) Annex 1; EBU R 128"
    sentence = "How loud the whole sound is to the ear, silences left out."
    needs = ("loudness",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return passes.loudness.integrated()

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} LUFS: {pick(number(value), _SCALE)}."
