"""What stands beside a wish and is none: reasons, likenesses, adjectives of a noise, and what is good as it is."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS
from bridge.planning.hearing.ear import BARE, Ear
from bridge.planning.hearing.likened import as_complaints
from bridge.planning.tokens import Token

_COMPLAINS = frozenset(("too", "repair", "enough"))
_ASKS = frozenset(("more", "less", "remove", "make", "quantity", "setting", *SUBJECTS))
_NOISES = frozenset(("repair", "off_topic"))
_HELD = BARE | {"keep", "concept", "everything", "question", "pitch", "stretch"}
_TURNS = frozenset(("too", "less", "not", "remove", "without"))


def plainly(ear: Ear, clause: Clause) -> Clause | None:
    """The clause without them; None where nothing else was said."""
    if _is_good(ear, clause) or _stays(clause):
        return None
    ear.thanked = ear.thanked or any(token.named("thanks") for token in clause.tokens)
    tokens = _without_reason(ear, list(clause.tokens))
    if not tokens:
        ear.told.append(clause.text)
        return None
    if clause.opener == "," and ear.intents and tokens[0].says("alike"):
        tokens = [replace(t, role="filler") if t.role in _TURNS else t for t in tokens]
    tokens = as_complaints(ear, _places_and_people(tokens))
    tokens = _once_more(tokens)
    tokens = _width_of_a_band(ear, tokens)
    tokens = [_adjective(tokens, index) for index in range(len(tokens))]
    return replace(clause, tokens=tuple(tokens), said=clause.text)


def _is_good(ear: Ear, clause: Clause) -> bool:
    """ "Everything is fine", "the rest is perfect": a verdict and no wish."""
    words = [word for token in clause.tokens for word in token.spelt.split()]
    little = ear.context.lexicon.little_words
    verdict = any(little.has(word, "content") for word in words) and any(
        little.has(w, "copula") for w in words
    )
    wishes = any(
        t.role in ("more", "less", "remove", "make", "too", "not", "but", "back", "quantity")
        for t in clause.tokens
    )
    if not verdict or wishes or clause.tokens[0].role == "question":
        return False
    ear.content = True
    return True


def _stays(clause: Clause) -> bool:
    """ "Keep the tempo", "same key": of what nothing else in the request touches."""
    roles = {token.role for token in clause.tokens}
    held = "keep" in roles or any(token.says("same") for token in clause.tokens)
    return held and bool(roles & {"concept", "pitch", "stretch"}) and roles <= _HELD


def _without_reason(ear: Ear, tokens: list[Token]) -> list[Token]:
    """ "Make it darker because the room is small": why somebody asks is no second wish, unless it is a complaint."""
    at = next((index for index, token in enumerate(tokens) if token.says("reason")), None)
    if at is None or any(t.role in _COMPLAINS or t.meaning.fault for t in tokens[at:]):
        return tokens
    asked = any(token.role in _ASKS for token in tokens[:at]) or (at == 0 and bool(ear.intents))
    numbers = any(token.role == "quantity" for token in tokens[at:])
    return tokens[:at] if asked and not numbers else tokens


_WIDE_Q, _NARROW_Q = 0.6, 4.0
"""Of a band that is said to be wide or narrow: over two octaves, or a third of one (own judgement)."""


def _width_of_a_band(ear: Ear, tokens: list[Token]) -> list[Token]:
    """ "With a wide Q", "notch 1.2 kHz, narrow": of the band, and not of the stereo image."""
    meant = [
        index for index, token in enumerate(tokens) if token.role not in ("filler", "degree", "at", "mark")
    ]
    at = next((index for index in meant if tokens[index].says("wide_q", "narrow_q")), None)
    if at is None:
        return tokens
    q = next(
        (
            i
            for i in (at + 1,)
            if i < len(tokens) and tokens[i].subject == "q" and tokens[i].role == "parameter"
        ),
        None,
    )
    alone = meant == [at] and bool(ear.intents) and ear.intents[-1].operation == "band"
    if (q is None and not alone) or any(t.role == "quantity" and not t.unit for t in tokens):
        return tokens
    value = _WIDE_Q if tokens[at].says("wide_q") else _NARROW_Q
    known = ear.context.lexicon.phrases.by_words.get(("q",))
    if known is None:
        return tokens
    name = replace(tokens[at], role=known.role, meaning=known)
    number = Token("quantity", f"{value:g}", value=value, little=tokens[at].little)
    return [*tokens[:at], name, number, *tokens[(q if q is not None else at) + 1 :]]


_TO_A_ROOM = 3
"""Words back to "in": "in the living room"."""


def _places_and_people(tokens: list[Token]) -> list[Token]:
    """ "Booming in the living room", "I sing too close": where and what people do, beside a complaint."""
    complains = any(t.role in _COMPLAINS or t.meaning.fault for t in tokens)
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        inside = any(each.named("in") for each in out[-_TO_A_ROOM:])
        room = complains and token.role == "effect" and token.subject == "reverb" and inside
        room = room or (
            token.subject == "gain" and before is not None and bool(before.named("in")) and len(out) > 1
        )
        doing = token.role == "impossible" and before is not None and before.says("person")
        out.append(replace(token, role="filler") if room or doing else token)
    return out


def _once_more(tokens: list[Token]) -> list[Token]:
    """ "Louder again by 1 dB": the number says how far, so that "again" adds nothing."""
    roles = {token.role for token in tokens}
    if "quantity" not in roles or not roles & {"louder", "quieter"}:
        return tokens
    return [replace(token, role="filler") if token.role == "again" else token for token in tokens]


def _adjective(tokens: list[Token], index: int) -> Token:
    """ "A loud click", "a low hum", "a large pizza": what the next word is like."""
    token = tokens[index]
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    if (
        behind is None
        or token.role not in ("louder", "quieter", "area", "descriptor")
        or token.says("comparative")
    ):
        return token
    if behind.role == "off_topic" or (behind.role in _NOISES and token.role != "descriptor"):
        return replace(token, role="filler")
    return token
