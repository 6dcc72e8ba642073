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
        self._names: dict[str, frozenset[str]] = {}
        for name, words in said.items():
            for word in words:
                self._names[word] = self._names.get(word, frozenset()) | {name}
        self._open = {
            name: (
                tuple(word[1:] for word in words if word.startswith("-")),
                tuple(word[:-1] for word in words if word.endswith("-")),
            )
            for name, words in said.items()
            if any(word.startswith("-") or word.endswith("-") for word in words)
        }

    def all(self, *names: str) -> frozenset[str]:
        """The words under these names."""
        return frozenset().union(*(self._whole.get(name, ()) for name in names))

    def first(self, name: str) -> str:
        """The word that a sentence would use; "" where the language has none."""
        return next(iter(self.said.get(name, ())), "")

    def has(self, text: str, *names: str) -> bool:
        """Whether the text is one of the words under these names, or begins or ends as they say."""
        whole = self._names.get(text, ())
        return any(name in whole or (name in self._open and self._is_open(text, name)) for name in names)

    def _is_open(self, text: str, name: str) -> bool:
        endings, beginnings = self._open[name]
        return text.endswith(endings) or text.startswith(beginnings)

    def named(self, text: str, *names: str) -> list[str]:
        """For each word of the text, the name that it stands under, in the order spoken."""
        return [name for word in text.split() for name in names if self.has(word, name)]


NO_PARTICLES = Particles({})
