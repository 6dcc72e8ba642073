"""Tokens -> clauses: cut at punctuation and conjunctions, each clause knowing the word that opened it."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.planning.tokens import Token

_CUTS = frozenset(",;.!?\n&+")
_CONJUNCTIONS = frozenset(("and", "then", "but", "or"))


@dataclass(frozen=True)
class Clause:
    """opener: the role of the conjunction before it ("and", "then", "but", "or"), "," or "." or "" at the start."""

    tokens: tuple[Token, ...]
    opener: str = ""

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)


def split(tokens: list[Token]) -> list[Clause]:
    """The clauses in order; empty ones vanish, and of two openers in a row the stronger ("but") stays."""
    clauses: list[Clause] = []
    opener, current = "", list[Token]()
    for token in tokens:
        cut = _cut(token)
        if cut is None:
            current.append(token)
            continue
        if current:
            clauses.append(Clause(tuple(current), opener))
            opener, current = cut, []
        elif cut in _CONJUNCTIONS and opener != "but":
            opener = cut
    if current:
        clauses.append(Clause(tuple(current), opener))
    return clauses


def _cut(token: Token) -> str | None:
    if token.role in _CONJUNCTIONS:
        return token.role
    if token.role == "mark" and token.text in _CUTS:
        return "," if token.text in ",&+" else "."
    return None
