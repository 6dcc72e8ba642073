"""Numbers of a request: words that stand for them, their units, and the ranges that two of them make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bridge.planning.lexicon import Lexicon
from bridge.planning.token import Token

_LOWEST_HZ = 20.0
_TENS = (20, 30, 40, 50, 60, 70, 80, 90)


def text_at(tokens: list[Token], index: int) -> str:
    return tokens[index].spelt if 0 <= index < len(tokens) else ""


def says_at(tokens: list[Token], index: int, *names: str) -> bool:
    return 0 <= index < len(tokens) and tokens[index].says(*names)


def number_words(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "three dB", "minus fourteen LUFS", "a couple of dB", "three to one": words that stand for numbers."""
    out: list[Token] = []
    units = lexicon.all_units
    for index, token in enumerate(tokens):
        number = lexicon.numbers.get(token.spelt) if token.role == "unknown" else None
        if number is not None and _counts(tokens, index, units, lexicon):
            if out and out[-1].says("article"):
                out.pop()
            token = Token("quantity", token.text, value=number, little=token.little)
        if token.role == "quantity" and not token.unit and out and out[-1].says("minus", "plus"):
            sign = 1 if out.pop().says("plus") else -1
            token = replace(token, value=sign * abs(token.value), signed=True)
        bare = bool(out) and out[-1].role == "quantity" and not out[-1].unit
        if bare and token.says("of", "article") and text_at(tokens, index + 1) in units:
            continue
        out.append(token)
    return out


