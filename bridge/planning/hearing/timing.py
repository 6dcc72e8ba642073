"""Tempo, pitch, fades and cuts: wishes about time and pitch, heard clause by clause before all others.

They have a grammar of their own: "10 % faster", "up two semitones", "from 440 to 432 Hz", "fade out over the last 5 s",
"keep only 0:30 to 1:00". What else a clause asks for is heard as always.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bridge.planning.clauses import Clause
from bridge.planning.frames import SUBJECTS, Frame, confidence
from bridge.planning.given import Given
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.edges import hear_cut, hear_fade
from bridge.planning.hearing.pitch import hear_correction, hear_pitch, hear_tuning
from bridge.planning.hearing.tempo import hear_length, hear_tempo
from bridge.planning.hearing.when import settle, when
from bridge.planning.tokens import Token


@dataclass(frozen=True)
class Found:
    """A wish: for which effect, with which numbers, said by which tokens. question: what is missing."""

    effect: str
    given: Given
    used: tuple[Token, ...]
    question: str = ""


Listener = Callable[[Clause, Ear], "Found | None"]

_OWN = frozenset(("fade_in", "fade_out", "fade", "trim", "crop", "faster", "slower", "stretch", "pitch"))
_LEFT = frozenset(
    ("filler", "mark", "at", "more", "less", "remove", "make", "sound", "keep", "degree", "both_ends")
)


def hear_timing(ear: Ear, clause: Clause) -> Clause | None:
    """Adds what the clause asks of time and pitch. What is left of the clause, None where nothing is.

    A clause in which another effect is spoken of ("a delay at 120 BPM") keeps its numbers.
    """
    listeners: tuple[Listener, ...] = (
        _correction, _cut, _fade, _tempo, _lasting, _tuning, _pitch, _moved, _delayed,
    )  # fmt: skip
    for listen in listeners:
        found = listen(clause, ear)
        if found is None:
            continue
        if found.question and not _forbidden(clause):
            ear.ask(found.question)
        elif not _forbidden(clause):
            found = _then(ear, clause, found)
        ear.latest = max(0, len(ear.intents) - 1)
        rest = _without(clause, found.used)
        return (
            rest if any(token.role in SUBJECTS or token.role == "unknown" for token in rest.tokens) else None
        )
    return clause


def _then(ear: Ear, clause: Clause, found: Found) -> Found:
    """Adds the wish, for the stretch of time that the clause says beside it."""
    first = len(ear.intents)
    ear.add(_frame(clause), "effect", found.effect, 1.0, found.given)
    stretch = when(clause, ear.context) if found.effect in ("time_stretch", "pitch_shift") else None
    if stretch is None or any(token is used for token in found.used for used in stretch.used):
        return found
    settle(ear, stretch, first)
    return replace(found, used=(*found.used, *stretch.used))


def _forbidden(clause: Clause) -> bool:
    """ "don't change the pitch" asks for nothing, and nothing changes it."""
    return any(token.role in ("not", "without") for token in clause.tokens)


def _without(clause: Clause, used: tuple[Token, ...]) -> Clause:
    kept = tuple(
        token
        for token in clause.tokens
        if token.role not in (*_OWN, "everything") and not any(token is other for other in used)
    )
    return replace(clause, tokens=kept, said=clause.text)


def _frame(clause: Clause) -> Frame:
    places = tuple(dict.fromkeys(token.subject for token in clause.tokens if token.role == "place"))
    return Frame(None, list(clause.tokens), clause.opener, clause.text, confidence(clause), places)


def _cut(clause: Clause, ear: Ear) -> Found | None:
    made = hear_cut(clause, ear.context)
    return Found("trim", *made) if made else None


def _fade(clause: Clause, ear: Ear) -> Found | None:
    going_on = bool(ear.intents) and ear.intents[-1].subject == "fade"
    made = hear_fade(clause, ear.context, going_on)
    return Found("fade", *made) if made else None


def _tempo(clause: Clause, ear: Ear) -> Found | None:
    made = hear_tempo(clause)
    return Found("time_stretch", *made) if made else None


def _lasting(clause: Clause, ear: Ear) -> Found | None:
    """Beside another wish "make it 5 seconds long" is a length of that ("add reverb and make it 5 seconds long")."""
    spare = bool(ear.intents) and clause.opener in (",", "and", "+")
    made = None if spare else hear_length(clause, alone=not ear.intents and ear.context.previous is None)
    return Found("time_stretch", *made) if made else None


def _correction(clause: Clause, ear: Ear) -> Found | None:
    going_on = bool(ear.intents) and ear.intents[-1].subject == "pitch_corrector"
    made = hear_correction(clause, going_on)
    return Found("pitch_corrector", *made) if made else None


def _pitch(clause: Clause, ear: Ear) -> Found | None:
    made = hear_pitch(clause)
    return Found("pitch_shift", *made) if made else None


def _moved(clause: Clause, ear: Ear) -> Found | None:
    """ "move the room 2 ms earlier"; without "earlier" or "later", or beside another wish, nothing is moved."""
    verb = next((token for token in clause.tokens if token.says("move")), None)
    way = next((token for token in clause.tokens if token.role in ("earlier", "later")), None)
    length = next((t for t in clause.tokens if t.role == "quantity" and t.unit in ("ms", "s")), None)
    if verb is None or way is None or length is None or any(t.role in SUBJECTS for t in clause.tokens):
        return None
    later_ms = length.middle * (1000 if length.unit == "s" else 1)
    shift_ms = -later_ms if way.role == "earlier" else later_ms
    return Found("align", {"shift_ms": shift_ms}, (verb, way, length))


_MOVED_MS = 50.0
"""Up to so much, "delay the drums by 3 ms" moves them; what comes later is heard as an echo (H. Haas, 1951)."""


def _delayed(clause: Clause, ear: Ear) -> Found | None:
    """ "delay the drums by 3 ms": a verb with what is delayed behind it moves that; "a delay of 3 ms" is an effect."""
    meant = [token for token in clause.tokens if token.role in SUBJECTS]
    numbers = [token for token in clause.tokens if token.role == "quantity"]
    if (
        len(meant) != 1
        or not meant[0].says("delays")
        or len(numbers) != 1
        or numbers[0].unit not in ("ms", "s")
    ):
        return None
    verb, length = clause.tokens.index(meant[0]), clause.tokens.index(numbers[0])
    what = [
        each
        for each in clause.tokens[verb + 1 : length]
        if each.role in ("place", "sound") or each.says("pronoun")
    ]
    later_ms = numbers[0].middle * (1000 if numbers[0].unit == "s" else 1)
    asked = any(token.role in ("more", "less", "use", "remove", "setting") for token in clause.tokens)
    if not what or asked or not 0 < later_ms <= _MOVED_MS:
        return None
    part = next((token.subject for token in what if token.role == "sound"), "")
    if part:
        ear.warnings.append(f"{part}: no stem has that name, so all of the sound is moved.")
    return Found("align", {"shift_ms": later_ms}, (meant[0], numbers[0], *what))


def _tuning(clause: Clause, ear: Ear) -> Found | None:
    made = hear_tuning(clause)
    return Found("pitch_shift", *made) if made else None
