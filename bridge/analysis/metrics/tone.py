"""Too much or too little of a part of the spectrum, each as one number in dB."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from bridge.analysis import tone
from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.analysis.unmeasurable import Unmeasurable
from bridge.analysis.wording import number

_LEAST_NYQUIST_HZ = 11000.0
"""Below a rate of 22 kHz there is no top to hold anything against."""


def third_octave_powers(passes: Passes) -> NDArray[np.float64]:
    """Power of each third octave of the long-term spectrum [shape=(31,)]; raises Unmeasurable at a low rate."""
    if passes.stream.nyquist_hz < _LEAST_NYQUIST_HZ:
        raise Unmeasurable(f"a rate of {passes.stream.rate} Hz holds too little of the spectrum")
    spectrum, total = passes.spectrum, passes.spectrum.total()
    return np.array([spectrum.between(total, hz * 10**-0.05, hz * 10**0.05) for hz in THIRD_OCTAVES_HZ])


class Tone(Metric):
    """One property of the tone: the height of the curve that makes it, as far as clean mixes do not explain it."""

    unit = "dB"
    needs = ("spectrum",)
    title: ClassVar[str]

    def read(self, passes: Passes) -> float | str:
        return tone.height_db(tone.over_mixes(third_octave_powers(passes)), self.name)

    def explain(self, value: float | str) -> str:
        return f"{self.title} {number(value):+.1f} dB against what the rest of the mix lets expect."


def _made(name: str, curve: str, sentence: str, title: str) -> Tone:
    source = (
        f"Own definition: height of {curve} in the third octaves from 50 Hz to 10 kHz over those of clean mixes, by "
        "generalized least squares (Aitken, 1936) with the differences between clean mixes as noise"
    )
    body = {"name": name, "source": source, "sentence": sentence, "title": title}
    made: Tone = type(name.title(), (Tone,), body)()
    return made


TONE = (
    _made("boom", "a bell about 100 Hz", "How boomy it is: a bump about 80 to 125 Hz.", "The bass:"),
    _made("mud", "a bell about 270 Hz", "How muddy it is: a bump about 200 to 320 Hz.", "The low mids:"),
    _made("boxiness", "a bell about 510 Hz", "How boxy it is: a bump about 400 to 630 Hz.", "400 to 630 Hz:"),
    _made(
        "harshness", "a bell about 3350 Hz", "How harsh it is: a bump about 2.6 to 4.2 kHz.", "The high mids:"
    ),
    _made(
        "dullness",
        "a low-pass at 2.2 kHz",
        "How dull it is: what 5 to 10 kHz lack against what lies below.",
        "The mids over the highs:",
    ),
    _made(
        "thinness",
        "a low shelf at 255 Hz, turned down,",
        "How thin it is: what the body below 250 Hz lacks against what lies above.",
        "The mids over the body:",
    ),
)
