"""Notes in time: how long a note lasts at a tempo, what musicians call it, and which tempo they count."""

from __future__ import annotations

_PLAIN = {4.0: "1/1", 2.0: "1/2", 1.0: "1/4", 0.5: "1/8", 0.25: "1/16", 0.125: "1/32", 0.0625: "1/64"}
_CLOSE = 0.002
"""Of a note's length: "0.333 beats" is meant as a triplet."""

_SLOW_BPM, _FAST_BPM = 70.0, 180.0
"""Where people tap (D. Moelants, "Preferred tempo reconsidered", ICMPC 2002, and what echoes are set to)."""


def tapped_bpm(tempo_bpm: float) -> float:
    """The octave of a measured tempo that people tap: a pattern of eighths is often measured at half its tempo."""
    if tempo_bpm <= 0:
        return tempo_bpm
    while tempo_bpm < _SLOW_BPM:
        tempo_bpm *= 2
    while tempo_bpm > _FAST_BPM:
        tempo_bpm /= 2
    return tempo_bpm


def note_ms(beats: float, tempo_bpm: float) -> float:
    """Milliseconds of a note of `beats` quarter notes; 0.333 and 0.667 are thirds to the last digit."""
    return 60_000.0 * (_named(beats) or (beats, ""))[0] / tempo_bpm


def note_name(beats: float) -> str:
    """ "1/8 dotted", "1/4 triplet", or "0.7 beats" where it has no name."""
    found = _named(beats)
    return found[1] if found else f"{beats:.3g} beats"


def _named(beats: float) -> tuple[float, str] | None:
    """The note that is meant, in quarter notes, and its name."""
    for kind, factor in (("", 1.0), (" dotted", 1.5), (" triplet", 2 / 3)):
        for length, name in _PLAIN.items():
            if abs(beats - factor * length) <= _CLOSE * beats:
                return factor * length, f"{name}{kind}"
    return None
