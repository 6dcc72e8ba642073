"""Text -> typed tokens: quantities with units, phrases of the lexicon, names of places, and what is left unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bridge.planning.lexicon import Lexicon
from bridge.planning.normalise import normalise
from bridge.planning.particles import NO_PARTICLES, Particles
from bridge.planning.phrases import Meaning, Phrases

_RAW = re.compile(
    r"(?P<ratio>\d+(?:\.\d+)?\s?:\s?1(?![\d.]))"
    r"|(?P<time>\d{1,2}:\d{2}(?:\.\d+)?(?!\d))"
    r"|(?P<number>(?:(?<![\w.)%])[+-])?(?:\d+(?:\.\d+)?|\.\d+))"
    r"|(?P<word>q(?=\s?[=:]?\s?\d)|[^\W\d_][\w]*(?:'[^\W\d_]+)?)"
    r"|(?P<mark>[^\w\s])"
    r"|(?P<line>\n+)"
)

_LOWEST_HZ = 20.0
_TENS = (20, 30, 40, 50, 60, 70, 80, 90)
_REACH = 16
"""Words in which the second part of a phrase in two is looked for."""


_NONE = Meaning("")


@dataclass(frozen=True)
class Token:
    """role: quantity, mark, unknown, place, plugin, chain, target or a role of the lexicon. text: as normalised.

    plain: the text as the lexicon spells it, where that differs. read_as: the known word that the first word of the
    text was taken for, where it was one slip away. little: the particles of the language.
    """

    role: str
    text: str
    meaning: Meaning = _NONE
    value: float = 0.0
    unit: str = ""
    high: float | None = None
    signed: bool = False
    read_as: str = ""
    plain: str = ""
    little: Particles = field(default=NO_PARTICLES, compare=False, repr=False)

    @property
    def spelt(self) -> str:
        """The text as the lexicon has it."""
        return self.plain or self.text

    def says(self, *names: str) -> bool:
        """Whether the text as a whole is a particle under one of these names."""
        return self.little.has(self.spelt, *names)

    def named(self, *names: str) -> list[str]:
        """For each word of the text that is a particle under one of these names, that name."""
        return self.little.named(self.spelt, *names)

    @property
    def subject(self) -> str:
        return self.meaning.subject

    @property
    def middle(self) -> float:
        """The value, or the middle of a range: geometric for frequencies, as hearing has it."""
        if self.high is None:
            return self.value
        if self.unit == "hz" and self.value > 0 and self.high > 0:
            return round(float((self.value * self.high) ** 0.5), 1)
        return (self.value + self.high) / 2


def tokenise(words: str, lexicon: Lexicon, names: Phrases) -> list[Token]:
    """Tokens of the request. `names` (places, plugins, chains, targets) win over the lexicon at equal length.

    Linear in the length of the words.
    """
    little = lexicon.little_words
    text = normalise(words, thousands="." if lexicon.forms.decimal_comma else ",")
    tokens = [_raw(match, little) for match in _RAW.finditer(text)]
    if not lexicon.forms.none:
        tokens = _read(tokens, lexicon, names)
    if lexicon.phrases.apart:
        tokens = _joined(tokens, lexicon.phrases)
    tokens = _number_words(_compounds(tokens, lexicon), lexicon)
    tokens = _ranges(_with_units(tokens, lexicon.all_units))
    return _phrases(tokens, lexicon.phrases, names)


def named_phrases(named: Iterable[tuple[str, str, str]]) -> Phrases:
    """Phrases from (phrase, role, subject)."""
    index = Phrases()
    for phrase, role, subject in named:
        index.add(phrase, Meaning(role, subject))
    return index


def _raw(match: re.Match[str], little: Particles) -> Token:
    kind, text = str(match.lastgroup), match.group().strip()
    if kind == "ratio":
        return Token("quantity", text, value=float(text.split(":")[0]), unit=":1", little=little)
    if kind == "time":
        minutes, seconds = text.split(":")
        value = 60 * int(minutes) + float(seconds)
        return Token("quantity", text, value=value, unit="time", little=little)
    if kind == "number":
        return Token("quantity", text, value=_finite(text), signed=text[0] in "+-", little=little)
    return Token("mark" if kind in ("mark", "line") else "unknown", text or "\n", little=little)


def _read(tokens: list[Token], lexicon: Lexicon, names: Phrases) -> list[Token]:
    """Words as the lexicon spells them; a compound becomes the words that it is made of, the first with its text."""
    out: list[Token] = []
    for token in tokens:
        parts = lexicon.reader.read(token.text) if token.role == "unknown" else ()
        if not parts or parts == (token.text,) or token.text in names.longest:
            out.append(token)
            continue
        out.append(replace(token, plain=parts[0]))
        out += [replace(token, text="", plain=part) for part in parts[1:]]
    return out


_STOPS = frozenset(",;.!?\n")


def _joined(tokens: list[Token], phrases: Phrases) -> list[Token]:
    """ "Heb die Höhen an": the second part of a phrase in two goes to the first, where its words then say nothing."""
    out = list(tokens)
    for index, token in enumerate(out):
        for apart in phrases.apart.get(token.spelt, ()) if token.role == "unknown" else ():
            end = index + len(apart.opening)
            if not _stand(out, index, apart.opening):
                continue
            at = _closing(out, end, apart.closing)
            if at is None:
                continue
            for silent in (*range(index + 1, end), *range(at, at + len(apart.closing))):
                out[silent] = replace(out[silent], role="filler")
            out[index] = replace(token, plain=apart.key)
            break
    return out


def _closing(tokens: list[Token], start: int, closing: tuple[str, ...]) -> int | None:
    """Where the second part stands: at the end of its clause if it does so anywhere, else the first place."""
    found: list[int] = []
    for index in range(start, min(len(tokens), start + _REACH)):
        if tokens[index].role == "mark" and tokens[index].text in _STOPS:
            break
        if _stand(tokens, index, closing):
            found.append(index)
    ends = [index for index in found if _ends_here(tokens, index + len(closing))]
    return next(iter(ends or found), None)


def _ends_here(tokens: list[Token], index: int) -> bool:
    return index >= len(tokens) or tokens[index].role == "mark" or tokens[index].says("and", "but", "or")


def _stand(tokens: list[Token], start: int, words: tuple[str, ...]) -> bool:
    """Whether these words stand there and mean nothing yet."""
    here = tokens[start : start + len(words)]
    if len(here) < len(words):
        return False
    return all(
        token.role == "unknown" and word in (token.spelt, token.text)
        for token, word in zip(here, words, strict=True)
    )


def _finite(text: str) -> float:
    """Hundreds of digits are a number too; beyond any span they all mean the same."""
    return max(-1e12, min(1e12, float(text)))


def _text(tokens: list[Token], index: int) -> str:
    return tokens[index].spelt if 0 <= index < len(tokens) else ""


def _says(tokens: list[Token], index: int, *names: str) -> bool:
    return 0 <= index < len(tokens) and tokens[index].says(*names)


def _number_words(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
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
        if bare and token.says("of", "article") and _text(tokens, index + 1) in units:
            continue
        out.append(token)
    return out


def _compounds(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "two hundred" and "twenty five" become one word for one number: digits."""
    out: list[Token] = []
    for token in tokens:
        number = lexicon.numbers.get(token.spelt) if token.role != "mark" else None
        before = lexicon.numbers.get(out[-1].spelt, _digits(out[-1])) if out else None
        if number is not None and before is not None and number in (100, 1000) and 1 <= before < 100:
            out[-1] = Token("quantity", f"{before * number:g}", value=before * number, little=token.little)
        elif number is not None and before is not None and before in _TENS and 1 <= number < 10:
            out[-1] = Token("quantity", f"{before + number:g}", value=before + number, little=token.little)
        else:
            out.append(token)
    return out


