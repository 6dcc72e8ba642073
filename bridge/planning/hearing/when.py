"""Where in time a clause speaks of: "from 1:05 to 1:20", "the last 10 seconds", "the chorus"."""

from __future__ import annotations

from dataclasses import replace

from bridge.planning.clauses import Clause
from bridge.planning.context import Context
from bridge.planning.hearing.ear import BARE, Ear, When
from bridge.planning.hearing.sections import clock, stretches, which_of
from bridge.planning.intent import Intent, Span
from bridge.planning.tokens import Token

_OF_ALL = ("target", "loudness", "match", "staging")
"""Wishes for the finished sound: "in the chorus, more reverb and -14 LUFS"."""

_IN_TIME = ("section", "above", "below")


def when(clause: Clause, context: Context) -> When | None:
    """The stretch that a clause is about; None where it speaks of no time."""
    for found, used in (_between(clause, context), _edge(clause, context), _bars(clause, context)):
        if used:
            return When((found,) if found else (), used, clause.text)
    named = [index for index, token in enumerate(clause.tokens) if token.role == "section"]
    return _sections(clause, named, context) if named else None


def _sections(clause: Clause, named: list[int], context: Context) -> When:
    """Names of parts, with the word that says which ("the second verse")."""
    which = which_of(clause.tokens, named[0])
    said = tuple(clause.tokens[index] for index in named)
    found = stretches(
        list(dict.fromkeys(token.subject for token in said)),
        which.text if which else "",
        clause.text,
        context,
    )
    used = (which, *said) if which is not None else said
    return When(found.spans, used, clause.text, found.question, found.choices, found.told)


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
    ear.ask(stretch.question or f"{stretch.words}: from when to when (from 1:05 to 1:20)?", *stretch.choices)


def settle(ear: Ear, stretch: When, first: int) -> None:
    """The wishes from `first` on happen then; where it is not known when, they do not happen everywhere instead."""
    length = length_s(ear.context)
    if stretch.spans and length and stretch.spans[0].start_s >= length:
        ear.forget(first)
        ear.ask(f"{stretch.words}: the sound ends at {clock(length)}. From when to when?")
        return
    if not stretch.spans:
        ear.unplaced = ear.intents[first:]
        ear.forget(first)
        ask(ear, stretch)
        return
    ear.intents[first:] = [
        wish if span is None else wish.model_copy(update={"span": span})
        for wish in ear.intents[first:]
        for span in ((None,) if _of_all(wish) else stretch.spans)
    ]
    ear.warnings += [stretch.told] if stretch.told else []


def _of_all(wish: Intent) -> bool:
    return wish.operation in _OF_ALL or wish.subject in _OF_ALL


def _between(clause: Clause, context: Context) -> tuple[Span | None, tuple[Token, ...]]:
    """ "from 1:05 to 1:20", "from 2 to 4 seconds": two times, or a range of them; one time alone is half a stretch,
    but for "until 0:45", "after 0:30" and "from 1:30 on"."""
    times = tuple(t for i, t in enumerate(clause.tokens) if _is_time(clause, i))
    if len(times) >= 2 and times[1].value > times[0].value:
        return Span(start_s=times[0].value, end_s=times[1].value), (*times[:2], *_beside(clause, times))
    if len(times) == 1 and (open_ended := _open(clause, times[0], context)):
        return open_ended, (times[0], *_beside(clause, times))
    if times:
        return None, times
    if _has_parameter(clause) or not any(t.says("from", "between") for t in clause.tokens):
        return None, ()
    for token in clause.tokens:
        seconds = token.role == "quantity" and token.unit == "s"
        if seconds and token.high is not None and 0 <= token.value < token.high:
            return Span(start_s=token.value, end_s=token.high), (token,)
    return None, ()


def _is_time(clause: Clause, index: int) -> bool:
    """A time of the clock; beside one of these, or behind "after", seconds are one too."""
    token = clause.tokens[index]
    if (
        token.role != "quantity"
        or token.unit not in ("time", "s")
        or token.high is not None
        or token.value < 0
    ):
        return False
    if token.unit == "time":
        return True
    before = next((t for t in reversed(clause.tokens[:index]) if t.role != "filler" or t.says("since")), None)
    clock = any(t.role == "quantity" and t.unit == "time" for t in clause.tokens)
    return clock or (before is not None and before.says("since", "until") and not _has_parameter(clause))


def _beside(clause: Clause, times: tuple[Token, ...]) -> tuple[Token, ...]:
    """Little words that say how a time is meant."""
    out = []
    for index, token in enumerate(clause.tokens):
        after = next((t for t in clause.tokens[index + 1 :] if t.role != "filler"), None)
        before = clause.tokens[index - 1] if index else None
        ahead = token.says("until", "since") and any(after is time for time in times)
        if ahead or (token.says("onwards") and any(before is time for time in times)):
            out.append(token)
    return tuple(out)


def _open(clause: Clause, time: Token, context: Context) -> Span | None:
    beside = _beside(clause, (time,))
    if any(token.says("until") for token in beside) and time.value > 0:
        return Span(start_s=0.0, end_s=time.value)
    end_s = length_s(context)
    return Span(start_s=time.value, end_s=end_s) if beside and end_s > time.value else None


def _bars(clause: Clause, context: Context) -> tuple[Span | None, tuple[Token, ...]]:
    """ "the last bar", "the first 8 bars", by the tempo that was measured and four beats to a bar."""
    for index, token in enumerate(clause.tokens):
        if not token.says("bars") or index == 0:
            continue
        before = clause.tokens[index - 1]
        counted = before.role == "quantity" and not before.unit
        edge = clause.tokens[index - 2] if counted and index > 1 else before
        if not edge.says("first", "last"):
            continue
        used = (edge, before, token) if counted else (edge, token)
        bar_s, end_s = _bar_s(context), length_s(context)
        length = bar_s * (before.value if counted else 1)
        if not 0 < length <= max(end_s, length if edge.says("first") else 0):
            return None, used
        if edge.says("first"):
            return Span(start_s=0.0, end_s=round(length, 3)), used
        return Span(start_s=round(end_s - length, 3), end_s=end_s), used
    return None, ()


_BEATS = 4


def _bar_s(context: Context) -> float:
    """Of the mix or the sound; 0 where no tempo was measured."""
    sounds = [context.mix] if context.mix is not None else list(context.analyses.values())
    tempo = next((bpm for sound in sounds if (bpm := sound.number("tempo"))), 0.0)
    return 60 * _BEATS / tempo if tempo else 0.0


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
