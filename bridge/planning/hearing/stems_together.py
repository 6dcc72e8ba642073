"""Stems against each other: "tuck the guitars under the vocal", "the vocal on top of the keys", "mute the keys"."""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.frames import Frame, confidence
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.edit_said import degree, said_in

_STEP_DB = 2.0
"""What sets one part behind another without its being lost: twice what ears tell apart in a mix."""
_SILENT_DB = -24.0


def hear_against(ear: Ear, clause: Clause) -> bool:
    """One stem, the word, another stem: the first is the one that moves."""
    places = [at for at, token in enumerate(clause.tokens) if token.role == "place"]
    if len(ear.context.analyses) < 2 or len(places) < 2:
        return False
    if any(token.role in _OTHERS or token.unit == "hz" for token in clause.tokens):
        return False
    between = " ".join(token.text for token in clause.tokens[places[0] + 1 : places[1]] if token.text)
    sign = -1 if _says(ear, between, "under") else 1 if _says(ear, between, "over") else 0
    if not sign:
        return False
    numbers = [t.middle for t in clause.tokens if t.role == "quantity" and t.unit in ("db", "lu", "")]
    step = abs(numbers[0]) if numbers else _STEP_DB * min(2.0, degree(clause))
    moved = (clause.tokens[places[0]].subject,)
    _level(ear, clause, moved, sign * step)
    return True


_OTHERS = frozenset(
    ("effect", "descriptor", "area", "shape", "parameter", "plugin", "repair", "unmask", "balance")
)


def _says(ear: Ear, text: str, name: str) -> bool:
    return any(f" {word} " in f" {text} " for word in ear.context.lexicon.particles.get(name, ()))


def _level(ear: Ear, clause: Clause, places: tuple[str, ...], change_db: float) -> None:
    frame = Frame(None, list(clause.tokens), clause.opener, clause.text, confidence(clause), places)
    ear.latest = len(ear.intents)
    ear.add(frame, "level", "", 1.0 if change_db > 0 else -1.0, {"gain_db": round(change_db, 2)})


def hear_mute(ear: Ear, clause: Clause) -> bool:
    """ "Mute the keys": as far down as gain goes, which is told."""
    places = tuple(dict.fromkeys(token.subject for token in clause.tokens if token.role == "place"))
    if len(ear.context.analyses) < 2 or not places:
        return False
    if not said_in(clause, ear.context.lexicon.edit_phrases).has("mute"):
        return False
    if any(t.role in ("effect", "plugin", "quantity", "descriptor", "area") for t in clause.tokens):
        return False
    _level(ear, clause, places, _SILENT_DB)
    ear.warnings.append(f'"{clause.text}": turned down by {-_SILENT_DB:g} dB, as far as gain goes.')
    return True