def _digits(token: Token) -> float | None:
    return token.value if token.role == "quantity" and not token.unit and not token.signed else None


def _counts(tokens: list[Token], index: int, units: Mapping[str, str], lexicon: Lexicon) -> bool:
    """Whether a number word really counts something: "two dB" does, "this one" does not."""
    after = [_text(tokens, index + step) for step in (1, 2, 3)]
    if after[0] in units or (_says(tokens, index + 1, "of", "article") and after[1] in units):
        return True
    if _says(tokens, index - 1, "minus", "plus"):
        return True
    if tokens[index].little.has(f"{after[0]} {after[1]}", "to_one"):
        return True
    if _joins_ends(tokens, index + 1) and (after[1] in lexicon.numbers or _says(tokens, index + 2, "one")):
        return _says(tokens, index + 2, "one") or after[2] in units
    before = _joins_ends(tokens, index - 1) and index >= 2
    return before and (tokens[index - 2].role == "quantity" or _text(tokens, index - 2) in lexicon.numbers)


def _joins_ends(tokens: list[Token], index: int) -> bool:
    """Whether that token stands between the two ends of a range."""
    return _text(tokens, index) == "-" or _says(tokens, index, "to")


def _with_units(tokens: list[Token], units: Mapping[str, str]) -> list[Token]:
    """Glues each number to the unit behind it, and "dB per octave", "dB TP", "to one" to theirs."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.role == "quantity" and not token.unit:
            token, index = _take_unit(tokens, token, index, units)
        out.append(token)
    return out


def _take_unit(tokens: list[Token], token: Token, index: int, units: Mapping[str, str]) -> tuple[Token, int]:
    unit = units.get(_text(tokens, index))
    after = f"{_text(tokens, index)} {_text(tokens, index + 1)}"
    if unit is None:
        to_one = token.little.has(after, "to_one")
        if to_one and token.value >= 1 and _text(tokens, index + 2) not in units:
            return replace(token, unit=":1", text=f"{token.text} {token.little.first('to_one')}"), index + 2
        return token, index
    text = f"{token.text} {tokens[index].text}"
    index += 1
    if unit == "db" and token.little.has(f"{_text(tokens, index)} {_text(tokens, index + 1)}", "per_octave"):
        return replace(token, unit="db_oct", text=f"{text} {token.little.first('per_octave')}"), index + 2
    if unit == "db" and _text(tokens, index) in ("tp", "fs"):
        unit, text = "db" + _text(tokens, index), text + _text(tokens, index)
        index += 1
    return _scaled(replace(token, unit=unit, text=text)), index


def _scaled(token: Token) -> Token:
    if token.unit == "khz":
        return replace(token, unit="hz", value=round(token.value * 1000, 6))
    if token.unit == "min":
        return replace(token, unit="s", value=token.value * 60)
    return token


def _ranges(tokens: list[Token]) -> list[Token]:
    """ "2 to 4 dB" and "200-400 Hz" become one quantity with two ends; "250 and 500 Hz" shares its unit."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
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
    if not tokens[index].says("and") or not _says(tokens, index - 2, "between") or len(ends) < 2:
        return None
    to = tokens[index].little.first("to")
    return replace(tokens[index], text=to, plain=to) if all(end.unit == "time" for end in ends) else None


