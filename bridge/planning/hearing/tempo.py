""" "10 % faster", "slow down to 90 BPM", "stretch to 3:30", "half speed" -> a time stretch."""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS
from bridge.planning.given import Given
from bridge.planning.tokens import Token

PLAIN = 0.05
"""How much "faster" is where nobody says how much: what a band feels as another take, and no more."""

_SLOWEST_BPM = 30.0
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
    if bpm is not None and named and bpm.middle < _SLOWEST_BPM:
        return {}, (), _QUESTION  # "12 BPM faster" is no tempo to arrive at
    if bpm is not None:
        return _by_tempo(bpm, named), (bpm,), ""
    if speed is not None:
        return {"speed": speed.meaning.number}, (speed,), ""
    return _by_number(clause, named) if named else None


_MADE = ("polite", "make", "filler", "at", "mark")


def hear_length(clause: Clause, alone: bool) -> Heard | None:
    """ "make it last 5 seconds", "fit it to 30 s", "make it 10 seconds long"; None where no length of all is meant.

    alone: nothing else was asked for, so that "make it 2 minutes" can mean nothing else.
    """
    tokens = clause.tokens
    lengths = [t for t in tokens if t.role == "quantity" and t.unit in ("s", "ms", "time") and t.value > 0]
    if len(lengths) != 1 or lengths[0].high is not None or any(token.role in SUBJECTS for token in tokens):
        return None
    at = tokens.index(lengths[0])
    before, behind = tokens[:at], tokens[at + 1 : at + 2]
    made = any(token.role in ("polite", "make") for token in before)
    lasts = [i for i, token in enumerate(before) if token.says("lasts")]
    said = [
        *(token for token in (*before, *behind) if token.says("fits", "lasting")),
        *(before[i] for i in lasts),
    ]
    lasting = bool(lasts) and lasts[0] > 0 and not before[lasts[0] - 1].says("of_a_part")
    fitting = any(token.says("fits") for token in before)
    long = made and bool(behind) and behind[0].says("lasting")
    bare = alone and made and all(token.role in _MADE for token in tokens if token is not lengths[0])
    if not (fitting or lasting or long or bare):
        return None
    if any(t.role in ("parameter", "section", "setting", "unknown") and t not in said for t in tokens):
        return None
    return {"length_s": lengths[0].value / (1000 if lengths[0].unit == "ms" else 1)}, (lengths[0], *said), ""


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
