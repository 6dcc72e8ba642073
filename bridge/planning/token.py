"""A token: a word or a phrase of a request, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.planning.particles import NO_PARTICLES, Particles
from bridge.planning.phrases import Meaning

_NONE = Meaning("")


@dataclass(frozen=True)
class Token:
    """role: quantity, mark, unknown, place, plugin, chain, target or a role of the lexicon. text: as normalised.

    plain: the text as the lexicon spells it, where that differs. read_as: the known word that the first word of the
    text was taken for, where it was one slip away. little: the particles of the language.
    """

    role: str
    text: str
    meaning: Meaning = _NONE
    value: float = 0.0
    unit: str = ""
    high: float | None = None
    signed: bool = False
    read_as: str = ""
    plain: str = ""
    little: Particles = field(default=NO_PARTICLES, compare=False, repr=False)

    @property
    def spelt(self) -> str:
        """The text as the lexicon has it."""
        return self.plain or self.text

    def says(self, *names: str) -> bool:
        """Whether the text as a whole is a particle under one of these names."""
        return self.little.has(self.spelt, *names)

    def named(self, *names: str) -> list[str]:
        """For each word of the text that is a particle under one of these names, that name."""
        return self.little.named(self.spelt, *names)

    @property
    def subject(self) -> str:
        return self.meaning.subject

    @property
    def middle(self) -> float:
        """The value, or the middle of a range: geometric for frequencies, as hearing has it."""
        if self.high is None:
            return self.value
        if self.unit == "hz" and self.value > 0 and self.high > 0:
            return round(float((self.value * self.high) ** 0.5), 1)
        return (self.value + self.high) / 2
