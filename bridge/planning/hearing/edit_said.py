"""Which phrases of `edits` a clause says, and how strongly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bridge.planning.clauses import Clause
from bridge.planning.edit_phrases import EditPhrases
from bridge.planning.tokens import Token


@dataclass(frozen=True)
class Said:
    """names: of the phrases of `edits` in this clause. used: the tokens that they are made of."""

    names: frozenset[str]
    used: tuple[Token, ...]
    at: Mapping[str, int]

    def has(self, *names: str) -> bool:
        return not self.names.isdisjoint(names)


def said_in(clause: Clause, phrases: EditPhrases) -> Said:
    """A phrase may stand under several names: "coupe" is "off" beside an effect, and "the cut" beside a band."""
    words = [(word, index) for index, token in enumerate(clause.tokens) for word in token.text.split()]
    silent = [clause.tokens[index].role in ("unknown", "filler") for _, index in words]
    used: set[int] = set()
    at: dict[str, int] = {}
    for found in phrases.find([word for word, _ in words], silent):
        used.update(words[index][1] for index in found.words)
        at.update(dict.fromkeys(found.names, words[min(found.words)][1]))
    return Said(frozenset(at), tuple(clause.tokens[index] for index in sorted(used)), at)


def degree(clause: Clause) -> float:
    """The factor that the clause's degrees give together."""
    factor = 1.0
    for token in clause.tokens:
        factor *= token.meaning.number if token.role == "degree" else 1.0
    return factor


_MOST_WORDS = 4


def without_asides(clause: Clause, asides: Collection[str]) -> Clause:
    """The clause with what is said beside the wish at its ends ("nah", "for now") made silent."""
    tokens = list(clause.tokens)
    for ends in (range(len(tokens)), range(len(tokens) - 1, -1, -1)):
        _silenced(tokens, list(ends), asides)
    if all(one is two for one, two in zip(tokens, clause.tokens, strict=True)):
        return clause
    return replace(clause, tokens=tuple(tokens), said=clause.text)


def _silenced(tokens: list[Token], order: list[int], asides: Collection[str]) -> None:
    """From one end inwards, as long as asides and little words follow each other."""
    at = 0
    while at < len(order):
        for length in range(min(_MOST_WORDS, len(order) - at), 0, -1):
            span = sorted(order[at : at + length])
            said = " ".join(tokens[index].text for index in span)
            quiet = all(tokens[index].role in ("unknown", "filler") for index in span)
            if quiet and said in asides and any(tokens[index].role == "unknown" for index in span):
                for index in span:
                    tokens[index] = replace(tokens[index], role="filler")
                at += length
                break
        else:
            if tokens[order[at]].role not in ("filler", "mark"):
                return
            at += 1
