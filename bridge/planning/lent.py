"""Words of another language in a request: "make the vocal wärmer", "mets plus de punch on the drums".

A word that the request's own language does not know is taken from a language that knows it, as it stands there: what it
says of sound from any of them, and from the language of the trade, whose terms are everybody's, the little words too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bridge.planning.lexicon import Lexicon
from bridge.planning.phrases import Meaning
from bridge.planning.token import Token

_OF_SOUND = frozenset(("descriptor", "area", "effect", "repair", "sound", "louder", "quieter"))
_HOW_MUCH = frozenset(("degree", "more", "less", "too", "remove", "make"))
_LITTLE = frozenset(
    ("filler", "at", "make", "and", "but", "not", "without", "enough", "above", "below", "then")
)
_LONG = 4
"""Letters of a word that is taken by itself; a shorter one only beside a longer one of the same language."""
_SURE = 6
"""Letters of a word that is taken in a form that the other language does not list."""
_MOST_WORDS = 200
"""Unknown words of a request that are looked up elsewhere."""


@dataclass(frozen=True)
class _Loan:
    start: int
    length: int
    meaning: Meaning
    lender: str
    letters: int
    said: str


def with_loans(
    tokens: list[Token], own: Lexicon, understood: Mapping[str, Lexicon]
) -> tuple[list[Token], list[str]]:
    """The tokens with those of other languages in their places, and a sentence for each word of sound among them."""
    open_ones = [index for index, token in enumerate(tokens) if token.role == "unknown"][:_MOST_WORDS]
    if not open_ones:
        return tokens, []
    found = [
        loan
        for language, lexicon in understood.items()
        if language != own.language
        for loan in _loans(tokens, open_ones, lexicon, own)
    ]
    sure = {loan.lender for loan in found if loan.letters >= _LONG}
    taken: dict[int, _Loan] = {}
    for loan in sorted(found, key=lambda each: (-each.length, each.start)):
        span = range(loan.start, loan.start + loan.length)
        if loan.lender in sure and taken.keys().isdisjoint(span):
            taken.update(dict.fromkeys(span, loan))
    return _put(tokens, taken), _notes(taken.values())


def _loans(tokens: list[Token], open_ones: Iterable[int], lender: Lexicon, own: Lexicon) -> list[_Loan]:
    trade = own.loans is not None and lender.language == own.loans.language
    roles = _OF_SOUND | _HOW_MUCH | (_LITTLE if trade else frozenset())
    texts = [_as_known(token.text, lender) if token.role == "unknown" else token.text for token in tokens]
    found = []
    for index in open_ones:
        match = lender.own_phrases.match(texts, index)
        article = lender.little_words.has(texts[index], "definite", "article")
        if match is not None and (match[1].role in roles or (article and match[1].role == "filler")):
            length, meaning = match
            letters = max(len(tokens[at].text) for at in range(index, index + length))
            known = meaning.role == "filler" or (trade and meaning.role not in _OF_SOUND)
            said = " ".join(tokens[at].text for at in range(index, index + length))
            found.append(_Loan(index, length, meaning, lender.name, _LONG if known else letters, said))
    return found


def _as_known(word: str, lender: Lexicon) -> str:
    """The word as the other language lists it; short words only where nothing but an accent is missing."""
    read = lender.own_reader.read(word)
    if len(read) != 1:
        return word
    plain = lender.forms.plain
    return read[0] if len(word) >= _SURE or plain(word) == plain(read[0]) else word


def _put(tokens: list[Token], taken: Mapping[int, _Loan]) -> list[Token]:
    out: list[Token] = []
    for index, token in enumerate(tokens):
        loan = taken.get(index)
        if loan is None:
            out.append(token)
        elif loan.start == index:
            said = tokens[index : index + loan.length]
            text = " ".join(each.text for each in said if each.text)
            out.append(replace(token, role=loan.meaning.role, text=text, meaning=loan.meaning))
    return out


def _notes(loans: Iterable[_Loan]) -> list[str]:
    sound = (loan for loan in dict.fromkeys(loans) if loan.meaning.role in _OF_SOUND)
    return [f'"{loan.said}" was taken from {loan.lender}.' for loan in sound]
