"""What words mean: of taste, of regions, of wishes that cannot be met, of questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from bridge.planning.phrases import Meaning
from bridge.planning.shows import Shows
from bridge.planning.value import Value


class Measure(Value):
    """How a property shows in a reading: at `low` there is little of it, at `high` much (low may exceed high)."""

    metric: str
    low: float
    high: float

    def position(self, value: float) -> float:
        """0 at `low`, 1 at `high`, beyond them outside 0..1."""
        return (value - self.low) / (self.high - self.low)


class Move(Value):
    """One effect's part in a word of taste, at amount 1.

    equalizer: kind, frequency_hz, gain_db, q. Others: numbers by parameter name, or `strength` for the effect's
    own judgement at that amount.
    """

    effect: str
    strength: float = 1.0
    kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"] | None = None
    parameters: dict[str, float] = Field(default_factory=dict)


class Descriptor(Value):
    """A word of taste. `words` ask for it, `faults` complain of too much of it, `inverse` ask for its opposite,
    `inverse_faults` complain of too little. `less` is the way back; where it is empty, gains are mirrored.
    `measure` scales the move by what the sound has of it already; `shows_in` proves it on the rendered sound.
    `reservation`: how less of it falls short of what people may expect; the reason says it."""

    name: str
    words: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    inverse_faults: tuple[str, ...] = ()
    more: tuple[Move, ...]
    less: tuple[Move, ...] = ()
    measure: Measure | None = None
    shows_in: Shows | None = None
    explains: str = ""
    reservation: str = ""

    def phrases(self) -> Iterator[tuple[str, Meaning]]:
        for words, sign, fault in (
            (self.words, 1, False),
            (self.faults, 1, True),
            (self.inverse, -1, False),
            (self.inverse_faults, -1, True),
        ):
            for word in words:
                yield word, Meaning("descriptor", self.name, sign, fault)


class Area(Value):
    """A stretch of the spectrum that people name: "bass", "highs"."""

    name: str
    words: tuple[str, ...] = ()
    kind: Literal["bell", "low_shelf", "high_shelf"]
    frequency_hz: float
    q: float = 0.7
    metric: str | None = None


class Impossible(Value):
    """A real audio wish that the bridge cannot meet, and the nearest thing that it can."""

    name: str
    words: tuple[str, ...]
    sentence: str


class Concept(Value):
    """Something people ask about; `metric` where a reading answers."""

    name: str
    words: tuple[str, ...]
    sentence: str
    metric: str | None = None


class Choice(Value):
    """A wish that needs an answer first: "normalize" (to what?). answers: label -> the request that it stands for."""

    name: str
    words: tuple[str, ...]
    question: str
    answers: dict[str, str] = Field(default_factory=dict)
