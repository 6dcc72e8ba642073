"""What shall become of reverb and echoes at the end: "let it ring out", "cut the tail", "keep the length exact".

A length of the reverb ("a long tail", "a tail of 2 s") is none of this, and stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bridge.planning.intent import TailWish
from bridge.planning.lexicon import Lexicon
from bridge.planning.phrases import Phrases
from bridge.planning.tails import Tails
from bridge.planning.tokens import Token, tokenise

_LONGEST_S = 10.0


def tail_said(tokens: list[Token], lexicon: Lexicon) -> tuple[list[Token], TailWish | None]:
    """The tokens without those that speak of the end, and what they ask for; the last word counts."""
    if not any(part in token.spelt for token in tokens for part in lexicon.tails.heard_in):
        return tokens, None
    starts: list[int] = []
    length = 0
    for token in tokens:
        starts.append(length)
        length += len(token.spelt) + 1
    text = " ".join(token.spelt for token in tokens)
    gone: set[int] = set()
    wish: TailWish | None = None
    for policy, start, end in _found(text, _patterns(lexicon.tails)):
        said = [index for index, at in enumerate(starts) if start <= at < end]
        gone |= set(said)
        wish = TailWish.model_validate({"policy": policy, "fade_ms": _time_ms([tokens[i] for i in said])})
    return [token for index, token in enumerate(tokens) if index not in gone], wish


def tail_of(words: str, lexicon: Lexicon) -> TailWish | None:
    """What a request says of the end, whoever hears the rest of it."""
    return tail_said(tokenise(words, lexicon, Phrases()), lexicon)[1]


Patterns = tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=8)
def _patterns_of(parts: tuple[tuple[str, str], ...], said: tuple[tuple[str, str], ...]) -> Patterns:
    named = dict(parts)
    named = {name: pattern.format(**named) for name, pattern in named.items()}
    return tuple((policy, re.compile(rf"(?<!\S){pattern.format(**named)}(?!\S)")) for policy, pattern in said)


def _patterns(tails: Tails) -> Patterns:
    return _patterns_of(tuple(tails.parts.items()), tails.said)


def _found(text: str, patterns: Patterns) -> Iterator[tuple[str, int, int]]:
    """(policy, start, end), in order, none overlapping another."""
    found = [
        (match.start(), order, match.end(), policy)
        for order, (policy, pattern) in enumerate(patterns)
        for match in pattern.finditer(text)
    ]
    last = -1
    for start, _, end, policy in sorted(found):
        if start >= last:
            yield policy, start, end
            last = end


def _time_ms(tokens: list[Token]) -> float | None:
    """How long a fade takes, where that was said; a tail's fade lasts 10 s at most."""
    times = [token for token in tokens if token.role == "quantity" and token.unit in ("s", "ms")]
    if not times:
        return None
    seconds = times[-1].middle / (1000 if times[-1].unit == "ms" else 1)
    return round(1000 * max(0.001, min(_LONGEST_S, abs(seconds))), 3)
