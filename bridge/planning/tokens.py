"""Text -> typed tokens: quantities with units, phrases of the lexicon, names of places, and what is left unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bridge.planning.lexicon import Lexicon, Meaning, Phrases
from bridge.planning.normalise import normalise

_RAW = re.compile(
    r"(?P<ratio>\d+(?:\.\d+)?\s?:\s?1(?![\d.]))"
    r"|(?P<time>\d{1,2}:\d{2}(?:\.\d+)?(?!\d))"
    r"|(?P<number>(?:(?<![\w.)%])[+-])?(?:\d+(?:\.\d+)?|\.\d+))"
    r"|(?P<word>q(?=\s?[=:]?\s?\d)|[^\W\d_][\w]*(?:'[^\W\d_]+)?)"
    r"|(?P<mark>[^\w\s])"
    r"|(?P<line>\n+)"
)

UNITS = {
    "hz": "hz", "hertz": "hz", "khz": "khz", "k": "khz", "kilohertz": "khz",
    "db": "db", "decibel": "db", "decibels": "db", "dbs": "db", "dbfs": "dbfs", "dbtp": "dbtp",
    "lufs": "lufs", "lkfs": "lufs", "lu": "lu",
    "ms": "ms", "msec": "ms", "millisecond": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "secs": "s",
    "second": "s", "seconds": "s", "min": "min", "minutes": "min",
    "percent": "%", "%": "%", "x": "x", "times": "x", "semitone": "st", "semitones": "st",
    "cents": "cents", "bpm": "bpm",
}  # fmt: skip
_PER_OCTAVE = (("/", "oct"), ("/", "octave"), ("per", "oct"), ("per", "octave"), ("an", "octave"))
_AND = ("and", "und", "et", "y")
_LOWEST_HZ = 20.0
_TENS = (20, 30, 40, 50, 60, 70, 80, 90)
RANGE_MARKS = ("to", "-", "and", "until", "till", "bis", "à", "a")


_NONE = Meaning("")


@dataclass(frozen=True)
class Token:
    """role: quantity, mark, unknown, place, plugin, chain, target or a role of the lexicon. text: as normalised.

    read_as: the known word that the first word of the text was taken for, where it was one slip away.
    """

    role: str
    text: str
    meaning: Meaning = _NONE
    value: float = 0.0
    unit: str = ""
    high: float | None = None
    signed: bool = False
    read_as: str = ""

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
    tokens = [_raw(match) for match in _RAW.finditer(normalise(words))]
    tokens = _number_words(_compounds(tokens, lexicon), lexicon)
    tokens = _ranges(_with_units(tokens, UNITS | lexicon.units))
    return _phrases(tokens, lexicon.phrases, names)


def named_phrases(named: Iterable[tuple[str, str, str]]) -> Phrases:
    """Phrases from (phrase, role, subject)."""
    index = Phrases()
    for phrase, role, subject in named:
        index.add(phrase, Meaning(role, subject))
    return index


def _raw(match: re.Match[str]) -> Token:
    kind, text = str(match.lastgroup), match.group().strip()
    if kind == "ratio":
        return Token("quantity", text, value=float(text.split(":")[0]), unit=":1")
    if kind == "time":
        minutes, seconds = text.split(":")
        return Token("quantity", text, value=60 * int(minutes) + float(seconds), unit="time")
    if kind == "number":
        return Token("quantity", text, value=_finite(text), signed=text[0] in "+-")
    return Token("mark" if kind in ("mark", "line") else "unknown", text or "\n")


def _finite(text: str) -> float:
    """Hundreds of digits are a number too; beyond any span they all mean the same."""
    return max(-1e12, min(1e12, float(text)))


def _text(tokens: list[Token], index: int) -> str:
    return tokens[index].text if 0 <= index < len(tokens) else ""


def _number_words(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "three dB", "minus fourteen LUFS", "a couple of dB", "three to one": words that stand for numbers."""
    out: list[Token] = []
    units = UNITS | lexicon.units
    for index, token in enumerate(tokens):
        number = lexicon.numbers.get(token.text) if token.role == "unknown" else None
        if number is not None and _counts(tokens, index, units, lexicon):
            if out and out[-1].text in ("a", "an"):
                out.pop()
            token = Token("quantity", token.text, value=number)
        if (
            token.role == "quantity"
            and not token.unit
            and out
            and out[-1].text in ("minus", "plus", "moins", "menos")
        ):
            sign = 1 if out.pop().text == "plus" else -1
            token = replace(token, value=sign * abs(token.value), signed=True)
        bare = bool(out) and out[-1].role == "quantity" and not out[-1].unit
        if bare and token.text in ("of", "a", "an", "de") and _text(tokens, index + 1) in units:
            continue
        out.append(token)
    return out


