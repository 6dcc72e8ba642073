"""What a frame wants of its subject: more, less, gone, kept or not to come about, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bridge.planning.frames import Frame

Wish = Literal["do", "remove", "forbid", "keep"]
STRONGEST = 2.0


@dataclass(frozen=True)
class Polarity:
    """sign: +1 more, -1 less. said: whether a word said so, so that the next clause may inherit it.

    forbid: the subject must not come about ("but not muddy"); keep: it must stay as it is.
    """

    wish: Wish
    sign: int
    amount: float
    said: bool


def polarity(frame: Frame, beside_a_wish: bool) -> Polarity:
    """beside_a_wish: whether the request has already asked for something, so that "not muddy" guards it."""
    amount = min(STRONGEST, frame.degree())
    negated, guarded = frame.has("not", "without"), frame.opener == "but" or frame.has("without")
    if frame.has("keep"):
        return Polarity("keep", 1, amount, True)
    if negated and frame.has("enough"):
        return Polarity("do", 1, amount, True)
    if frame.has("too"):
        return _excess(negated, guarded or beside_a_wish or frame.has("make"), amount)
    if negated:
        return _negated(frame, guarded or beside_a_wish, amount)
    if frame.has("remove"):
        return Polarity("remove", -1, amount, True)
    if frame.has("less"):
        return Polarity("do", -1, amount, True)
    if frame.has("more", "enough"):
        return Polarity("do", 1, amount, True)
    meaning = frame.subject.meaning if frame.subject else None
    return Polarity("do", -1 if meaning and meaning.fault else 1, amount, False)


def _excess(negated: bool, guarded: bool, amount: float) -> Polarity:
    if not negated:
        return Polarity("do", -1, amount, True)
    return Polarity("forbid", 1, amount, True) if guarded else Polarity("do", -1, 0.5 * amount, True)


def _negated(frame: Frame, guarded: bool, amount: float) -> Polarity:
    """ "not less bass" keeps it; "don't make it brighter" and "but not muddy" forbid; "not so harsh" reduces."""
    if frame.has("less", "remove"):
        return Polarity("keep", 1, amount, True)
    if guarded or frame.has("make", "more"):
        return Polarity("forbid", 1, amount, True)
    compared = frame.subject is not None and frame.subject.says("comparative")
    if frame.role() == "effect" or (compared and frame.role() in ("descriptor", "louder")):
        return Polarity("forbid", 1, amount, True)  # of a step that stands there, that takes it out
    if frame.role() == "plugin":
        return Polarity("remove", -1, amount, True)
    return Polarity("do", -1, amount, True)
