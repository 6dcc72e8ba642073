""" "up two semitones", "an octave down", "tune it down 32 cents", "from 440 to 432 Hz" -> a pitch shift."""

from __future__ import annotations

import re
from functools import lru_cache

from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS
from bridge.planning.given import Given
from bridge.planning.particles import Particles
from bridge.planning.tokens import Token

_CONCERT_HZ = (400.0, 480.0)
"""Where anybody has ever put the A."""

_QUESTION = "How much: semitones (up two semitones), cents, or a concert pitch (432 Hz)?"

Heard = tuple[Given, tuple[Token, ...], str]


def hear_pitch(clause: Clause) -> Heard | None:
    """Semitones or cents; None where the clause speaks of no pitch."""
    off = _out_of_tune(clause)
    if _others(clause) and not off:
        return None
    formants = next((t for t in clause.tokens if t.role == "setting" and t.subject == "keep_formants"), None)
    kept: Given = {} if formants is None else {"keep_formants": formants.meaning.number}
    beside = tuple(token for token in clause.tokens if token.says("lower", "higher", "too_low", "too_high"))
    beside += () if formants is None else (formants,)
    for token in clause.tokens:
        if token.role == "setting" and token.subject == "semitones":
            return kept | {"semitones": _sign(clause) * token.meaning.number}, (token, *beside), ""
        if token.role == "quantity" and token.unit in ("st", "cents"):
            return kept | _interval(clause, token), (token, *beside), ""
    if any(token.role == "pitch" for token in clause.tokens):
        return (kept, beside, "") if kept else ({}, (), _QUESTION)
    return None


_LETTERS = "abcdefg"


@lru_cache(maxsize=8)
def _key_pattern(lexicon: Particles) -> re.Pattern[str]:
    """ "F# minor", "B flat major"; names of notes of its own a language has among its particles ("fis=F#")."""
    notes = sorted((*_named_notes(lexicon), *_LETTERS), key=lambda name: -len(name))
    signs = "|".join(re.escape(sign) for sign in ("#", *sorted(lexicon.all("sharp", "flat"), reverse=True)))
    scales = "|".join(re.escape(word) for word in sorted(lexicon.all("major", "minor")))
    return re.compile(rf"\b({'|'.join(map(re.escape, notes))})\s?({signs})?\s({scales})\b")


def _named_notes(lexicon: Particles) -> dict[str, str]:
    pairs = (each.partition("=") for each in lexicon.said.get("notes", ()))
    return {name: note for name, _, note in pairs}


_FLATS = {
    "D#": "Eb", "G#": "Ab", "A#": "Bb", "Db": "C#", "Gb": "F#", "E#": "F", "B#": "C", "Cb": "B", "Fb": "E",
}  # fmt: skip
_REFUSED = ("remove", "not", "without", "less", "keep")


def hear_correction(clause: Clause, going_on: bool = False) -> Heard | None:
    """ "autotune the vocal in F# minor, 50 %": settings of a pitch corrector; None where none is asked for.

    going_on: one was asked for in the clause before ("..., C minor")."""
    named = [t for t in clause.tokens if t.role == "effect" and t.subject == "pitch_corrector"]
    if not named and not (going_on and _key_pattern(clause.tokens[0].little).search(clause.text)):
        return None
    if any(token.role in _REFUSED for token in clause.tokens):
        return None
    given: Given = {}
    used = [*named]
    little = clause.tokens[0].little
    key = _key_pattern(little).search(clause.text)
    if key is not None:
        sign = "#" if key[2] == "#" or little.has(key[2] or "", "sharp") else "b" if key[2] else ""
        tonic = _named_notes(little).get(key[1], key[1].upper()) + sign
        scale = "major" if little.has(key[3], "major") else "minor"
        given |= {"tonic": _FLATS.get(tonic, tonic), "scale": scale}
        used += [token for token in clause.tokens if token.role == "unknown" and token.text in key[0].split()]
    for token in clause.tokens:
        if token.role == "quantity" and token.unit == "%":
            given["strength"] = min(1.0, token.middle / 100)
            used.append(token)
        elif token.role == "quantity" and token.unit == "ms":
            given["retune_ms"] = token.middle
            used.append(token)
    return given, tuple(used), ""


def _others(clause: Clause) -> bool:
    """Whether anything else is spoken of; "two semitones deeper" is no word of taste."""
    units = {token.unit for token in clause.tokens if token.role == "quantity"}
    gains, measured = bool(units & {"db", "lu", "ms"}), bool(units & {"st", "cents"})
    others = (token for token in clause.tokens if token.role in SUBJECTS and token.role != "everything")
    return gains or any(not (measured and token.says("lower", "higher")) for token in others)


def _interval(clause: Clause, token: Token) -> Given:
    value = token.middle if token.signed else _sign(clause) * token.middle
    if token.unit == "st":
        return {"semitones": value}
    whole = float(int(value / 100))
    return {"semitones": whole, "cents": round(value - 100 * whole, 3)}


def _out_of_tune(clause: Clause) -> int:
    """ "30 cents flat" wants up, "a quarter tone sharp" down; 0 where neither is told of a sound that is so."""
    interval = any(t.unit in ("st", "cents") or t.subject == "semitones" for t in clause.tokens)
    for index, token in enumerate(clause.tokens):
        before = clause.tokens[index - 1] if index else None
        of_it = before is not None and (before.unit in ("st", "cents") or before.subject == "semitones")
        if interval and of_it and token.says("too_low", "too_high"):
            tells = any(each.named("copula") for each in clause.tokens[:index])
            return (1 if token.says("too_low") else -1) if tells else 0
    return 0


def _sign(clause: Clause) -> int:
    if off := _out_of_tune(clause):
        return off
    down = any(token.role in ("less", "remove") or token.says("lower") for token in clause.tokens)
    return -1 if down else 1


def hear_tuning(clause: Clause) -> Heard | None:
    """ "from 440 to 432 Hz", "tune it to 432 Hz": another A."""
    named = any(token.role == "pitch" for token in clause.tokens)
    if _others(clause):
        return None
    for token in clause.tokens:
        if token.role != "quantity" or token.unit != "hz":
            continue
        ends = [token.value] if token.high is None else [token.value, token.high]
        if not all(_CONCERT_HZ[0] <= each <= _CONCERT_HZ[1] for each in ends) or (
            len(ends) == 1 and not named
        ):
            continue
        if len(ends) == 1:
            return {"to_hz": ends[0]}, (token,), ""
        falling = token.text.startswith(f"{max(ends):g}")
        first, last = (max(ends), min(ends)) if falling else (min(ends), max(ends))
        return {"from_hz": first, "to_hz": last}, (token,), ""
    return None