def _compounds(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "two hundred" and "twenty five" become one word for one number: digits."""
    out: list[Token] = []
    for token in tokens:
        number = lexicon.numbers.get(token.text)
        before = lexicon.numbers.get(out[-1].text, _digits(out[-1])) if out else None
        if number is not None and before is not None and number in (100, 1000) and 1 <= before < 100:
            out[-1] = Token("quantity", f"{before * number:g}", value=before * number)
        elif number is not None and before is not None and before in _TENS and 1 <= number < 10:
            out[-1] = Token("quantity", f"{before + number:g}", value=before + number)
        else:
            out.append(token)
    return out


def _digits(token: Token) -> float | None:
    return token.value if token.role == "quantity" and not token.unit and not token.signed else None


def _counts(tokens: list[Token], index: int, units: Mapping[str, str], lexicon: Lexicon) -> bool:
    """Whether a number word really counts something: "two dB" does, "this one" does not."""
    after = [_text(tokens, index + step) for step in (1, 2, 3)]
    if after[0] in units or (after[0] in ("of", "a", "an", "de") and after[1] in units):
        return True
    if _text(tokens, index - 1) in ("minus", "plus", "moins", "menos"):
        return True
    if after[0] in RANGE_MARKS[:2] and (after[1] in lexicon.numbers or after[1] == "1"):
        return after[1] in ("one", "1") or after[2] in units
    before = _text(tokens, index - 1) in RANGE_MARKS[:2] and index >= 2
    return before and (tokens[index - 2].role == "quantity" or _text(tokens, index - 2) in lexicon.numbers)


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
    if unit is None:
        one = _text(tokens, index) == "to" and _text(tokens, index + 1) in ("1", "one")
        if one and token.value >= 1 and _text(tokens, index + 2) not in units:
            return replace(token, unit=":1", text=f"{token.text} to 1"), index + 2
        return token, index
    text = f"{token.text} {_text(tokens, index)}"
    index += 1
    if unit == "db" and (_text(tokens, index), _text(tokens, index + 1)) in _PER_OCTAVE:
        return replace(token, unit="db_oct", text=f"{text} per octave"), index + 2
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
            out.append(replace(last, value=low, high=high, text=f"{token.text} to {last.text}"))
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
    if tokens[index].text != "and" or _text(tokens, index - 2) != "between" or len(ends) < 2:
        return None
    return replace(tokens[index], text="to") if all(end.unit == "time" for end in ends) else None


def _is_range(tokens: list[Token], index: int) -> bool:
    if index + 2 >= len(tokens) or tokens[index].role != "quantity" or tokens[index + 2].role != "quantity":
        return False
    first, mark, last = tokens[index : index + 3]
    between = _text(tokens, index - 1) in ("between", "entre", "zwischen") and mark.text in _AND
    if mark.text not in ("to", "-", "bis") and not between:
        return False
    if not last.unit and (between or _text(tokens, index - 1) == "from"):
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
    if index + 2 < len(tokens) and _text(tokens, index + 1) in (*_AND, "or", ",", "&"):
        last = tokens[index + 2]
        if last.role == "quantity" and last.unit == "hz":
            thousand = 1000 if last.value >= 1000 and token.value < 20 else 1
            return replace(token, unit="hz", value=token.value * thousand)
    return token


def _phrases(tokens: list[Token], phrases: Phrases, names: Phrases) -> list[Token]:
    """Longest match of names and lexicon; a single unknown word may be repaired against the lexicon only."""
    texts = [token.text for token in tokens]
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        found, read_as = _best(texts, index, phrases, names), ""
        if found is None and tokens[index].role == "unknown":
            found = _repaired(texts, index, phrases)
            read_as = (phrases.repaired(texts[index]) or "") if found else ""
        if found is not None:
            length, meaning = found
            text = " ".join(texts[index : index + length])
            if not (length == 1 and tokens[index].role == "quantity"):
                out.append(Token(meaning.role, text, meaning, read_as=read_as))
                index += length
                continue
        out.append(tokens[index])
        index += 1
    return out


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
