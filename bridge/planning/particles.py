"""Particles: the little words that the grammar asks for by a name ("to", "left", "first"), as one language says them.

A particle that begins with a hyphen is an ending ("-er"), one that ends with it a beginning ("slap-").
"""

from __future__ import annotations

from collections.abc import Mapping


class Particles:
    """Words by the name that the grammar knows them under; a name that a language leaves out is never said."""

    def __init__(self, said: Mapping[str, tuple[str, ...]]) -> None:
        self.said = dict(said)
        self._whole = {name: frozenset(words) for name, words in said.items()}
        self._endings = {
            name: tuple(word[1:] for word in words if word.startswith("-")) for name, words in said.items()
        }
        self._beginnings = {
            name: tuple(word[:-1] for word in words if word.endswith("-")) for name, words in said.items()
        }

    def all(self, *names: str) -> frozenset[str]:
        """The words under these names."""
        return frozenset().union(*(self._whole.get(name, ()) for name in names))

    def first(self, name: str) -> str:
        """The word that a sentence would use; "" where the language has none."""
        return next(iter(self.said.get(name, ())), "")

    def has(self, text: str, *names: str) -> bool:
        """Whether the text is one of the words under these names, or begins or ends as they say."""
        return any(self._is(text, name) for name in names)

    def _is(self, text: str, name: str) -> bool:
        if text in self._whole.get(name, ()):
            return True
        endings, beginnings = self._endings.get(name), self._beginnings.get(name)
        return bool((endings and text.endswith(endings)) or (beginnings and text.startswith(beginnings)))

    def named(self, text: str, *names: str) -> list[str]:
        """For each word of the text, the name that it stands under, in the order spoken."""
        return [name for word in text.split() for name in names if self._is(word, name)]


NO_PARTICLES = Particles({})
