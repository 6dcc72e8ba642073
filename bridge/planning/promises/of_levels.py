"""What louder, quieter and a peak promise: a loudness or a peak of the result, by what all gains at a place come to."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.planning.draft import source
from bridge.planning.intent import Intent
from bridge.planning.levels import PLAIN_DB
from bridge.planning.place import INPUT, MIX
from bridge.planning.plan import Step
from bridge.planning.promises import noticed
from bridge.planning.promises.promise import Promise
from bridge.planning.shows import Shows

_SAME_DB = 0.05


def of_level(blank: Promise, intent: Intent, steps: tuple[Step, ...]) -> Iterator[Promise]:
    """Louder and quieter, unless a loudness target at the same place has the last word.

    Where several wishes share the one gain (a stem turned up beside a balance, all of a mix turned down twice), the
    loudness moves by what they come to together, and no wish can be measured alone. Beside other steps, which move the
    loudness too, the gain is open to a second rendering, as that of a peak is: shelves must not make "1 dB quieter"
    as loud as it was.
    """
    there = _there(intent, steps)
    if any(step.effect == "loudness" for step in there):
        return
    own_db = float(intent.given.get("gain_db", PLAIN_DB * intent.amount))
    way = 1.0 if own_db >= 0 else -1.0
    least = round(noticed.LOUDNESS_LU * min(1.0, abs(intent.amount)), 3)
    update: dict[str, object] = {
        "name": "wish_louder" if way > 0 else "wish_quieter", "figure": "shows",
        "shows": Shows(metric="integrated_loudness"), "unit": "LU", "why": "", "asked": way * least,
    }  # fmt: skip
    gain = _gain(intent, there)
    if gain is not None:
        total_db = float(gain.parameters["gain_db"])
        shared = abs(total_db - own_db) > _SAME_DB and not gain.clamped_from
        alone = len(there) == 1 and gain.wet >= 1
        if shared and not alone and abs(total_db) <= noticed.GAIN_DB:
            return  # they take each other back, and what other steps do to the loudness was nobody's wish
        if shared:
            update |= {"name": "wish_level", "asked": least * (1.0 if total_db >= 0 else -1.0)}
        if alone and (
            shared or "gain_db" in intent.given
        ):  # beside other steps the loudness is not theirs alone
            update |= {"asked": total_db, "sense": "about", "tolerance": noticed.GAIN_DB, "open": False}
    yield blank.model_copy(update=update)


def of_peak(blank: Promise, intent: Intent, steps: tuple[Step, ...]) -> Iterator[Promise]:
    """The peak itself, unless a loudness target or a ceiling has the last word. A gain can be put right where other
    steps moved the peak too, so it is open to a second rendering."""
    if not any(step.effect in ("loudness", "limiter") for step in _there(intent, steps)):
        update = {
            "name": "wish_peak", "figure": "reading", "shows": Shows(metric="true_peak"), "unit": "dBTP", "why": "",
            "asked": float(intent.given["peak_dbtp"]), "sense": "about", "tolerance": noticed.PEAK_DB,
        }  # fmt: skip
        yield blank.model_copy(update=update)


def _there(intent: Intent, steps: tuple[Step, ...]) -> list[Step]:
    """All that sounds in what the wish speaks of: of one sound alone "input" and "mix" are the same, and steps at
    "input" sound in every stem."""
    places = {intent.where, INPUT, *((MIX,) if intent.where == INPUT else ())}
    return [step for step in steps if step.enabled and step.where in places]


def _gain(intent: Intent, there: list[Step]) -> Step | None:
    """The one step that the wish has become."""
    found = [
        step
        for step in there
        if step.effect == "gain" and step.where == intent.where and source(intent) in step.intent.split(", ")
    ]
    return found[0] if len(found) == 1 else None