def _is_range(tokens: list[Token], index: int) -> bool:
    if index + 2 >= len(tokens) or tokens[index].role != "quantity" or tokens[index + 2].role != "quantity":
        return False
    first, mark, last = tokens[index : index + 3]
    between = _says(tokens, index - 1, "between") and mark.says("and")
    if not _joins_ends(tokens, index + 1) and not between:
        return False
    if not last.unit and (between or _says(tokens, index - 1, "from")):
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
        _text(tokens, index + 1) in (",", "&") or _says(tokens, index + 1, "and", "or")
    ):
        last = tokens[index + 2]
        if last.role == "quantity" and last.unit == "hz":
            thousand = 1000 if last.value >= 1000 and token.value < 20 else 1
            return replace(token, unit="hz", value=token.value * thousand)
    return token


def _phrases(tokens: list[Token], phrases: Phrases, names: Phrases) -> list[Token]:
    """Longest match of names and lexicon; a single unknown word may be repaired against the lexicon only."""
    texts = [token.spelt for token in tokens]
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        found, read_as = _best(texts, index, phrases, names), ""
        if found is not None and tokens[index].role == "filler":
            found = None
        elif found is None and tokens[index].role == "unknown":
            found = _repaired(texts, index, phrases)
            read_as = (phrases.repaired(texts[index]) or "") if found else ""
        if found is not None:
            length, meaning = found
            said = tokens[index : index + length]
            if not (length == 1 and tokens[index].role == "quantity"):
                out.append(_meant(said, meaning, read_as))
                index += length
                continue
        out.append(tokens[index])
        index += 1
    return out


def _meant(said: list[Token], meaning: Meaning, read_as: str) -> Token:
    """The token that these words are together."""
    text = " ".join(token.text for token in said if token.text)
    plain = " ".join(token.spelt for token in said) if any(token.plain for token in said) else ""
    return Token(meaning.role, text, meaning, read_as=read_as, plain=plain, little=said[0].little)


def _best(texts: list[str], index: int, phrases: Phrases, names: Phrases) -> tuple[int, Meaning] | None:
    """Names of stems and plugins win over the lexicon at equal length; targets and chains do not."""
    name, word = names.match(texts, index), phrases.match(texts, index)
    if name is None or word is None:
        return name or word
    strong = name[1].role in ("place", "plugin")
    return name if name[0] > word[0] or (strong and name[0] == word[0]) else word


def _repaired(texts: list[str], index: int, phrases: Phrases) -> tuple[int, Meaning] | None:
    repaired = phrases.repaired(texts[index])
    if repaired is None or repaired == texts[index]:
        return None
    window = [repaired, *texts[index + 1 : index + 6]]
    return phrases.match(window, 0)
