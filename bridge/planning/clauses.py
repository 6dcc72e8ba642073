"""Tokens -> clauses: cut at punctuation and conjunctions, each clause knowing the word that opened it."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
            clauses.append(Clause(_in_hertz(current), opener))
            opener, current = cut, []
        elif cut in _CONJUNCTIONS and opener != "but":
            opener = cut
    if current:
        clauses.append(Clause(_in_hertz(current), opener))
    return clauses


_HEARD_HZ = (20.0, 20000.0)


def _in_hertz(tokens: list[Token]) -> tuple[Token, ...]:
    """ "take 3 dB off around 300": beside decibels, a number without a unit that says where is a frequency."""
    numbers = [token.unit for token in tokens if token.role == "quantity"]
    if (
        not {"db", "lu"} & set(numbers)
        or "hz" in numbers
        or numbers.count("") != 1
        or any(t.role == "parameter" for t in tokens)
    ):
        return tuple(tokens)
    return tuple(
        replace(token, unit="hz", text=f"{token.text} hz") if _says_where(tokens, index) else token
        for index, token in enumerate(tokens)
    )


def _says_where(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if token.role != "quantity" or token.unit or token.signed or not index:
        return False
    return tokens[index - 1].role == "at" and _HEARD_HZ[0] <= token.value <= _HEARD_HZ[1]


def _cut(token: Token) -> str | None:
    if token.role in _CONJUNCTIONS:
        return token.role
    if token.role == "mark" and token.text in _CUTS:
        return "," if token.text in ",&+" else "."
    return None
