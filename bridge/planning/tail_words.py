"""What shall become of reverb and echoes at the end: "let it ring out", "cut the tail", "keep the length exact".

A length of the reverb ("a long tail", "a tail of 2 s") is none of this, and stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.planning.intent import TailWish
from bridge.planning.lexicon import Lexicon, Phrases
from bridge.planning.tokens import Token, tokenise

_TIME = r"(?: \S+ (?:s|secs?|seconds?|ms|msec|milliseconds?)\b)"
_OF = r"(?:(?:the|its|any|all|a|an|that|this|my|their|of|reverb|reverb's|echo|echoes|delay|room|full|whole|natural) )*"
_TAIL = r"(?:reverb |echo |delay )?tails?\b"
_CUT = r"(?:cut|trim|chop|kill|remove|drop|lose|truncate|clip|take)(?: off| away| out)?"
_NOT = r"(?:do not|don't|dont|never|not to|without) "
_SAME = r"(?:(?:exact|exactly|same|original|source) )*"
_SOURCE = r"(?:the |my )?(?:source|original|input|file|recording|before)"
_OVER = rf"(?: out| away)?(?: (?:over|in|within|for|across|during))?(?: (?:the|its) last| about)?{_TIME}?"

_SAID: tuple[tuple[str, str], ...] = (
    ("keep", rf"{_NOT}(?:cut(?:ting)?|trim(?:ming)?|chop|fade|kill|clip|lose)(?: off| away| out)? {_OF}{_TAIL}"),
    ("trim", rf"{_NOT}(?:change|touch|alter|changing) {_OF}{_SAME}(?:length|duration)\b"),
    ("trim", rf"{_NOT}(?:make it|let it get|let it become|get) (?:any )?longer\b"),
    ("fade", rf"(?:let {_OF}{_TAIL} fade|fade(?: out| away)? {_OF}{_TAIL}){_OVER}"),
    ("keep", r"let (?:\S+ ){1,4}?ring(?: out| on)?\b(?: at the end| naturally)?"),
    ("keep", r"ring(?:ing)? out\b(?: at the end| naturally)?"),
    ("keep", rf"(?:keep|leave|preserve) {_OF}{_TAIL}(?: in| on| intact| ringing| as it is)?"),
    ("trim", rf"{_CUT} {_OF}{_TAIL}(?: off| away| out)?(?: at the end)?"),
    ("trim", rf"(?:no|without) {_OF}{_TAIL}"),
    ("trim", rf"(?:keep|leave|preserve|hold|have) {_OF}{_SAME}(?:length|duration)\b"
             rf"(?: (?:exactly|exact|as it is|as is|the same|same|unchanged|(?:of|as) {_SOURCE}))*"),
    ("trim", rf"(?:exactly )?(?:the |at the )?(?:same|exact) (?:length|duration)(?: (?:as|of) {_SOURCE})?"),
    ("trim", rf"(?:exactly )?as long as {_SOURCE}\b"),
)  # fmt: skip
"""Policies with the words for them; of two that begin at one word the first counts."""

_READ = [(policy, re.compile(rf"(?<!\S){pattern}(?!\S)")) for policy, pattern in _SAID]
_LONGEST_S = 10.0


def tail_said(tokens: list[Token]) -> tuple[list[Token], TailWish | None]:
    """The tokens without those that speak of the end, and what they ask for; the last word counts."""
    if not any(
        "tail" in t.text or "ring" in t.text or "length" in t.text or "long" in t.text for t in tokens
    ):
        return tokens, None
    starts: list[int] = []
    length = 0
    for token in tokens:
        starts.append(length)
        length += len(token.text) + 1
    text = " ".join(token.text for token in tokens)
    gone: set[int] = set()
    wish: TailWish | None = None
    for policy, start, end in _found(text):
        said = [index for index, at in enumerate(starts) if start <= at < end]
        gone |= set(said)
        wish = TailWish.model_validate({"policy": policy, "fade_ms": _time_ms([tokens[i] for i in said])})
    return [token for index, token in enumerate(tokens) if index not in gone], wish


def tail_of(words: str, lexicon: Lexicon) -> TailWish | None:
    """What a request says of the end, whoever hears the rest of it."""
    return tail_said(tokenise(words, lexicon, Phrases()))[1]


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    """(policy, start, end), in order, none overlapping another."""
    found = [
        (match.start(), order, match.end(), policy)
        for order, (policy, pattern) in enumerate(_READ)
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
