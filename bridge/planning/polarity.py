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
    if _has_none(frame):
        return Polarity("do", 1, amount, True)
    if _lies_up_there(frame):
        return Polarity("do", -1, amount, True)
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


def _has_none(frame: Frame) -> bool:
    """ "The kick has no punch", "der Kick hat keinen Punch", "no tiene pegada": what is not there is missed."""
    subject = frame.subject
    if subject is None or frame.role() not in ("descriptor", "area") or subject.meaning.fault:
        return False
    before = frame.tokens[: [token is subject for token in frame.tokens].index(True)]
    if any(token.role in ("make", "too", "more", "less") or token.says("asking") for token in before):
        return False
    beside = [index for index, token in enumerate(before) if token.role in ("not", "remove", "without")]
    owns = [index for index, token in enumerate(before) if any(token.named("owns"))]
    return any(abs(one - two) <= 1 for one in beside for two in owns)


def _lies_up_there(frame: Frame) -> bool:
    """ "It's a little sharp up there around 4k": "up" behind a fault says where it lies, and asks for no more of it."""
    subject = frame.subject
    if subject is None or not subject.meaning.fault or not frame.quantities("hz"):
        return False
    at = [token is subject for token in frame.tokens].index(True)
    raised = [index for index, token in enumerate(frame.tokens) if token.role in ("more", "less", "enough")]
    return bool(raised) and min(raised) > at and not frame.has("make", "too", "not", "without")


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
