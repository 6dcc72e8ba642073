"""The auto tools in words: "auto eq", "autogain", "fix the tone", "eq it for rock"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.auto.tools import EVERYTHING, LEFT_TO_TASTE, NEEDS, TOOLS
from bridge.planning.auto.wish import TARGET
from bridge.planning.context import Context
from bridge.planning.frames import Frame
from bridge.planning.given import given_to
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.effect import hear_effect
from bridge.planning.phrases import Meaning, phrase_words
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token

_LONGEST = 4


def for_genres(tokens: list[Token], context: Context) -> list[Token]:
    """ "EQ it for rock": a genre that is named behind an effect is what its tool goes by. Elsewhere names of genres are
    words of taste, or nothing."""
    if not any(map(_is_a_tool, tokens)):
        return tokens
    genres = {
        phrase_words(word): target.name
        for target in context.targets.values()
        if target.kind == "genre"
        for word in (target.name, *target.words)
    }
    asked: int | None = None
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.role == "mark":
            asked = None
        if _is_a_tool(token):
            asked = len(out)
        found = _genre(tokens, at + 1, genres) if asked is not None and _opens(token) else None
        out.append(token)
        at += 1
        if found is None or asked is None:
            continue
        name, count = found
        effect = out[asked].subject
        out[asked] = replace(out[asked], role="auto", meaning=Meaning("auto", effect))
        text = " ".join(each.text for each in tokens[at : at + count])
        out.append(Token("genre", text, Meaning("genre", name)))
        at += count
        asked = None
    return out


def _is_a_tool(token: Token) -> bool:
    return token.role == "auto" or (token.role == "effect" and token.subject in TOOLS.values())


def _opens(token: Token) -> bool:
    words = token.spelt.split()
    return bool(words) and token.little.has(words[-1], "for_a_style")


def _genre(tokens: list[Token], start: int, genres: dict[tuple[str, ...], str]) -> tuple[str, int] | None:
    """The genre that begins there (behind "a", "the"), and how many tokens say it."""
    skipped = 0
    while start + skipped < len(tokens) and tokens[start + skipped].says("article", "definite"):
        skipped += 1
    first = start + skipped
    for count in range(min(_LONGEST, len(tokens) - first), 0, -1):
        words = tuple(word for token in tokens[first : first + count] for word in token.spelt.split())
        for spelt in (
            words,
            words[:-1] if words[-1:] and tokens[first].little.has(words[-1], "style_noun") else (),
        ):
            if spelt in genres:
                return genres[spelt], skipped + count
    return None


def hear_auto(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """A share or a degree is how far the tool goes; any other number is a wish for the effect itself."""
    name = frame.name
    genre = next((token.subject for token in frame.tokens if token.role == "genre"), None)
    if name == EVERYTHING and wish.wish != "do":
        ear.unsupported.append(frame.text)
        return []
    if wish.wish in ("remove", "forbid", "keep"):
        return hear_effect(ear, frame, wish)
    numbers = [token for token in frame.tokens if token.role == "quantity"]
    given, _ = given_to(name, frame) if name != EVERYTHING else ({}, [])
    share = [token for token in numbers if token.unit == "%"]
    if name != EVERYTHING and (given or numbers) and len(share) != len(numbers):
        return hear_effect(ear, frame, wish)
    amount = share[0].middle / 100 if share else wish.amount
    if name == EVERYTHING:
        ear.warnings.append(LEFT_TO_TASTE)
    for tool in NEEDS if name == EVERYTHING else (name,):
        ear.add(frame, "auto", tool, max(0.0, amount), {TARGET: genre} if genre else {})
    return share[:1]
