"""Words about versions: "go back to version 2", "the version before the delay", "call this dark", "undo twice".

Heard only where they explain all of the request, so that no other wish is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.planning.lexicon import Lexicon
from bridge.planning.normalise import normalise
from bridge.planning.phrases import phrase_words
from bridge.planning.version import VersionWish, Which

_LONGEST = 200
"""Characters of a request that may speak of a version; a longer one asks for more than that."""
_NUMBERED = re.compile(r"\bv\s?(\d{1,4})\b")
_MARKS = re.compile(r"[\"“”„«».,;:!?¡¿()#]")
_THINGS = ("effect", "descriptor", "area", "shape", "louder", "quieter", "target", "chain", "repair", "mono",
           "dynamics", "staging", "auto")  # fmt: skip


def version_wish(words: str, lexicon: Lexicon, names: Iterable[str] = ()) -> VersionWish | None:
    """What the words ask of versions; None where they ask for something else. names: versions that have one."""
    if len(words) > _LONGEST or not lexicon.versions:
        return None
    plain = _MARKS.sub(" ", normalise(words.replace('"', " ")))
    said = _NUMBERED.sub(r"v \1", plain).split()
    return _Said(lexicon, words, {normalise(name): name for name in names}).heard(said) if said else None


def version_and_more(words: str, lexicon: Lexicon, names: Iterable[str] = ()) -> tuple[str, str] | None:
    """ "Go back to version 2 and make it brighter": the going back, and what shall follow; None where nothing does."""
    if len(words) > _LONGEST:
        return None
    joints = {role: lexicon.roles.get(role, ()) for role in ("and", "then", "but")}
    words_of = "|".join(re.escape(phrase) for phrases in joints.values() for phrase in phrases if phrase)
    for joint in re.finditer(rf"\s*(?:[,;.]\s*|\b(?:{words_of})\b\s*)+", words, re.IGNORECASE):
        before, after = words[: joint.start()].strip(), words[joint.end() :].strip(" .!")
        wish = version_wish(before, lexicon, names)
        if wish is not None and wish.do == "go" and after and not _nothing_more(after, lexicon):
            return before, after
    return None


def _nothing_more(words: str, lexicon: Lexicon) -> bool:
    fillers = lexicon.versions.get("filler", ())
    return all(word in fillers for word in _MARKS.sub(" ", normalise(words)).split())


@dataclass(frozen=True)
class _Said:
    """lexicon.versions: phrases by what they do here."""

    lexicon: Lexicon
    words: str
    names: dict[str, str]

    def heard(self, said: list[str]) -> VersionWish | None:
        said = self._trimmed(said)
        for hear in (
            self._list,
            self._name,
            self._compare,
            self._go,
            self._steps,
            self._discarded,
            self._better,
        ):
            found = hear(said)
            if found is not None:
                return found
        return None

    # -- kinds of wishes -------------------------------------------------------------------------------------------

    def _list(self, said: list[str]) -> VersionWish | None:
        return VersionWish(do="list") if self._after("list", said) == [] else None

    def _name(self, said: list[str]) -> VersionWish | None:
        rest = self._after("name", said)
        if not rest or len(rest) > 8:
            return None
        return VersionWish(do="name", name=self._as_written(" ".join(rest)))

    def _steps(self, said: list[str]) -> VersionWish | None:
        """ "Undo", "undo twice", "go back two versions", "redo 3 times"."""
        for kind, sign in (("undo", 1), ("redo", -1)):
            if self._is_one_of(self.lexicon.roles.get(kind, ()), said):
                return VersionWish(do="go", which=Which(back=sign))
            rest = self._after(kind, said)
            recent = self._after("recent", rest) if rest else None
            steps = self._count(recent or rest) if rest else None
            if steps:
                return VersionWish(do="go", which=Which(back=sign * steps))
        return None

    def _discarded(self, said: list[str]) -> VersionWish | None:
        """ "Forget that last one", "scrap the last change": one step back."""
        rest = self._after("discard", said)
        if rest is None:
            return None
        recent = self._after("recent", rest)
        if rest == [] or recent == [] or (recent and self._after("steps", recent) == []):
            return VersionWish(do="go", which=Which(back=1))
        return None

    def _better(self, said: list[str]) -> VersionWish | None:
        """ "The first one was better", "it was better before"."""
        plain = f" {' '.join(_MARKS.sub(' ', normalise(self.words)).split())} "
        better = (f" {phrase} " for phrase in self.lexicon.versions.get("better", ()))
        phrase = next((each for each in better if each in plain), None)
        rest = self._trimmed(plain.replace(phrase, " ").split()) if phrase else []
        if not rest:
            return None
        is_form = self.lexicon.forms.is_form
        ordinals = enumerate(self.lexicon.versions.get("ordinals", ()), 1)
        number = next((at for at, ordinal in ordinals if len(rest) == 1 and is_form(rest[0], ordinal)), None)
        if number is not None:
            return VersionWish(do="go", which=Which(number=number))
        back = self._after("previous", rest) == [] or self._after("before", rest) == []
        found = Which(back=1) if back else self._which(rest)
        return VersionWish(do="go", which=found) if found is not None else None

    def _is_one_of(self, phrases: Iterable[str], said: list[str]) -> bool:
        return any(self._trimmed(list(phrase_words(phrase))) == said for phrase in phrases) if said else False

    def _count(self, rest: list[str]) -> int | None:
        if self._after("twice", rest) == []:
            return 2
        number = self._number(rest[0]) if rest else None
        if number is None or not 1 <= number <= 1000:
            return None
        return number if len(rest) == 1 or self._after("steps", rest[1:]) == [] else None

    def _compare(self, said: list[str]) -> VersionWish | None:
        rest = self._after("compare", said)
        if not rest:
            return None
        for at in range(len(rest) + 1):
            behind = self._after("between", rest[at:])
            if behind is None:
                continue
            one = None if self._is_this(rest[:at]) else self._which(rest[:at])
            other = self._which(self._again_a_version(rest[:at], behind))
            if other is not None and (one is not None or self._is_this(rest[:at])):
                # What is said first is A; where that is the present version, it is B.
                return VersionWish(do="compare", which=other if one else None, against=one or other)
        other = self._which(rest)
        return VersionWish(do="compare", against=other) if other is not None else None

    def _again_a_version(self, one: list[str], other: list[str]) -> list[str]:
        """ "Version 1 and 3": the noun is said once."""
        bare = len(other) == 1 and self._number(other[0]) is not None
        return [one[0], *other] if bare and one and self._after("noun", one) is not None else other

    def _is_this(self, said: list[str]) -> bool:
        return not self._trimmed(said)

    def _go(self, said: list[str]) -> VersionWish | None:
        rest = self._after("go", said)
        taken = self._after("take", said) or said
        found = self._which(rest, bare=True) if rest else self._liked() or self._taken(taken)
        return VersionWish(do="go", which=found) if found is not None else None

    def _liked(self) -> Which | None:
        """ "I liked the one before better"."""
        said = _MARKS.sub(" ", normalise(self.words)).split()
        little = self.lexicon.little_words
        take, previous = self.lexicon.versions.get("take", ()), self.lexicon.versions.get("previous", ())
        for at in range(len(said)):
            if said[at] not in take or self._trimmed(said[:at]):
                continue
            rest = [word for word in said[at + 1 :] if not little.has(word, "definite")]
            if " ".join(rest) in self.lexicon.versions.get("original", ()):
                return Which(number=0)
            for length in range(len(rest), 1, -1):
                if " ".join(rest[:length]) in previous and not self._trimmed(rest[length:]):
                    return Which(back=1)
        return None

    def _taken(self, said: list[str]) -> Which | None:
        """ "Use version 2", "i liked the second version", "version 3": here a version must be called one."""
        noun = any(word in self.lexicon.versions.get("noun", ()) for word in said)
        return self._which(said) if noun else None

    # -- which version ---------------------------------------------------------------------------------------------

    def _which(self, said: list[str], bare: bool = False) -> Which | None:
        """bare: a number alone is one too."""
        said = self._trimmed(said)
        name = " ".join(said)
        if name in self.names:
            return Which(name=self.names[name])
        if self._after("original", said) == []:
            return Which(number=0)
        for hear in (self._placed, self._ordinal):
            found = hear(said)
            if found is not None:
                return found
        number = self._number(name) if bare else None
        if number is not None:
            return Which(number=number)
        before = self._after("before", said)
        return self._before(before) if before is not None else self._of_the_noun(self._after("noun", said))

    def _of_the_noun(self, rest: list[str] | None) -> Which | None:
        """What follows "version": a number, a name, what it was before."""
        if not rest:
            return None
        if len(rest) == 1 and (number := self._number(rest[0])) is not None:
            return Which(number=number)
        before = self._after("before", rest)
        if before is not None:
            return self._before(before)
        called = self._after("called", rest)
        name = " ".join(called if called else rest)
        if name in self.names:
            return Which(name=self.names[name])
        return Which(name=self._as_written(name)) if called else None

    def _placed(self, said: list[str]) -> Which | None:
        if self._after("newest", said) == []:
            return Which(newest=True)
        return Which(back=1) if self._after("previous", said) == [] else None

    def _ordinal(self, said: list[str]) -> Which | None:
        """ "The second version"."""
        ordinals = self.lexicon.versions.get("ordinals", ())
        if len(said) < 2 or self._after("noun", said[1:]) != []:
            return None
        is_form = self.lexicon.forms.is_form
        number = next((at for at, ordinal in enumerate(ordinals, 1) if is_form(said[0], ordinal)), None)
        return Which(number=number) if number is not None else None

    def _before(self, said: list[str]) -> Which | None:
        said = self._trimmed(said)
        if not said:
            return Which(back=1)
        if len(said) == 1 and (number := self._number(said[0])) is not None and number > 0:
            return Which(number=number - 1)
        of_noun = self._after("noun", said)
        if of_noun and len(of_noun) == 1 and (number := self._number(of_noun[0])):
            return Which(number=number - 1)
        return Which(before=" ".join(said), topics=tuple(dict.fromkeys(self._topics(said))))

    def _topics(self, said: list[str]) -> Iterable[str]:
        at = 0
        while at < len(said):
            found = self.lexicon.phrases.match(said, at)
            if found is not None and found[1].role in _THINGS:
                yield f"{found[1].role}:{found[1].subject}"
            at += found[0] if found is not None else 1

    # -- words -----------------------------------------------------------------------------------------------------

    def _after(self, kind: str, said: list[str]) -> list[str] | None:
        """What follows the longest phrase of that kind at the start; None where none stands there."""
        length = self.lexicon.version_phrases.longest(kind, said)
        return self._trimmed(said[length:]) if length else None

    def _trimmed(self, said: list[str]) -> list[str]:
        """Without the fillers around it."""
        fillers = self.lexicon.version_phrases.fillers
        start, end = 0, len(said)
        while start < end and said[start] in fillers:
            start += 1
        while end > start and said[end - 1] in fillers:
            end -= 1
        return said[start:end]

    def _number(self, word: str) -> int | None:
        if word.isascii() and word.isdigit() and len(word) <= 40:
            return int(word)
        known = self.lexicon.numbers.get(word)
        return int(known) if known is not None and float(known).is_integer() and known >= 0 else None

    def _as_written(self, name: str) -> str:
        """With the capitals that the user gave it, where it stands so in the words."""
        at = self.words.lower().find(name)
        return self.words[at : at + len(name)] if at >= 0 else name
