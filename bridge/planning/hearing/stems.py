"""Wishes for stems together: "balance the stems", "make room for the vocal in the guitars", "align the room mics"."""

from __future__ import annotations

from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.hearing.ear import Ear
from bridge.planning.place import INPUT, MIX
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token


def hear_balance(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if wish.wish != "keep":
        ear.add(_everywhere(ear, frame), "balance", "", abs(wish.amount))
    return []


def hear_unmask(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """The first stem that is named gets the room, the others make it; nobody is named: the voice, if there is one."""
    places = _places(frame)
    where = _at(frame, (places[0] if places else ear.context.main,))
    given: Given = {"in": "|".join(places[1:])} if places[1:] else {}
    ear.add(where, "unmask", "", abs(wish.amount), given)
    return []


def hear_align(ear: Ear, frame: Frame, given: Given) -> None:
    """By a time that is said ("2 ms earlier"); else the last stem that is named stays, the others are moved onto it."""
    if "shift_ms" in given:
        shift_ms = float(given["shift_ms"])
        ear.add(
            frame, "effect", "align", 1.0, {"shift_ms": -abs(shift_ms) if frame.has("earlier") else shift_ms}
        )
        return
    places = _places(frame)
    if len(places) < 2:
        to: Given = {"to": places[0]} if places else {}
        ear.add(_everywhere(ear, frame), "align", "", 1.0, to)
        return
    for place in places[:-1]:
        ear.add(_at(frame, (place,)), "align", "", 1.0, {"to": places[-1]})


def _places(frame: Frame) -> list[str]:
    """Stems named in this clause, in the order spoken."""
    return [name for name in frame.wheres if name not in (MIX, INPUT)]


def _everywhere(ear: Ear, frame: Frame) -> Frame:
    return _at(frame, (ear.context.main,))


def _at(frame: Frame, wheres: tuple[str, ...]) -> Frame:
    return Frame(frame.subject, frame.tokens, frame.opener, frame.text, frame.confidence, wheres)
