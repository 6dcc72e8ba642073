"""What of a reference shall be matched, and how far: "match the reference", "match only the EQ", "50 % of the EQ and
70 % of the stereo field".

Looked for before the clauses are heard, because one wish goes over several of them. What says it is taken out of the
words, so that the rest ("... and add a bit of reverb") is heard as if nobody had spoken of a reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bridge.planning.clauses import cut
from bridge.planning.context import Context
from bridge.planning.frames import SUBJECTS
from bridge.planning.intent import Intent
from bridge.planning.matching.reference import ASPECTS, PARTS, Aspect
from bridge.planning.tokens import Token

_NEGATED = frozenset(("not", "without", "remove", "keep"))
_LOUDER = {"louder": 1.0, "quieter": -1.0}
_HOW: Aspect = "limiter"
"""No property of a sound but a means: without a share or a "no" a limiter is a wish of its own."""
_FURTHEST = 96
"""Tokens that are looked at behind the first, so that reading stays linear in their number."""


@dataclass
class _Said:
    """amounts: by aspect. all_of_it: how far where no aspect is named. only: the others are left out. louder_db: than
    the reference."""

    amounts: dict[Aspect, float] = field(default_factory=dict)
    all_of_it: float = 1.0
    only: bool = False
    louder_db: float = 0.0
    spare: list[str] = field(default_factory=list)


def asked_to_match(
    tokens: list[Token], context: Context
) -> tuple[list[Token], tuple[Intent, ...], tuple[str, ...]]:
    """The tokens without those that speak of the reference, the intent that these were, and what of them was not
    understood."""
    if not any(token.role in ("match", "reference") for token in tokens):
        return tokens, (), ()
    if {"balance", "reference"} <= {token.role for token in tokens} and not any(
        token.role == "match" for token in tokens
    ):  # "balance the stems like the reference": the balance looks for a reference by itself
        return [_silenced(token) for token in tokens], (), ()
    stretches = list(_stretches(tokens))
    first = next((at for at, span in enumerate(stretches) if _speaks(span, tokens, context)), None)
    if first is None:
        return [_silenced(token) for token in tokens], (), ()
    begin = first
    while begin and _shared(stretches[begin - 1], tokens, context):
        begin -= 1
    taken = stretches[begin : first + 1]
    for span in stretches[first + 1 :]:
        if not _goes_on(span, tokens, context):
            break
        taken.append(span)
    gone = range(taken[0].start, taken[-1].stop)
    heard = tokens[gone.start : gone.stop]
    intent, spare = _intent(taken, tokens, heard, context)
    kept: list[Token] = []
    for index, token in enumerate(tokens):
        if index not in gone:
            kept.append(_silenced(token))
        elif _level(token):  # "match the reference at -14 LUFS": a wish of its own
            kept += [Token("mark", ","), token]
    return kept, (intent,), spare


def _silenced(token: Token) -> Token:
    """Words of matching where nothing is matched say nothing: "match -14 LUFS"."""
    return replace(token, role="filler") if token.role in ("match", "reference") else token


def _stretches(tokens: list[Token]) -> Iterator[range]:
    """Between the cuts, each with the cut before it."""
    start = 0
    for index, token in enumerate(tokens):
        if cut(token) is not None and index > start:
            yield range(start, index)
            start = index
    if start < len(tokens):
        yield range(start, len(tokens))


def _speaks(span: range, tokens: list[Token], context: Context) -> bool:
    """Whether a stretch asks for a reference: by its name, or by "match" where nothing else is to be matched."""
    roles = {tokens[index].role for index in span}
    if "reference" in roles:
        return True
    if "match" not in roles or roles & {"target", "place", "chain", "plugin"}:
        return False
    if any(tokens[index].unit in ("lufs", "dbtp", "dbfs", "db", "hz") for index in span):
        return False  # "match -14 LUFS"
    if any(tokens[index].role == "sound" and tokens[index].subject for index in span):
        return False  # "match the levels of the drums"
    known = context.reference is not None or bool(context.previous and context.previous.matched)
    return known or any(_aspect(tokens[index], context) for index in span)


def _shared(span: range, tokens: list[Token], context: Context) -> bool:
    """Whether a stretch before the one that names the reference is a share of it: "50 % of the EQ and ..."."""
    inside = [tokens[index] for index in span]
    named = any(_aspect(token, context) for token in inside)
    others = any(token.role in SUBJECTS and not _aspect(token, context) for token in inside)
    return named and not others and any(token.unit == "%" for token in inside)


def _goes_on(span: range, tokens: list[Token], context: Context) -> bool:
    """Whether a stretch behind the first still says how far: an aspect with a share, or one that is left out."""
    if span.start > _FURTHEST and len(span) > _FURTHEST:
        return False
    inside = [tokens[index] for index in span if cut(tokens[index]) is None]
    if not inside:
        return True
    if any(token.role in _LOUDER for token in inside) and any(_decibels(token) for token in inside):
        return not any(token.role in SUBJECTS and token.role not in _LOUDER for token in inside)
    if any(token.role == "quantity" and token.unit not in ("%", "") for token in inside):
        return False
    others = [t for t in inside if t.role in SUBJECTS and not _aspect(t, context) and t.role != "everything"]
    named = any(_aspect(token, context) for token in inside)
    told = any(token.role in ("quantity", "degree", *_NEGATED, "reference", "match") for token in inside)
    bare = all(t.role == "filler" or _aspect(t, context) not in (None, _HOW) for t in inside)
    if all(t.role in ("filler", "mark") or t.role == "reference" or _file_name(t, context) for t in inside):
        return True
    share = not named and any(token.unit == "%" for token in inside) and not others
    except_it = tokens[span.start].says("except_or_but")
    return not others and ((named and (told or bare or except_it)) or share)


def _aspect(token: Token, context: Context) -> Aspect | None:
    """What of a reference a token names."""
    return _named(context.lexicon.aspects).get(token.spelt)


def _named(aspects: Mapping[str, tuple[str, ...]]) -> dict[str, Aspect]:
    return {word: aspect for aspect in PARTS for word in aspects.get(aspect, ())}


def _intent(
    taken: list[range], tokens: list[Token], heard: list[Token], context: Context
) -> tuple[Intent, tuple[str, ...]]:
    said = _Said()
    for number, span in enumerate(taken):
        _hear([tokens[index] for index in span], said, context, first=number == 0)
    places = [token.subject for token in heard if token.role == "place"]
    given: dict[str, float | str] = {str(name): amount for name, amount in said.amounts.items()}
    if said.only:
        given |= {aspect: said.amounts.get(aspect, 0.0) for aspect in ASPECTS}
    if said.louder_db:
        given["louder_db"] = said.louder_db
    text = " ".join(token.text for token in heard if token.text not in (",", ".", "\n")).strip()
    intent = Intent(
        operation="match",
        amount=said.all_of_it,
        where=places[0] if places else context.main,
        given=given,
        words=text,
    )
    return intent, tuple(said.spare)


def _hear(span: list[Token], said: _Said, context: Context, first: bool) -> None:
    """One stretch: shares and aspects in the order spoken; behind "not", "without" or "keep" an aspect is left out."""
    negated = not first and span[0].says("except")
    shares: list[float] = []
    wanted: list[Aspect] = []
    whole = False
    louder = next((_LOUDER[token.role] for token in span if token.role in _LOUDER), None)
    for token in span:
        aspect = _aspect(token, context)
        negated = negated or token.role in _NEGATED
        whole = whole or token.role == "everything" or token.says("all_of_it")
        if aspect is None and first and token.role in ("louder", "quieter"):
            aspect = "loudness"
        share = _share(token, context)
        if aspect is not None and negated:
            said.amounts[aspect] = 0.0
        elif aspect is not None:
            wanted.append(aspect)
        elif share is not None:
            shares.append(share)
        elif louder is not None and _decibels(token):
            said.louder_db += token.middle if token.signed else louder * abs(token.middle)
        elif _level(token):
            continue
        elif token.role == "quantity" or (token.role == "unknown" and not _file_name(token, context)):
            said.spare.append(token.text)
    if not wanted and shares:
        said.all_of_it = shares[0]
    if not shares and first and _HOW in wanted:  # "match the reference with a limiter": as usual
        wanted.remove(_HOW)
    paired = shares if len(shares) == len(wanted) else [shares[0] if shares else 1.0] * len(wanted)
    said.amounts.update(dict(zip(wanted, paired, strict=True)))
    only = any(token.says("only") for token in span) and not shares
    properties = any(aspect != _HOW for aspect in wanted)
    said.only = said.only or (properties and not whole and (first or only))


def _level(token: Token) -> bool:
    return token.role == "quantity" and token.unit in ("lufs", "dbtp")


def _decibels(token: Token) -> bool:
    return token.role == "quantity" and token.unit in ("db", "lu")


def _share(token: Token, context: Context) -> float | None:
    if token.role == "quantity" and token.unit == "%":
        return min(1.0, max(0.0, token.middle / 100))
    if token.role == "degree":
        return min(1.0, max(0.0, token.meaning.number))
    number = context.lexicon.numbers.get(token.spelt)
    return number if number is not None and 0 < number < 1 else None


def _file_name(token: Token, context: Context) -> bool:
    """Whether a word is part of the reference's file name."""
    sources = context.reference.sources if context.reference is not None else ()
    return any(token.text in source.name.lower() for source in sources)
