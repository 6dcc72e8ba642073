"""More compression, and less of it: what of a compressor changes, and by how much.

A ratio that follows from the degree grows with it. Where the words gave numbers, or the degree is at its end, the
threshold moves: what was said stays in the wish, and how far the threshold lies from it is remembered beside it.
"""

from __future__ import annotations

import math

from bridge.planning.draft import Draft
from bridge.planning.intent import Intent
from bridge.planning.polarity import STRONGEST

DEEPER = "deeper_db"
"""In a wish: by how much the threshold goes under where it was said or found; negative is over it."""

_STEP, _STEP_DB = 1.5, 3.0
"""One "more" and the decibels that it is worth: clearly heard, and no other sound; own judgement."""
MOST_DB = 24.0
_LOWEST_DBFS, _HIGHEST_DBFS = -60.0, 0.0


def pressed(intent: Intent, factor: float) -> Intent:
    """The wish for a compressor with `factor` times as much of it; a half is half as much.

    A gain reduction that was said is scaled. Half and double cancel each other.
    """
    given = dict(intent.given)
    if "reduction_db" in given:
        given["reduction_db"] = round(float(given["reduction_db"]) * factor, 3)
        return intent.model_copy(update={"given": given})
    amount = round(intent.amount * factor, 3)
    moved = float(given.get(DEEPER, 0.0))
    free = not {"threshold_db", "ratio", "range_target_lu"} & set(given) and moved == 0.0
    if free and abs(amount) <= STRONGEST:
        return intent.model_copy(update={"amount": amount})
    moved += _STEP_DB * math.log(factor) / math.log(_STEP) if factor > 0 else -MOST_DB
    moved = round(max(-MOST_DB, min(MOST_DB, moved)), 2)
    given.pop(DEEPER, None)
    if moved:
        given[DEEPER] = moved
    return intent.model_copy(update={"given": given})


def press(draft: Draft, deeper_db: float) -> None:
    """Moves the threshold of the draft, within its span."""
    now = float(draft.parameters.get("threshold_db", -18.0))
    moved = round(max(_LOWEST_DBFS, min(_HIGHEST_DBFS, now - deeper_db)), 1)
    draft.put({"threshold_db": moved}, said=True)
    way = "lower" if moved < now else "higher"
    draft.because(f"threshold {abs(moved - now):.1f} dB {way} than {now:g} dBFS")
