"""Targets, chains, choices, impossible wishes, and "more of that"."""

from __future__ import annotations

from bridge.planning.frames import Frame
from bridge.planning.hearing.ear import BACK, MORE_AGAIN, Ear
from bridge.planning.hearing.level import levels
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token


def hear_target(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    ear.add(frame, "target", frame.name)
    absolute = frame.quantities("lufs", "dbtp")
    return levels(ear, frame, wish, absolute) if absolute else _loudness_alone(ear, frame)


_LOUDNESS_LUFS = (-36.0, -6.0)


def _loudness_alone(ear: Ear, frame: Frame) -> list[Token]:
    """ "My podcast to -16": beside a target or a chain a number alone can only be the loudness."""
    low, high = _LOUDNESS_LUFS
    bare = [token for token in frame.quantities("") if token.signed and low <= token.value <= high]
    if len(bare) != 1 or not frame.has("at"):
        return []
    ear.warnings.append(f"{bare[0].text} is read as LUFS.")
    ear.add(frame, "effect", "loudness", 1.0, {"target_lufs": bare[0].value})
    return bare


def hear_chain(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    ear.add(frame, "chain", frame.name, wish.amount)
    absolute = frame.quantities("lufs", "dbtp")
    return levels(ear, frame, wish, absolute) if absolute else _loudness_alone(ear, frame)


def hear_impossible(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if wish.wish not in ("forbid", "keep"):
        entry = ear.context.lexicon.impossible_wish(frame.name)
        ear.impossible.append(f"{frame.text}: {entry.sentence}")
        return list(frame.tokens)
    return []


def hear_choice(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    numbers = frame.quantities("lufs", "dbtp", "dbfs", "db", "")
    if not numbers:
        choice = ear.context.lexicon.choice(frame.name)
        ear.ask(choice.question, *choice.answers.items())
        return []
    peak = {token.subject for token in frame.tokens if token.role == "parameter"} == {"peak_dbtp"}
    if frame.quantities("lufs") or (frame.has("parameter") and not (peak and len(numbers) == 1)):
        return levels(ear, frame, wish, numbers)
    ear.add(frame, "level", "", 1.0, {"peak_dbtp": -abs(numbers[0].middle)})
    return numbers[:1]


def hear_again(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if any(intent.operation == "again" for intent in ear.intents):
        return list(frame.tokens)
    ear.add(frame, "again", "", MORE_AGAIN if wish.sign > 0 else BACK)
    return []


def hear_back(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    if any(intent.operation == "again" for intent in ear.intents):
        return list(frame.tokens)
    ear.add(frame, "again", "", BACK, {"back": 1.0})
    return []
