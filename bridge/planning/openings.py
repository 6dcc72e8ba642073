"""Openings: what a request about versions begins with, found by its words whatever their accents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bridge.planning.forms import Forms
from bridge.planning.phrases import phrase_words


class Openings:
    """said: phrases by the kind of what they do."""

    def __init__(self, said: Mapping[str, tuple[str, ...]], forms: Forms) -> None:
        self._plain = forms.plain
        self.fillers = frozenset(said.get("filler", ()))
        self._phrases = {
            kind: frozenset(tuple(map(forms.plain, phrase_words(phrase))) for phrase in phrases)
            for kind, phrases in said.items()
        }
        self._lengths = {
            kind: sorted({len(phrase) for phrase in phrases}, reverse=True)
            for kind, phrases in self._phrases.items()
        }

    def longest(self, kind: str, said: Sequence[str]) -> int:
        """Words of the longest phrase of that kind at the start; 0 where none stands there."""
        lengths = self._lengths.get(kind)
        if not lengths:
            return 0
        bare = tuple(map(self._plain, said[: lengths[0]]))
        phrases = self._phrases[kind]
        return next((n for n in lengths if n <= len(bare) and bare[:n] in phrases), 0)
