"""Where in time a clause speaks of: "from 1:05 to 1:20", "the last 10 seconds", "the chorus"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import Clause
from bridge.planning.context import Context
from bridge.planning.hearing.ear import BARE, Ear, When
from bridge.planning.intent import Span
from bridge.planning.tokens import Token

_IN_TIME = ("section", "above", "below")


def when(clause: Clause, context: Context) -> When | None:
    """The stretch that a clause is about; None where it speaks of no time."""
    for found, used in (_between(clause), _edge(clause, context)):
        if used:
            return When(found, used, clause.text)
    sections = _sections(clause)
    return When(None, sections, clause.text) if sections else None


def _sections(clause: Clause) -> tuple[Token, ...]:
    """Names of sections, with the word that says which ("the second verse")."""
    out: list[Token] = []
    for index, token in enumerate(clause.tokens):
        if token.role != "section":
            continue
        if index and clause.tokens[index - 1].role == "unknown":
            out.append(clause.tokens[index - 1])
        out.append(token)
    return tuple(out)


def without(clause: Clause, stretch: When) -> Clause:
    """The clause without the words that say when."""
    kept = tuple(t for t in clause.tokens if not any(t is other for other in stretch.used))
    return replace(clause, tokens=kept, said=clause.text)


def nothing_else(clause: Clause) -> bool:
    """Whether a clause without its time holds no wish: "in the chorus, more reverb"."""
    return all(token.role in BARE or token.role in _IN_TIME for token in clause.tokens) and not any(
        token.role in ("more", "less", "too", "not", "make") for token in clause.tokens
    )


def ask(ear: Ear, stretch: When) -> None:
    ear.ask(f"{stretch.words}: from when to when (from 1:05 to 1:20)?")


def settle(ear: Ear, stretch: When, first: int) -> None:
    """The wishes from `first` on happen then; where it is not known when, they do not happen everywhere instead."""
    if stretch.span is None:
        del ear.intents[first:]
        ask(ear, stretch)
    else:
        ear.intents[first:] = [i.model_copy(update={"span": stretch.span}) for i in ear.intents[first:]]


def _between(clause: Clause) -> tuple[Span | None, tuple[Token, ...]]:
    """ "from 1:05 to 1:20", "from 2 to 4 seconds": two times, or a range of them; one time alone is half a stretch."""
    times = tuple(t for t in clause.tokens if t.role == "quantity" and t.unit == "time")
    if len(times) >= 2 and times[1].value > times[0].value:
        return Span(start_s=times[0].value, end_s=times[1].value), times[:2]
    if times:
        return None, times
    if _has_parameter(clause) or not any(t.says("from", "between") for t in clause.tokens):
        return None, ()
    for token in clause.tokens:
        seconds = token.role == "quantity" and token.unit == "s"
        if seconds and token.high is not None and 0 <= token.value < token.high:
            return Span(start_s=token.value, end_s=token.high), (token,)
    return None, ()


def _edge(clause: Clause, context: Context) -> tuple[Span | None, tuple[Token, ...]]:
    """ "the first second", "the first 2 seconds", "the last 10 s" of a sound whose length is known."""
    for index, token in enumerate(clause.tokens[1:], 1):
        before = clause.tokens[index - 1]
        if token.says("one_second") and before.says("first"):
            return Span(start_s=0.0, end_s=1.0), (before, token)
        if token.role != "quantity" or token.unit != "s" or token.value <= 0 or _has_parameter(clause):
            continue
        if before.says("first"):
            return Span(start_s=0.0, end_s=token.middle), (before, token)
        if before.says("last"):
            length = length_s(context)
            span = Span(start_s=max(0.0, round(length - token.middle, 3)), end_s=length) if length else None
            return span, (before, token)
    return None, ()


def _has_parameter(clause: Clause) -> bool:
    return any(token.role == "parameter" for token in clause.tokens)


def length_s(context: Context) -> float:
    """Of the sound, or of the longest stem; 0 where it is not known."""
    lengths = [a.frames / a.rate for a in context.analyses.values() if a.rate and a.frames]
    return round(max(lengths, default=0.0), 3)
