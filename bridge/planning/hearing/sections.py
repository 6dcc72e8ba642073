"""Parts of a song by their names -> stretches of time, as far as the measurement found them.

What was found with little confidence is asked about, with the stretches and their times as choices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.planning.context import Context
from bridge.planning.intent import Span
from bridge.planning.tokens import Token

SURE = 0.5
_PLACES = ("first_choice", "second_choice", "third_choice", "fourth_choice")
_LIKE = {"drop": "chorus"}
"""A drop is, as a chorus, the loudest of what comes back."""
_MOST_CHOICES = 8

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Stretches:
    """spans: empty where it must be asked; then question and choices (label, the time in words)."""

    spans: tuple[Span, ...] = ()
    question: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    told: str = ""


def stretches(names: Sequence[str], which: str, words: str, context: Context) -> Stretches:
    """names: of parts ("chorus"). which: the word that says which of them ("second"), or ""."""
    form = _form(context)
    if not form:
        return Stretches(question=f"{words}: from when to when (from 1:05 to 1:20)?")
    wanted = {_LIKE.get(name, name) for name in names}
    found = _joined([part for part in form if part["name"] in wanted])
    place = _place(which, context)
    if place is not None and found:
        found = found[place : place + 1] if place >= 0 else found[place:]
    called = " or ".join(name.replace("_", " ") for name in names)
    if found and all(part["confidence"] >= SURE for part in found):
        spans = tuple(Span(start_s=part["start_s"], end_s=part["end_s"]) for part in found)
        times = ", ".join(_time(part) for part in found)
        return Stretches(spans, told=f"{words}: by the sound, that is {times}.")
    if found:
        asked = f"{words}: I am not sure which part is the {called}. Which of these?"
        return Stretches(question=asked, choices=_choices(form))
    asked = f"{words}: no {called} could be told in the sound. From when to when, or which of these parts?"
    return Stretches(question=asked, choices=_choices(form))


def _form(context: Context) -> Sequence[Found]:
    """Of the mix where there is one, else of the sound or stem with the most parts."""
    sounds = [context.mix] if context.mix is not None else list(context.analyses.values())
    forms: list[Sequence[Found]] = [sound.curves.get("form", ()) for sound in sounds]
    return max(forms, key=len, default=())


def _joined(parts: list[Found]) -> list[dict[str, Any]]:
    """Neighbours of one name are one stretch."""
    out: list[dict[str, Any]] = []
    for part in parts:
        if out and abs(out[-1]["end_s"] - part["start_s"]) < 0.05 and out[-1]["name"] == part["name"]:
            out[-1]["end_s"] = part["end_s"]
            out[-1]["confidence"] = min(out[-1]["confidence"], part["confidence"])
        else:
            out.append(dict(part))
    return out


def _place(which: str, context: Context) -> int | None:
    if not which:
        return None
    answers = context.lexicon.answers
    if which in answers.get("last_choice", ()) or context.lexicon.little_words.has(which, "last"):
        return -1
    return next((index for index, name in enumerate(_PLACES) if which in answers.get(name, ())), None)


def _choices(form: Sequence[Found]) -> tuple[tuple[str, str], ...]:
    """The parts that come back first, each with its time."""
    joined = _joined([dict(part, name=part["name"] or part["label"]) for part in form])
    labels = [part["label"] for part in joined]
    known = sorted(joined, key=lambda part: (-labels.count(part["label"]), part["start_s"]))[:_MOST_CHOICES]
    return tuple(
        (f"{_time(part)}{_called(part, labels.count(part['label']))}", _time(part, "from "))
        for part in sorted(known, key=lambda part: float(part["start_s"]))
    )


def _called(part: Found, count: int) -> str:
    name = str(part["name"]).replace("_", " ") if len(str(part["name"])) > 1 else ""
    notes = [f"maybe the {name}"] if name else []
    notes += [f"comes {count} times"] if count > 1 else []
    return f" ({', '.join(notes)})" if notes else ""


def _time(part: Found, before: str = "") -> str:
    return f"{before}{clock(part['start_s'])} to {clock(part['end_s'])}"


def clock(seconds: float) -> str:
    """ "1:05.3"."""
    minutes, rest = divmod(round(seconds, 2), 60)
    return (
        f"{int(minutes)}:{rest:05.2f}".rstrip("0").rstrip(".")
        if rest % 1
        else f"{int(minutes)}:{int(rest):02d}"
    )


def which_of(tokens: Sequence[Token], index: int) -> Token | None:
    """The word before a part's name that may say which: "the second verse"."""
    before = tokens[index - 1] if index else None
    if before is not None and before.role == "filler" and index > 1 and before.says("definite"):
        return None
    return before if before is not None and before.role in ("unknown", "filler") else None
