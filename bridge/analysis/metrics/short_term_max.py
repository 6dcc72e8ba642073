"""Maximum short-term loudness."""

from __future__ import annotations

import numpy as np

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.passes.loudness import loudness_of
from bridge.analysis.wording import number


class ShortTermMax(Metric):
    name = "short_term_max"
    unit = "LUFS"
    source = "EBU Tech 3341 v4 (2023) 2.2: 3 s window, here every 10 ms"
    sentence = "The loudest 3 seconds."
    needs = ("loudness",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return float(loudness_of(np.array(passes.loudness.loudest(300))))

    def explain(self, value: float | str) -> str:
        return f"The loudest 3 s reach {number(value):.1f} LUFS."
