"""Names of plugins in a request, before its words are read: what a plugin is called says nothing of taste.

A name is what is installed, in whatever spelling; what the list of products knows; what stands in quotes; and an
unknown word with capitals where "use", "with" or "through" announce it, or "for reverb" follows. Each becomes one
placeholder in the words, so that "Pro-C 2", "Fresh Air" and "Valhalla Room" are read as one word that is a plugin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass

from bridge.planning.lexicon import Lexicon
from bridge.planning.plugins.names import Here, Index
from bridge.planning.plugins.products import Products, letters
from bridge.planning.plugins.text import Text

_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»\n]{2,60})[\"“”„«»]|(?<!\w)['‘]([^'’\n]{2,60})['’](?!\w)")
_EDITIONS = frozenset(
    (
        "advanced",
        "elements",
        "standard",
        "pro",
        "ge",
        "se",
        "le",
        "mk2",
        "mkii",
        "mk",
        "ii",
        "iii",
        "native",
        "deluxe",
        "suite",
        "legacy",
        "stereo",
        "mono",
        "mb",
        "gold",
        "platinum",
        "maximizer",
        "buss",
    )
)
"""Behind the name of a product."""
_SPEAKS_OF = ("comp", "verb", "eq", "gate", "limiter", "delay", "echo", "sat", "tube", "maximizer", "ressor")
"""How makers end the names of plugins; a lower-case word behind "with" is a name where it ends so."""
_MOST_PIECES = 6


@dataclass(frozen=True)
class Mention:
    """A name in the words. said: as written. name: the plugin that it means, or `said` where none is here.

    here: the plugins of that name, more than one where it does not tell them apart; none where it is not here.
    guessed: it was read as the nearest one.
    """

    start: int
    end: int
    said: str
    name: str
    here: tuple[str, ...] = ()
    guessed: bool = False


def mentions(
    words: str,
    index: Index,
    products: Products,
    known: Container[str],
    slip: Callable[[str], bool],
    lexicon: Lexicon,
) -> list[Mention]:
    """The names in order. known: words that mean something else; slip: whether a word is one of them, misspelt."""
    spotter = _Spotter(words, index, products, known, slip, lexicon)
    found: list[Mention] = []
    at = 0
    while at < len(spotter.pieces):
        mention = spotter.at(at)
        if mention is None:
            at += 1
            continue
        found.append(mention)
        while at < len(spotter.pieces) and spotter.pieces[at].start < mention.end:
            at += 1
    return found


class _Spotter(Text):
    def __init__(
        self,
        words: str,
        index: Index,
        products: Products,
        known: Container[str],
        slip: Callable[[str], bool],
        lexicon: Lexicon,
    ) -> None:
        super().__init__(words, known, lexicon)
        self._index, self._products, self._slip = index, products, slip
        self._quoted = {m.start(1) if m[1] else m.start(2): m for m in _QUOTED.finditer(words)}

    def at(self, index: int) -> Mention | None:
        """The name that begins with this piece, the longest there is."""
        quoted = self._in_quotes(index)
        if quoted is not None:
            return quoted
        for end in range(min(len(self.pieces), index + _MOST_PIECES), index, -1):
            if self.joined(index, end) and not self.counts(end):
                mention = self._listed(index, end)
                if mention is not None:
                    return None if self._only_likened(index) else mention
        return self._of_maker(index) or self._near(index) or self._of_family(index) or self._unheard_of(index)

    def _is(self, index: int, *names: str) -> bool:
        """Whether that piece is a particle under one of these names."""
        return self._little.has(self.pieces[index].low, *names)

    def _only_likened(self, index: int) -> bool:
        """ "Like NAME", but not "I'd like NAME"."""
        if not self.announced(index, "alike"):
            return False
        before = next(at for at in range(index - 1, -1, -1) if self._is(at, "alike"))
        return before == 0 or not self._is(before - 1, "wishing")

    def _mention(self, start: int, end: int, here: Here | None) -> Mention:
        first, last = self.pieces[start].start, self.pieces[end - 1].end
        said = self.words[first:last]
        if said.count("(") > said.count(")") and self.words[last : last + 1] == ")":
            last += 1
            said += ")"
        after = self.words[last : last + 2].lower()
        last += 2 if after in ("'s", "’s") else 0
        if here is None:
            return Mention(first, last, said, " ".join(said.split()))
        return Mention(first, last, said, here.names[0], here.names, not here.exact)

    def _in_quotes(self, index: int) -> Mention | None:
        """What stands in quotes behind "use", or is written as a name; not the name of a preset."""
        match = self._quoted.get(self.pieces[index].start)
        if match is None or match.end() - match.start() > len(self.words.strip()) - 2:
            return None
        end = next((i for i, p in enumerate(self.pieces) if p.start >= match.end()), len(self.pieces))
        if any(self._is(i, "preset") for i in (index - 1, end) if 0 <= i < len(self.pieces)):
            return None
        said = (match[1] or match[2]).strip()
        here = self._index.exact(letters(said))
        named = self.announced(index) or self.followed_by_for(end) or self.written_as_name(index, end)
        if here is None and not named:
            return None
        here = here or self._index.version(letters(said))
        if here is None:
            return Mention(match.start(), match.end(), said, said)
        return Mention(match.start(), match.end(), said, here.names[0], here.names, not here.exact)

    def _listed(self, start: int, end: int) -> Mention | None:
        """Installed, or a product of the list, in any spelling."""
        spelt = self.spelt(start, end)
        here = self._index.exact(spelt)
        product = None if here else self._products.spelt.get(spelt) or self._with_version(start, end)
        if here is None and product is None:
            return None
        if not self._is_meant(start, end, spelt):
            return None
        found = here or self._index.version(spelt)
        end = self._by_its_maker(end)
        while found is None and end < len(self.pieces) and self.pieces[end].low in _EDITIONS:
            if not self.joined(end - 1, end + 1):
                break
            end += 1
        return self._mention(start, end, found)

    def _by_its_maker(self, end: int) -> int:
        """The end behind "by FabFilter"."""
        if end >= len(self.pieces) or not self._is(end, "made_by"):
            return end
        for last in (end + 3, end + 2):
            spelt = self.spelt(end + 1, last)
            if last <= len(self.pieces) and self.joined(end, last) and spelt in self._products.makers:
                return last
        return end

    def _with_version(self, start: int, end: int) -> object:
        """ "Pro-C 2", "Ozone 11": a product and its version."""
        last = self.pieces[end - 1].text
        if end - start < 2 or not last.isdigit() or len(last) > 2:
            bare = self.spelt(start, end).rstrip("0123456789")
            glued = last.rstrip("0123456789") != last and len(bare) > 2
            return self._products.spelt.get(bare) if glued else None
        return self._products.spelt.get(self.spelt(start, end - 1))

    def _is_meant(self, start: int, end: int, spelt: str) -> bool:
        """Whether what may be a word as well is a name here."""
        if spelt.isdigit():
            return self.announced(start)
        bare = spelt.rstrip("0123456789")
        maker = spelt != self._products.without_maker(spelt)
        word = bare in self._products.words or len(spelt) < 3 or not self.unknown(start, end)
        if not word or maker:
            return True
        if self.shouted and not self.announced(start):
            return False
        return self.written_as_name(start, end) or (self.announced(start) and self.goes_on_well(end))

    def _of_maker(self, start: int) -> Mention | None:
        """ "FabFilter Something 4": a maker's name, and what is written as a name behind it."""
        for end in (start + 2, start + 1):
            if end > len(self.pieces) or not self.joined(start, end):
                continue
            spelt = self.spelt(start, end)
            if spelt not in self._products.makers:
                continue
            plain = spelt in self._products.words or not self.unknown(start, end) or len(spelt) < 4
            if plain and not self.written_as_name(start, end):
                continue
            last = self.run(end)
            alone = last == end
            if alone and not (self.announced(start) or self.followed_by_for(end)):
                continue
            whole = self.spelt(start, last)
            return self._mention(start, last, self._index.exact(whole) or self._index.version(whole))
        return None

    def _near(self, start: int) -> Mention | None:
        """Spelt nearly like what is installed: "ZamCmopX2", "zamcomp x3"."""
        for end in range(min(len(self.pieces), start + 3), start, -1):
            if not self.joined(start, end) or self.counts(end) or not self.unknown(start, start + 1):
                continue
            announced = self.announced(start) or self.followed_by_for(end)
            if end - start > 1 and not announced and self.word(self.pieces[end - 1]):
                continue
            if (
                end - start == 1
                and self._slip(self.pieces[start].low)
                and not self.written_as_name(start, end)
            ):
                continue
            if end - start > 1 and self._is(end - 1, "goes_on"):
                continue
            spelt = self.spelt(start, end)
            here = self._index.version(spelt) or self._index.nearest(spelt, announced)
            if here is not None:
                return self._mention(start, end, here)
        return None

    def _of_family(self, start: int) -> Mention | None:
        """ "zam equalizer": how names of one maker begin, and what the plugin plays."""
        for end in range(min(len(self.pieces), start + _MOST_PIECES), start, -1):
            if self.joined(start, end) and self.unknown(start, start + 1):
                here = self._index.of_family(self.spelt(start, end))
                if here is not None:
                    return self._mention(start, end, here)
        return None

    def _unheard_of(self, start: int) -> Mention | None:
        """A name that nobody knows, where the words announce one."""
        if self.word(self.pieces[start]) and not self.pieces[start].artificial and self.begins(start):
            return None
        end = self.run(start)
        while end > start and self.pieces[end - 1].low in self._known and self.unknown(start, end - 1):
            end -= 1
        if end > start and self.unknown(start, end) and self.written_as_name(start, end):
            goes_on = self.announced(start, "use_word") and not self.owned(end)
            announced = goes_on or (self.announced(start) and self.goes_on_well(end))
            if announced or self.followed_by_for(end):
                return self._mention(start, end, None)
        return self._in_small_letters(start)

    def _in_small_letters(self, start: int) -> Mention | None:
        end = start
        while end < min(len(self.pieces), start + 3) and self.unknown(end, end + 1):
            if end > start and not self.joined(end - 1, end + 1):
                break
            end += 1
        if end == start or not self.goes_on_well(end) or self._slip(self.pieces[start].low):
            return None
        speaks = (
            self.pieces[end - 1].low.rstrip("0123456789").endswith(_SPEAKS_OF)
            or self.pieces[start].artificial
        )
        meant = self.announced(start, "use_word") or (speaks and self.announced(start))
        return self._mention(start, end, None) if meant else None
