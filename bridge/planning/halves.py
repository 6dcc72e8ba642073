"""Halves of numbers in words: "two and a half dB", "un dB et demi", "decibelio y medio"."""

from __future__ import annotations

from bridge.planning.lexicon import Lexicon
from bridge.planning.quantities import digits, says_at, text_at
from bridge.planning.token import Token

_HALF = 0.5


def and_a_half(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "two and a half dB", "a dB and a half", "2 semitones and a half"; "a dB" is one."""
    units, out, index = lexicon.all_units, list[Token](), 0
    while index < len(tokens):
        token, behind = tokens[index], text_at(tokens, index + 1)
        number = lexicon.numbers.get(token.spelt) if token.role == "unknown" else digits(token)
        counted_before = index > 0 and (
            tokens[index - 1].role == "quantity" or text_at(tokens, index - 1) in lexicon.numbers
        )
        alone = token.says("article") and units.get(behind) in ("db", "lu") and not counted_before
        number = 1.0 if alone or (token.says("article") and behind in units) else number
        unit = tokens[index + 1 : index + 2] if number is not None and behind in units else []
        after = index + 1 + len(unit)
        half = _half_more(tokens, after, lexicon)
        if number is not None and (half or alone):
            value = number + _HALF * bool(half)
            out += [Token("quantity", f"{value:g}", value=value, little=token.little), *unit]
            index = after + half
            continue
        out.append(token)
        index += 1
    return out


def _half_more(tokens: list[Token], index: int, lexicon: Lexicon) -> int:
    """Of how many words "and a half" ("y medio", "et demi") is there; 0 where it does not stand."""
    if not says_at(tokens, index, "and"):
        return 0
    article = (
        says_at(tokens, index + 1, "article") and lexicon.numbers.get(text_at(tokens, index + 1)) != _HALF
    )
    length = 3 if article else 2
    return length if lexicon.numbers.get(text_at(tokens, index + length - 1)) == _HALF else 0
