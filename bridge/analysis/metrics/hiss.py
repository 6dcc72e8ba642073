"""Hiss: steady noise between the notes."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number

_WHERE = (
    "Own definition: in the Bark bands above 510 Hz and the quietest 2 % of frames of 85 ms, digital silence "
    "left out: "
)


class Hiss(Metric):
    name = "hiss"
    unit = "dBFS"
    source = _WHERE + "RMS"
    sentence = "The level above 510 Hz between the notes: hiss, where it is steady and the sound pauses."
    needs = ("spectrum",)
    law = "level"

    def read(self, passes: Passes) -> float | str:
        return passes.steady_noise().level_dbfs

    def explain(self, value: float | str) -> str:
        return f"Above 510 Hz the quietest moments lie at {number(value):.0f} dBFS."


class HissUnrest(Metric):
    name = "hiss_unrest"
    unit = "dB"
    source = _WHERE + "standard deviation of the level in each band, mean of the bands"
    sentence = "How much the quietest moments vary: noise by less than 1 dB, dying notes by more."
    needs = ("spectrum",)
    belongs_to = "hiss"

    def read(self, passes: Passes) -> float | str:
        return passes.steady_noise().unrest_db

    def explain(self, value: float | str) -> str:
        words = "steady noise" if number(value) < 1.5 else "no steady noise"
        return f"The quietest moments vary by {number(value):.1f} dB: {words}."


class HissRise(Metric):
    name = "hiss_rise"
    unit = "dB"
    source = _WHERE + "how far one frame in ten stands over them, median of the bands"
    sentence = "How far the sound stands over its quietest moments; near 0 it never pauses."
    needs = ("spectrum",)
    belongs_to = "hiss"

    def read(self, passes: Passes) -> float | str:
        return passes.steady_noise().rise_db

    def explain(self, value: float | str) -> str:
        return f"The sound stands {number(value):.0f} dB over its quietest moments."


HISS = (Hiss(), HissUnrest(), HissRise())
