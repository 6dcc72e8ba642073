"""Too much or too little of a part of the spectrum, each as one number in dB."""

from __future__ import annotations

from collections.abc import Callable
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
    """One property of the tone: how far a region stands over what it is held against."""

    unit = "dB"
    needs = ("spectrum",)
    measure: ClassVar[Callable[[tone.Levels], float]]
    title: ClassVar[str]

    def read(self, passes: Passes) -> float | str:
        return type(self).measure(tone.against_usual(third_octave_powers(passes)))

    def explain(self, value: float | str) -> str:
        return f"{self.title} {number(value):+.1f} dB against what is usual in music."


def _bump(name: str, region: tone.Region, title: str, word: str) -> Tone:
    low, high = region.core
    source = (
        f"Own definition: mean of the third octaves from {low:g} to {high:g} Hz over those from {region.below[0]:g} "
        f"to {region.below[1]:g} and from {region.above[0]:g} to {region.above[1]:g} Hz, three parts by the nearer "
        "side; the usual fall of music (Pestana et al., AES 135, 2013) taken away"
    )
    sentence = f"How {word} it is: {low:g} to {high:g} Hz against what lies below and above."
    return _made(name, source, sentence, title, lambda levels: tone.excess(levels, region))


def _made(name: str, source: str, sentence: str, title: str, measure: Callable[[tone.Levels], float]) -> Tone:
    body = {
        "name": name,
        "source": source,
        "sentence": sentence,
        "title": title,
        "measure": staticmethod(measure),
    }
    made: Tone = type(name.title(), (Tone,), body)()
    return made


TONE = (
    _bump("boom", tone.BOOM, "The bass over its surroundings:", "boomy"),
    _bump("mud", tone.MUD, "The low mids over their surroundings:", "muddy"),
    _bump("boxiness", tone.BOXINESS, "400 to 630 Hz over their surroundings:", "boxy"),
    _bump("harshness", tone.HARSHNESS, "The high mids over their surroundings:", "harsh"),
    _made(
        "dullness",
        "Own definition: mean of the third octaves from 315 to 1250 Hz over those from 5 to 10 kHz, the usual fall of "
        "music (Pestana et al., AES 135, 2013) taken away",
        "How dull it is: what the highs lack against the mids.",
        "The mids over the highs:",
        tone.dullness,
    ),
    _made(
        "thinness",
        "Own definition: mean of the third octaves from 800 to 2000 Hz over those from 100 to 250 Hz, less what a "
        "steady rise into the high mids explains; the usual fall of music (Pestana et al., AES 135, 2013) taken away",
        "How thin it is: what the body lacks against the mids.",
        "The mids over the body:",
        tone.thinness,
    ),
)
