"""A request as pieces of letters and digits, and what stands around a stretch of them: whether "use" announces it,
whether its capitals say that it is a name, whether a number at its end has a unit."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from bridge.planning.lexicon import Lexicon
from bridge.planning.plugins.products import letters

_PIECE = re.compile(r"[^\W_]+")
_JOIN = re.compile(r"[ \-_.:/(]{1,2}")
_NO_JOIN = re.compile(r"[.:] ")
_LONGEST_RUN = 5


@dataclass(frozen=True)
class Piece:
    """Letters and digits without a break."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def artificial(self) -> bool:
        """Written as no word is: "ZamFoo", "LA2A"."""
        inside = any(char.isupper() for char in self.text[1:]) and any(char.islower() for char in self.text)
        return inside or (self.text[0].isalpha() and any(char.isdigit() for char in self.text))


_UNIT_WORDS = frozenset(("lufs", "lkfs", "dbtp", "dbfs", "bpm", "khz"))
"""Written in capitals whatever stands beside them."""


_NEAR = 8
"""Characters and words that are looked at before a name, so that reading stays linear in its length."""


@lru_cache(maxsize=8)
def _unit(units: tuple[str, ...], to: tuple[str, ...]) -> re.Pattern[str]:
    """What makes of a number behind a name a number of its own: a unit, a decimal, a range."""
    words = "|".join(re.escape(unit) for unit in (*units, "st") if unit.isalpha())
    joined = "|".join(re.escape(word) for word in (*to, "-"))
    return re.compile(rf"\s*(?:%|:\s?\d|[.,]\d|(?:{words}|(?:{joined})\s?\d)\b)", re.IGNORECASE)


class Text:
    """words: as written. known: words that mean something else than a name."""

    def __init__(self, words: str, known: Container[str], lexicon: Lexicon) -> None:
        self.words = words
        self._little = lexicon.little_words
        self._capital_nouns = lexicon.forms.capital_nouns
        octaves = (phrase.split()[-1] for phrase in self._little.all("per_octave"))
        units = tuple(sorted({*lexicon.all_units, *octaves}))
        self._units = frozenset(units)
        self._unit = _unit(units, tuple(sorted(self._little.all("to"))))
        self.pieces = [Piece(m.group(), m.start(), m.end()) for m in _PIECE.finditer(words)]
        self._letters = [letters(piece.text) for piece in self.pieces]
        self._joined_to = self._ends_of_joined()
        self._known = known
        self.shouted = self._capitals_mean_nothing()

    def _capitals_mean_nothing(self) -> bool:
        """In A Request Written Like This One, or IN THIS, or where all nouns have one."""
        if self._capital_nouns:
            return True
        words = [piece for piece in self.pieces if piece.text.isalpha() and len(piece.text) > 2]
        plain = [piece for piece in words if self.word(piece) and piece.low not in _UNIT_WORDS]
        return len(plain) >= 3 and 4 * sum(piece.capital for piece in plain) >= 3 * len(plain)

    def _ends_of_joined(self) -> list[int]:
        """For each piece, behind which one the stretch ends that nothing but spaces and the like holds apart."""
        ends = list(range(1, len(self.pieces) + 1))
        for at in range(len(self.pieces) - 2, -1, -1):
            gap = self.gap(at)
            if _JOIN.fullmatch(gap) and not _NO_JOIN.fullmatch(gap):
                ends[at] = ends[at + 1]
        return ends

    def joined(self, start: int, end: int) -> bool:
        return end <= start + 1 or end <= self._joined_to[start]

    def spelt(self, start: int, end: int) -> str:
        """The letters of these pieces together."""
        return "".join(self._letters[start:end])

    def gap(self, at: int) -> str:
        """What stands between this piece and the next."""
        return self.words[self.pieces[at].end : self.pieces[at + 1].start]

    def counts(self, end: int) -> bool:
        """Whether the last piece is a number with a unit: "Pro-Q 3 dB"."""
        last = self.pieces[end - 1]
        return last.text.isdigit() and self._unit.match(self.words, last.end) is not None

    def begins(self, start: int) -> bool:
        """Whether a sentence begins here, where any word has a capital."""
        at = self.pieces[start].start
        before = self.words[max(0, at - _NEAR) : at].rstrip(" \"'(“‘„«")
        return not before or before[-1] in ".!?;:\n"

    def announced(self, start: int, by: str = "announces") -> bool:
        """by: the particles that announce a name."""
        at = start - 1
        first = start - 1 - _NEAR
        while (
            at > first
            and at >= 0
            and self.gap(at).strip(" -\"'(“‘„«") == ""
            and self._little.has(self.pieces[at].low, "my")
        ):
            at -= 1
        return at >= 0 and self.gap(at).strip(" \"'(“‘„«") == "" and self._little.has(self.pieces[at].low, by)

    def goes_on_well(self, end: int) -> bool:
        """Whether nothing follows that the name would only be the beginning of."""
        if self.owned(end):
            return False
        if end >= len(self.pieces) or self.gap(end - 1).strip():
            return True
        return self._little.has(self.pieces[end].low, "goes_on") or self.pieces[end].text[0].isdigit()

    def owned(self, end: int) -> bool:
        """ "Amy's": what follows belongs to the name, which is no plugin's."""
        return self.words.startswith(("'", "’"), self.pieces[end - 1].end)

    def followed_by_for(self, end: int) -> bool:
        return (
            end < len(self.pieces)
            and not self.gap(end - 1).strip()
            and self._little.has(self.pieces[end].low, "for_or_as")
        )

    def written_as_name(self, start: int, end: int) -> bool:
        """Capitals where no rule of writing asks for them."""
        named = [piece for piece in self.pieces[start:end] if piece.text[0].isalpha()]
        if any(piece.artificial for piece in named):
            return True
        if self.shouted or not named or not all(piece.capital for piece in named):
            return False
        return len(named) > 1 or not self.begins(start)

    def word(self, piece: Piece) -> bool:
        known = piece.low in self._known or piece.low in self._units
        return known or self._little.has(piece.low, "announces", "goes_on", "no_name")

    def unknown(self, start: int, end: int) -> bool:
        """Whether one of these pieces is no word that we know."""
        return any(
            piece.text[0].isalpha() and len(piece.text) > 1 and not self.word(piece)
            for piece in self.pieces[start:end]
        )

    def run(self, start: int) -> int:
        """The end of the pieces from here on that are written as a name."""
        end = start
        while end < min(len(self.pieces), start + _LONGEST_RUN):
            piece = self.pieces[end]
            alike = piece.capital or piece.artificial or (piece.text[0].isdigit() and len(piece.text) < 5)
            if (
                (end and not self.joined(end - 1, end + 1))
                or not alike
                or self.counts(end + 1)
                or self.shouted
            ):
                break
            end += 1
        return end
