"""Stems that a request leaves out: "high-pass everything but the bass and drums", "drums 2 dB up except the hats"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import cut
from bridge.planning.context import Context
from bridge.planning.phrases import Meaning
from bridge.planning.tokens import Token


def without_exceptions(tokens: list[Token], context: Context) -> list[Token]:
    """The same request with the stems that are left named one by one."""
    if len(context.analyses) < 2:
        return tokens
    for index, token in enumerate(tokens):
        if token.says("except_or_but"):
            end = _end(tokens, index + 1)
            out = {stem for each in tokens[index + 1 : end] for stem in _stems(each, context)}
            start = _whole(tokens, index)
            if out and (start is not None or not token.says("but")):
                return _left(tokens, (index, end), start, out, context)
    return tokens


def _end(tokens: list[Token], start: int) -> int:
    """Behind the last stem of those that are named one after the other from there."""
    end = start
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.role == "place":
            end = index + 1
        elif token.role != "filler" and cut(token) not in ("and", ","):
            break
    return end


def _stems(token: Token, context: Context) -> tuple[str, ...]:
    if token.role != "place":
        return ()
    return context.groups.get(token.subject, (token.subject,) if token.subject in context.analyses else ())


def _whole(tokens: list[Token], index: int) -> int | None:
    """What the exception is from: "everything", or a group of stems, right before it."""
    before = [at for at in range(index) if tokens[at].role not in ("filler", "mark")]
    if not before:
        return None
    last = before[-1]
    return last if tokens[last].role in ("everything", "place") or tokens[last].says("all_of_it") else None


def _left(
    tokens: list[Token], exception: tuple[int, int], start: int | None, out: set[str], context: Context
) -> list[Token]:
    first, end = exception
    named = start
    if named is None:
        named = next((at for at in range(first - 1, -1, -1) if tokens[at].role == "place"), None)
    of = _stems(tokens[named], context) if named is not None else ()
    stems = [name for name in (of or context.analyses) if name not in out]
    model = tokens[named] if named is not None else tokens[first]
    places = [
        replace(
            model,
            role="place",
            meaning=Meaning("place", stem),
            text=model.text if not position else "",
            plain="",
        )
        for position, stem in enumerate(stems)
    ]
    kept = [*tokens[:first], *tokens[end:]]
    if named is None:
        return [*kept[:first], *places, *kept[first:]]
    return [*kept[:named], *places, *kept[named + 1 :]]
