"""Promise: what one wish must show in the finished sound, as data of the plan, so that the renderer can hold it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bridge.planning.intent import Span
from bridge.planning.part import Part
from bridge.planning.shows import Shows
from bridge.planning.value import Value
from bridge.units import third_octave_in_words

Figure = Literal[
    "shows",  # a reading, a region of the spectrum against the rest, or the level over time: `shows`
    "place",  # a third octave, as `band` changes it against the whole, in dB
    "width",  # side against mid above the bass, or between `between_hz`, in dB
    "tail",  # what goes on behind hits against the hits, in dB
    "reading",  # a reading of the result itself: `shows`
    "beside",  # what no short filter of the source gives: room, echoes, copies that swing, in %
    "new",  # what no filter of the source gives, of the result, in %
    "pitch",  # cents between source and result
    "speed",  # how many times faster the result runs
    "none",  # nothing is known that proves it; `why` says so
]
Sense = Literal["at_least", "at_most", "about"]

_LISTENS = {"bell": 1.0, "low_shelf": 0.5, "high_shelf": 2.0, "high_pass": 0.5, "low_pass": 2.0}
_TITLES = {
    "tail": "what goes on behind hits against the hits",
    "new": "new harmonics",
    "beside": "room, echoes and swings beside the sound",
    "width": "side against mid above 180 Hz",
    "pitch": "pitch against the source",
    "speed": "length against the source",
}


class ShownBand(Value):
    """One band of an equalizer as it was asked for."""

    kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"]
    frequency_hz: float = Field(gt=0)
    gain_db: float = 0.0
    q: float = Field(default=0.71, gt=0)
    slope_db_per_octave: int = 12

    @property
    def listens_hz(self) -> float:
        """Where it is looked at: a bell at its frequency, shelf and pass an octave beyond."""
        return self.frequency_hz * _LISTENS[self.kind]


class Promise(Value):
    """wish: the intent ("descriptor warm +1"), as the steps name it that answer to it. words: what the user said.

    between_hz: where width is looked at. asked: the change in `unit`, signed; of "at_least" the least that counts as
    heard, of "at_most" the most that may come about, of a "reading" the figure itself. tolerance: of "about". open: a
    wish that fell short may be given more, because nobody said how much, or because a gain can put it right.
    """

    name: str
    wish: str
    words: str = ""
    where: str = "input"
    part: Part = "all"
    span: Span | None = None
    figure: Figure
    shows: Shows | None = None
    band: ShownBand | None = None
    between_hz: tuple[float, float] | None = None
    asked: float = 0.0
    unit: str = ""
    sense: Sense = "at_least"
    tolerance: float = Field(default=0.0, ge=0)
    open: bool = True
    why: str = ""

    @property
    def title(self) -> str:
        """What is measured: "120 to 350 Hz against the rest", "side to mid"."""
        if self.shows is not None:
            return self.shows.title
        if self.between_hz is not None:
            return f"side against mid from {self.between_hz[0]:g} to {self.between_hz[1]:g} Hz"
        if self.band is not None:
            return f"the third octave at {third_octave_in_words(self.band.listens_hz)} against the whole"
        return _TITLES.get(self.figure, "")

    def kept(self, got: float) -> bool:
        if self.sense == "about":
            return abs(got - self.asked) <= self.tolerance + 1e-6
        way = 1.0 if self.asked >= 0 else -1.0
        if self.sense == "at_most":
            return got * way <= abs(self.asked) + 1e-6
        return got * way >= abs(self.asked) - 1e-6

    def faint(self, got: float) -> bool:
        """Whether it moved the wished way, by less than is just noticed and half of that at least. Only of a wish
        without a number: nobody said how much."""
        way = 1.0 if self.asked >= 0 else -1.0
        half = abs(self.asked) / 2
        return self.open and self.sense == "at_least" and not self.kept(got) and got * way >= half - 1e-6
