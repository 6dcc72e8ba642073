""" "10 % faster", "slow down to 90 BPM", "stretch to 3:30", "half speed" -> a time stretch."""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS
from bridge.planning.given import Given
from bridge.planning.tokens import Token

PLAIN = 0.05
"""How much "faster" is where nobody says how much: what a band feels as another take, and no more."""

_QUESTION = "How fast: a tempo (90 BPM), a part (10 % faster) or a length (3:30)?"

Heard = tuple[Given, tuple[Token, ...], str]


def hear_tempo(clause: Clause) -> Heard | None:
    """Numbers for a time stretch; None where the clause speaks of no tempo."""
    tokens = clause.tokens
    named = next((token.role for token in tokens if token.role in ("faster", "slower", "stretch")), "")
    speed = next((token for token in tokens if token.role == "setting" and token.subject == "speed"), None)
    bpm = next((token for token in tokens if token.role == "quantity" and token.unit == "bpm"), None)
    if any(token.role in SUBJECTS for token in tokens) and not (named in ("faster", "slower") or speed):
        return None
    if bpm is not None:
        return _by_tempo(bpm, named), (bpm,), ""
    if speed is not None:
        return {"speed": speed.meaning.number}, (speed,), ""
    return _by_number(clause, named) if named else None


def _by_tempo(bpm: Token, named: str) -> Given:
    """ "from 120 to 90 BPM" says both; a range is kept in order of size, so its words say which came first.

    "slow down to 90 BPM" says which way as well, whatever octave of the tempo was measured.
    """
    if bpm.high is None:
        way = {"slower": -1.0, "faster": 1.0}.get(named)
        return {"to_bpm": bpm.value} if way is None else {"to_bpm": bpm.value, "way": way}
    fast, slow = max(bpm.value, bpm.high), min(bpm.value, bpm.high)
    first = bpm.text.split()[0]
    rising = first.replace(".", "", 1).isdigit() and float(first) == slow
    return {"from_bpm": slow if rising else fast, "to_bpm": fast if rising else slow}


def _by_number(clause: Clause, named: str) -> Heard:
    sign = -1 if named == "slower" or any(token.role == "less" for token in clause.tokens) else 1
    for token in clause.tokens:
        if token.role != "quantity" or token.value <= 0:
            continue
        if token.unit == "%":
            return {"speed": round(1 + sign * token.middle / 100, 6)}, (token,), ""
        if token.unit == "x":
            return {"speed": round(token.middle**sign, 6)}, (token,), ""
        if token.unit in ("time", "s", "ms") and named == "stretch":
            return {"length_s": token.value / (1000 if token.unit == "ms" else 1)}, (token,), ""
    if named == "stretch":
        return {}, (), _QUESTION
    degree = 1.0
    for token in clause.tokens:
        degree *= token.meaning.number if token.role == "degree" else 1.0
    return {"speed": round(1 + sign * PLAIN * min(degree, 4.0), 4)}, (), ""
