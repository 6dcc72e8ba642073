"""Wishes on the beat: a note said without a tempo takes the one that was measured, in the octave that people tap."""

from __future__ import annotations

from typing import Any

from bridge.effects import BY_NAME
from bridge.effects.note import tapped_bpm
from bridge.planning.bench import Bench
from bridge.planning.draft import quoted
from bridge.planning.intent import Intent


def in_time(bench: Bench, intent: Intent, given: dict[str, Any]) -> bool:
    """Gives the note of `given` its tempo. False, with the reason on the bench, where none is known.

    A time that was said in milliseconds is no note.
    """
    fields = BY_NAME[intent.subject].model_fields
    if "note_beats" not in fields:
        return True
    if "time_ms" in given and "note_beats" not in given:
        given["note_beats"] = 0.0
        return True
    if "tempo_bpm" in given:
        if "note_beats" not in given:
            given["note_beats"] = 1.0
        return True
    if not given.get("note_beats"):
        return True
    if bench.context.tempo_bpm:
        given["tempo_bpm"] = round(bench.context.tempo_bpm, 2)
        return True
    analysis = bench.context.analysis(intent.where)
    tempo = analysis.number("tempo") if analysis else None
    if tempo is None and (analysis is None or "tempo" not in analysis):
        bench.warnings.append(f'{quoted(intent)}: the tempo was not measured; say it ("at 120 BPM").')
        return True  # whoever may measure it learns from the step that it is wanted
    if tempo is None or tempo <= 0:
        bench.impossible.append(f'{quoted(intent)}: no tempo was found; say it ("at 120 BPM").')
        return False
    tapped = tapped_bpm(tempo)
    if tapped != tempo:
        bench.warnings.append(
            f'{quoted(intent)}: {tempo:.4g} BPM was measured and is counted as {tapped:.4g}; say "at {tempo:.4g} BPM" '
            "for notes of the measured tempo."
        )
    given["tempo_bpm"] = round(tapped, 2)
    return True


def owes_the_tempo(intent: Intent) -> bool:
    """Whether the measured tempo decided: neither a time nor a tempo was said."""
    return "time_ms" not in intent.given and "tempo_bpm" not in intent.given
