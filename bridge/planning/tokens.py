"""Text -> typed tokens: quantities with units, phrases of the lexicon, names of places, and what is left unknown."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from bridge.planning.halves import and_a_half
from bridge.planning.lexicon import Lexicon
from bridge.planning.named_numbers import decimals, named_numbers
from bridge.planning.normalise import normalise
from bridge.planning.particles import Particles
from bridge.planning.phrases import Meaning, Phrases
from bridge.planning.quantities import counted, in_order, number_words, ranges, with_units
from bridge.planning.token import Token as Token

_RAW = re.compile(
    r"(?P<ratio>\d+(?:\.\d+)?\s?:\s?1(?![\d.]))"
    r"|(?P<time>\d{1,2}:\d{2}(?:\.\d+)?(?!\d))"
    r"|(?P<number>(?:(?<![\w.)%])[+-])?(?:\d+(?:\.\d+)?|\.\d+))"
    r"|(?P<word>q(?=\s?[=:]?\s?\d)|[^\W\d_][\w]*(?:'[^\W\d_]+)?)"
    r"|(?P<mark>[^\w\s])"
    r"|(?P<line>\n+)"
)

_REACH = 16
"""Words in which the second part of a phrase in two is looked for."""


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
    tokens = named_numbers(decimals(tokens, lexicon), lexicon)
    tokens = number_words(and_a_half(counted(in_order(tokens, lexicon), lexicon), lexicon), lexicon)
    tokens = ranges(with_units(tokens, lexicon.all_units))
    return _phrases(tokens, lexicon, names)


@lru_cache(maxsize=64)
def named_phrases(named: tuple[tuple[str, str, str], ...]) -> Phrases:
    """Phrases from (phrase, role, subject); the same ones come with every request about a sound."""
    index = Phrases(repairs=False)
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
        open_to_forms = token.role == "unknown" and token.text not in lexicon.asides
        parts = lexicon.reader.read(token.text) if open_to_forms else ()
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
    texts = [token.spelt for token in tokens]
    for index, token in enumerate(out):
        whole = phrases.match(texts, index) if token.spelt in phrases.apart else None
        if whole is not None and whole[0] > 1:
            continue  # "ne touche pas" is one phrase, whatever "ne ... pas" is
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
        stops = tokens[index].role == "mark" and tokens[index].text in _STOPS
        if stops or tokens[index].says("and", "but", "or"):
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


def _phrases(tokens: list[Token], lexicon: Lexicon, names: Phrases) -> list[Token]:
    """Longest match of names and lexicon; a single unknown word may be repaired against the lexicon only."""
    phrases = lexicon.phrases
    texts = [token.spelt for token in tokens]
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        found, read_as = _best(texts, index, phrases, names), ""
        if found is not None and tokens[index].role == "filler":
            found = None
        elif found is None and tokens[index].role == "unknown" and texts[index] not in lexicon.asides:
            found = _inflected(texts, index, lexicon)
        if found is None and tokens[index].role == "unknown":
            found = _leant_on(texts, index, lexicon, names) or _graded(texts[index], lexicon)
        if found is None and tokens[index].role == "unknown" and texts[index] not in lexicon.edit_words:
            slip = _slip(texts[index], lexicon)
            found = phrases.match([slip, *texts[index + 1 : index + 6]], 0) if slip else None
            read_as = slip if found else ""
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


def _inflected(texts: list[str], index: int, lexicon: Lexicon) -> tuple[int, Meaning] | None:
    """A word that the lexicon has within a longer phrase only, as a form of one that it has alone ("laute")."""
    owner, mark, ending = texts[index].partition("'")
    if mark and len(ending) == 1:  # "the kick's punch"
        return lexicon.phrases.match([owner], 0)
    for plural in lexicon.forms.plurals:  # of words that say nothing by themselves, and of instruments
        one = lexicon.phrases.match([texts[index].removesuffix(plural)], 0)
        if texts[index].endswith(plural) and one is not None and one[1].role in ("filler", "sound"):
            return one
    stem = lexicon.reader.stem(texts[index])
    return lexicon.phrases.match([stem], 0) if stem else None


_LONG_ENOUGH = 6
"""Letters of a word with an ending that is looked at for slips."""


def _leant_on(texts: list[str], index: int, lexicon: Lexicon, names: Phrases) -> tuple[int, Meaning] | None:
    """ "The vocal's buried": the word without what leans on it."""
    for ending in lexicon.forms.contractions:
        word = texts[index].removesuffix(ending)
        if word and word != texts[index]:
            return _best([word, *texts[index + 1 : index + 6]], 0, lexicon.phrases, names)
    return None


def _graded(word: str, lexicon: Lexicon) -> tuple[int, Meaning] | None:
    """ "Moodier", "moodiness", "flubbiest": another degree of a word of taste, or what it is called as a thing."""
    for pair in lexicon.little_words.said.get("graded", ()):
        ending, _, plain = pair.partition("=")
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word.removesuffix(ending)
            doubled = stem[:-1] if len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2] else stem
            for base in dict.fromkeys((stem + plain, doubled + plain)):
                found = lexicon.phrases.by_words.get((base,))
                if found is not None and found.role == "descriptor":
                    return 1, found
    return None


_SHORTEST_STEM = 3


def _slip(word: str, lexicon: Lexicon) -> str:
    """The word of the lexicon that this one, or what it is a form of, is one slip away from; "" where there is none."""
    own = lexicon.own_phrases  # what is borrowed keeps the forms of the language that lent it
    bases = lexicon.forms.bases(word) if len(word) >= _LONG_ENOUGH else ()
    slips = (lexicon.phrases.repaired(word), *(own.repaired(base) for base in bases))
    return next(
        (slip for slip in slips if slip and slip != word and not _another_word(word, slip, lexicon)), ""
    )


def _another_word(word: str, slip: str, lexicon: Lexicon) -> bool:
    """Whether the word is hardly a slip: its first letter is another ("folder" is no "colder"), it counts, it is a
    common one, or it tells what happened and the other does not ("excited" is no "exciter")."""
    if word in lexicon.numbers or lexicon.little_words.has(word, "common"):
        return True
    if word[0] != slip[0] and word[1:] == slip[1:]:
        return True
    little = lexicon.little_words
    return len(word) >= _LONG_ENOUGH and little.has(word, "did") and not little.has(slip, "did")