def counted(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "two hundred", "twenty five", "quatre vingts": the words of one number become one word, digits."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        value, length = _number_said(tokens, index, lexicon)
        if length > 1:
            out.append(Token("quantity", f"{value:g}", value=value, little=tokens[index].little))
        else:
            out.append(tokens[index])
        index += max(1, length)
    return out


_LONGEST_NUMBER = 8
"""Words that one number may have."""


def _number_said(tokens: list[Token], start: int, lexicon: Lexicon) -> tuple[float, int]:
    """The number that begins there, and of how many words it is; (0, 0) where none does."""
    thousands, below, index = 0.0, 0.0, start
    while index < min(len(tokens), start + _LONGEST_NUMBER):
        number, length = _number_word(tokens, index, lexicon, first=index == start)
        if length == 0 or (index > start and not _goes_on(below, number)):
            break
        if number == 1000:
            thousands, below = thousands + 1000 * max(1.0, below), 0.0
        else:
            below = 100 * max(1.0, below) if number == 100 else below + number
        index += length
    return thousands + below, index - start


def _number_word(tokens: list[Token], index: int, lexicon: Lexicon, first: bool) -> tuple[float, int]:
    """ "quatre vingt dix" before "quatre vingt" before "quatre". Digits only begin a number ("2 hundred")."""
    number = digits(tokens[index])
    if first and number is not None:
        return number, 1
    if tokens[index].role != "unknown" or tokens[index].spelt not in lexicon.numbers:
        return 0.0, 0
    units = lexicon.all_units
    if not first and tokens[index].spelt in units and text_at(tokens, index + 1) not in units:
        return 0.0, 0  # "20 cents" are no 2000
    for length in range(min(3, len(tokens) - index), 0, -1):
        counted_so = lexicon.numbers.get(" ".join(token.spelt for token in tokens[index : index + length]))
        if counted_so is not None:
            return counted_so, length
    return 0.0, 0


def _goes_on(before: float, number: float) -> bool:
    """Whether a number word counts on from what was said of the number: "two" and "hundred", "twenty" and "five"."""
    if number in (100, 1000):
        return 1 <= before < (100 if number == 100 else 1000)
    if number < 1 or before == 0:
        return number >= 1
    return (before % 100 == 0 and number < 100) or (before % 100 in _TENS and number < 10)


def in_order(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "The 5 first seconds", as some languages say them all: the number stands with its unit."""
    out = list(tokens)
    for index in range(len(out) - 2):
        number, edge, unit = out[index : index + 3]
        counts = digits(number) is not None or number.spelt in lexicon.numbers
        if counts and edge.says("first", "last") and (unit.spelt in lexicon.all_units or unit.says("bars")):
            out[index], out[index + 1] = edge, number
    return out


def digits(token: Token) -> float | None:
    return token.value if token.role == "quantity" and not token.unit and not token.signed else None


def _counts(tokens: list[Token], index: int, units: Mapping[str, str], lexicon: Lexicon) -> bool:
    """Whether a number word really counts something: "two dB" does, "this one" does not."""
    after = [text_at(tokens, index + step) for step in (1, 2, 3)]
    if (
        after[0] in units
        or f"{after[0]} {after[1]}" in units
        or (says_at(tokens, index + 1, "of", "article") and after[1] in units)
    ):
        return True
    if says_at(tokens, index - 1, "minus", "plus"):
        return True
    if tokens[index].little.has(f"{after[0]} {after[1]}", "to_one"):
        return True
    if _joins_ends(tokens, index + 1) and (after[1] in lexicon.numbers or says_at(tokens, index + 2, "one")):
        return says_at(tokens, index + 2, "one") or after[2] in units
    before = _joins_ends(tokens, index - 1) and index >= 2
    return before and (tokens[index - 2].role == "quantity" or text_at(tokens, index - 2) in lexicon.numbers)


def _joins_ends(tokens: list[Token], index: int) -> bool:
    """Whether that token stands between the two ends of a range."""
    return text_at(tokens, index) == "-" or says_at(tokens, index, "to")


def with_units(tokens: list[Token], units: Mapping[str, str]) -> list[Token]:
    """Glues each number to the unit behind it, and "dB per octave", "dB TP", "to one" to theirs."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.role == "quantity" and not token.unit:
            token, index = _take_unit(tokens, token, index, units)
            if out and _seconds_behind_minutes(out[-1], token):
                minutes = out.pop()
                token = replace(
                    minutes, value=minutes.value + token.value, text=f"{minutes.text} {token.text}"
                )
        out.append(token)
    return out


def _seconds_behind_minutes(minutes: Token, seconds: Token) -> bool:
    """ "2 minutes 10", "1 min 30 s"."""
    whole = (
        minutes.role == "quantity" and minutes.unit == "s" and minutes.value >= 60 and not minutes.value % 60
    )
    return whole and seconds.unit in ("", "s") and not seconds.signed and 0 < seconds.value < 60


def _take_unit(tokens: list[Token], token: Token, index: int, units: Mapping[str, str]) -> tuple[Token, int]:
    unit = units.get(text_at(tokens, index))
    if f"{text_at(tokens, index)} {text_at(tokens, index + 1)}" in units:  # "18 dB slope"
        unit = None
    after = f"{text_at(tokens, index)} {text_at(tokens, index + 1)}"
    if unit is None and after in units:
        return replace(token, unit=units[after], text=f"{token.text} {after}"), index + 2
    if unit is None:
        to_one = token.little.has(after, "to_one")
        if to_one and token.value >= 1 and text_at(tokens, index + 2) not in units:
            return replace(token, unit=":1", text=f"{token.text} {token.little.first('to_one')}"), index + 2
        return token, index
    text = f"{token.text} {tokens[index].text}"
    index += 1
    if unit == "db" and token.little.has(
        f"{text_at(tokens, index)} {text_at(tokens, index + 1)}", "per_octave"
    ):
        return replace(token, unit="db_oct", text=f"{text} {token.little.first('per_octave')}"), index + 2
    if unit == "db" and text_at(tokens, index) in ("tp", "fs"):
        unit, text = "db" + text_at(tokens, index), text + text_at(tokens, index)
        index += 1
    return _scaled(replace(token, unit=unit, text=text)), index


def _scaled(token: Token) -> Token:
    if token.unit == "khz":
        return replace(token, unit="hz", value=round(token.value * 1000, 6))
    if token.unit == "min":
        return replace(token, unit="s", value=token.value * 60)
    return token


def ranges(tokens: list[Token]) -> list[Token]:
    """ "2 to 4 dB" and "200-400 Hz" become one quantity with two ends; "250 and 500 Hz" shares its unit."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if _rises_to(tokens, index):  # "from 92 up to 96 BPM"
            tokens = [*tokens[: index + 1], *tokens[index + 2 :]]
        if _is_range(tokens, index):
            last = tokens[index + 2]
            low, high = _ends(token, last)
            text = f"{token.text} {token.little.first('to')} {last.text}"
            out.append(replace(last, value=low, high=high, text=text))
            index += 3
            continue
        if token.role == "quantity" and not token.unit:
            token = _shared_unit(tokens, index)
        out.append(_until(tokens, index) or token)
        index += 1
    return out


def _until(tokens: list[Token], index: int) -> Token | None:
    """ "between 0:30 and 0:40": this "and" joins the ends of one stretch, it does not begin another wish."""
    ends = tokens[index - 1 : index] + tokens[index + 1 : index + 2]
    if not tokens[index].says("and") or not says_at(tokens, index - 2, "between") or len(ends) < 2:
        return None
    to = tokens[index].little.first("to")
    return replace(tokens[index], text=to, plain=to) if all(end.unit == "time" for end in ends) else None


def _rises_to(tokens: list[Token], index: int) -> bool:
    """ "From 92 up to 96": one word more before the second end."""
    if index + 3 >= len(tokens) or tokens[index].role != "quantity" or not says_at(tokens, index - 1, "from"):
        return False
    word, end = tokens[index + 1], tokens[index + 3]
    return word.role == "unknown" and says_at(tokens, index + 2, "to") and end.role == "quantity"


def _is_range(tokens: list[Token], index: int) -> bool:
    if index + 2 >= len(tokens) or tokens[index].role != "quantity" or tokens[index + 2].role != "quantity":
        return False
    first, mark, last = tokens[index : index + 3]
    between = says_at(tokens, index - 1, "between") and mark.says("and")
    if not _joins_ends(tokens, index + 1) and not between:
        return False
    if not last.unit and (between or says_at(tokens, index - 1, "from")):
        return not first.unit and _LOWEST_HZ <= first.value < last.value  # "from 200 to 400" beside decibels
    return last.unit not in ("", ":1", "time") and first.unit in ("", last.unit)


def _ends(first: Token, last: Token) -> tuple[float, float]:
    value = first.value
    if last.unit == "hz" and not first.unit and last.value >= 1000 and value < 100:
        value *= 1000  # "2 to 4k"
    if last.value < 0 < value and last.signed and not first.signed:
        value = -value
    return (value, last.value) if value <= last.value else (last.value, value)


def _shared_unit(tokens: list[Token], index: int) -> Token:
    token = tokens[index]
    if index + 2 < len(tokens) and (
        text_at(tokens, index + 1) in (",", "&") or says_at(tokens, index + 1, "and", "or")
    ):
        last = tokens[index + 2]
        if last.role == "quantity" and last.unit == "hz":
            thousand = 1000 if last.value >= 1000 and token.value < 20 else 1
            return replace(token, unit="hz", value=token.value * thousand)
    return token
