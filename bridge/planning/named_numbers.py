"""Numbers that are names: a decade ("the 70s"), a year ("from 1985"), an instrument or a device ("an 808").

And numbers in writings of their own: "two point five", "1k2".
"""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.lexicon import Lexicon
from bridge.planning.token import Token

_CENTURIES = range(1920, 2011, 10)
_PLAIN_DECADES = range(50, 100, 10)
"""Decades that are told without "the": "a 70s sound". Of fewer seconds people speak all the time."""
_YEARS = range(1900, 2036)
_IN_TIME = (
    "fade",
    "fade_in",
    "fade_out",
    "trim",
    "crop",
    "stretch",
    "effect",
    "at",
    "and",
    "or",
    "then",
    "filler",
)
"""Roles of words before which a number of seconds stands: "a 60s fade"."""


def named_numbers(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """The same with names as words, before units are read."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        length, name = _name(tokens, index, lexicon) if _plain(token) else (0, None)
        if name is not None:
            out.append(name)
        else:
            out.append(token)
        index += max(1, length)
    return out


def _plain(token: Token) -> bool:
    return (
        token.role == "quantity" and not token.unit and not token.signed and token.value == int(token.value)
    )


def _name(tokens: list[Token], index: int, lexicon: Lexicon) -> tuple[int, Token | None]:
    token, number = tokens[index], int(tokens[index].value)
    before = tokens[index - 1] if index else None
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    known = lexicon.phrases.by_words
    plural = behind is not None and behind.says("plural_of_a_number")
    counted = behind is not None and behind.spelt in lexicon.all_units and not plural
    placed = (
        before is not None
        and before.spelt in lexicon.roles.get("at", ())
        and not before.says("for", "of", "in")
    )
    if (token.text,) in known and not counted and not placed:
        return 1 + plural, replace(token, role="unknown")
    if plural and _is_decade(tokens, index, number, lexicon):
        return 2, replace(token, role="unknown", text=f"{token.text}{behind.text if behind else ''}",
                          plain=f"{number % 100:02d}s")  # fmt: skip
    if number in _YEARS and not counted and not plural and _dates(tokens, index, number):
        return 1, replace(token, role="filler")
    return 0, None


def _is_decade(tokens: list[Token], index: int, number: int, lexicon: Lexicon) -> bool:
    if number in _CENTURIES:
        return True
    if number not in range(20, 100, 10):
        return False
    before = tokens[index - 1] if index else None
    behind = tokens[index + 2] if index + 2 < len(tokens) else None
    if before is not None and before.says("definite", "early_or_late"):
        return behind is None or not behind.says("to", "onwards") or behind.role == "mark"
    if number not in _PLAIN_DECADES or behind is None or behind.role != "unknown":
        return False
    if before is not None and before.says("until", "since", "from", "first", "last", "by", "for"):
        return False
    found = lexicon.phrases.by_words.get((behind.spelt,))
    return found is None or found.role not in _IN_TIME


def _dates(tokens: list[Token], index: int, number: int) -> bool:
    """ "Recorded in 1985", "a tape from 1962"; "from 2000 up" is a frequency."""
    before = tokens[index - 1] if index else None
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    if before is None or not before.says("from", "in", "since", "definite", "alike"):
        return False
    ends = behind is None or behind.role == "mark" or behind.says("and", "but", "then", "or")
    return (
        before.says("in", "alike") or number % 100 != 0 if ends else before.says("in") and number % 100 != 0
    )


def decimals(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "Two point five k", "minus point eight": the point is said."""
    if not any(token.says("point") for token in tokens):
        return tokens
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        end, digits = index + 1, ""
        if tokens[index].says("point"):
            while end < len(tokens) and (digit := _digit(tokens[end], lexicon)) is not None:
                digits, end = digits + digit, end + 1
        if not digits:
            out.append(tokens[index])
            index += 1
            continue
        whole = _whole(out[-1], lexicon) if out else None
        if whole is not None:
            out.pop()
        value = float(f"{whole or 0}.{digits}")
        out.append(Token("quantity", f"{value:g}", value=value, little=tokens[index].little))
        index = end
    return out


def _digit(token: Token, lexicon: Lexicon) -> str | None:
    if _plain(token):
        return token.text
    number = lexicon.numbers.get(token.spelt) if token.role == "unknown" else None
    return f"{number:g}" if number is not None and number == int(number) and 0 <= number < 100 else None


def _whole(token: Token, lexicon: Lexicon) -> int | None:
    if _plain(token):
        return int(token.value)
    number = lexicon.numbers.get(token.spelt) if token.role == "unknown" else None
    return int(number) if number is not None and number == int(number) else None
