"""Stems that words cannot tell apart: "Vocal" and "vocal", "drum_kit" and "drum kit"."""

from __future__ import annotations

from bridge.planning.context import Context
from bridge.planning.intent import Heard
from bridge.planning.normalise import normalise


def asked_of_twins(heard: Heard, context: Context) -> str | None:
    """The question instead of a guess, where one of such stems is asked for; None where none is."""
    for intent in heard.intents:
        alike = _alike(intent.where, context)
        if len(alike) > 1:
            return (
                f'"{intent.words}": the stems {" and ".join(alike)} have one name in words. '
                "Which one? Give one of them another name."
            )
    return None


def _alike(where: str, context: Context) -> list[str]:
    if where not in context.analyses:
        return []
    said = normalise(where)
    return [name for name in context.analyses if normalise(name) == said]
