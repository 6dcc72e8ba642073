"""New intents onto the ones of the plan before: edits change what was asked instead of stacking it."""

from __future__ import annotations

from bridge.planning.context import Context
from bridge.planning.dose import times
from bridge.planning.history import SILENT, back_halfway, come_back, halfway, latest_of, stamped, was_raised
from bridge.planning.intent import Intent
from bridge.planning.levels import PLAIN_DB
from bridge.planning.merged import Merged, aspect, both
from bridge.planning.plan import Before
from bridge.planning.polarity import STRONGEST
from bridge.planning.taking_back import lessen, remove
from bridge.planning.turns import EDITS, worked_in

_MORE, _LESS = 1.5, 0.5
_BIPOLAR = frozenset(("stereo_width", "gain"))
_LAST_WINS = frozenset(("loudness", "limiter"))


def merge(intents: tuple[Intent, ...], context: Context) -> Merged:
    """The previous plan's intents with the new ones worked in, in order."""
    out = Merged(list(context.previous.intents) if context.previous else [])
    latest = latest_of(context.previous)
    before = context.previous.before if context.previous else None
    for intent in intents:
        intent = _of_the_target(intent, context)
        if intent.operation == "again":
            _again(out, intent, latest, before)
        elif intent.operation in ("halfway", "restore"):
            _of_the_turn_before(out, intent, before)
        elif intent.operation in EDITS:
            _edited(out, intent, latest)
        elif intent.operation == "remove":
            beside = remove(out, intent, context, alone=context.previous is not None or len(intents) == 1)
            if beside is not None:
                _put(out, beside)
        elif intent.operation == "effect" and intent.amount < 0 and intent.subject not in _BIPOLAR:
            lessen(out, intent, context)
        else:
            placed = _when_it_plays(out, _more_than_a_plugin(intent, context))
            for each in placed:
                _put(out, each)
            latest = placed
    out.intents = stamped(out.intents, context.previous)
    return out


def _of_the_turn_before(out: Merged, intent: Intent, before: Before | None) -> None:
    """ "Split the difference", "bring the flanger back"."""
    if intent.operation == "halfway":
        made = halfway(out.intents, before)
    else:
        made = [*out.intents, *come_back(out.intents, before, intent.subject)]
    if made == out.intents:
        out.impossible.append(f'"{intent.words}": the turn before has changed nothing that could come back.')
    out.changed, out.intents = True, made


def _edited(out: Merged, intent: Intent, latest: list[Intent]) -> None:
    made = worked_in(out.intents, intent, latest)
    if isinstance(made, str):
        out.impossible.append(made)
        return
    out.changed = out.changed or made != out.intents
    if intent.operation == "same":
        latest[:] = [item for item in made if item not in out.intents] or latest
    out.intents = made


def _of_the_target(intent: Intent, context: Context) -> Intent:
    """ "3 dB quieter" after "-9 LUFS": the plan goes to another loudness; gain before it would change nothing."""
    steps = context.previous.steps if context.previous else ()
    if intent.operation != "level" or "peak_dbtp" in intent.given or intent.span is not None:
        return intent
    target = next((step for step in steps if step.effect == "loudness" and step.where == intent.where), None)
    if target is None:
        return intent
    change = float(intent.given.get("gain_db", PLAIN_DB * intent.amount))
    given: dict[str, float | str] = {
        "target_lufs": round(float(target.parameters["target_lufs"]) + change, 2)
    }
    return intent.model_copy(
        update={"operation": "effect", "subject": "loudness", "amount": 1.0, "given": given}
    )


def _when_it_plays(out: Merged, intent: Intent) -> list[Intent]:
    """ "More feedback", of a delay that sounds in the chorus only: there, and not everywhere beside it."""
    if intent.span is not None or intent.operation not in ("effect", "descriptor"):
        return [intent]
    same = [item for item in out.intents if aspect(item)[:4] == aspect(intent)[:4]]
    if not same or any(item.span is None for item in same):
        return [intent]
    spans = dict.fromkeys(item.span for item in same)
    return [intent.model_copy(update={"span": span}) for span in spans]


def _more_than_a_plugin(intent: Intent, context: Context) -> Intent:
    """ "Use ZamCompX2", then "more compression": more than was asked for, though the effect itself never was."""
    before = context.previous.intents if context.previous else ()
    if intent.operation != "effect" or intent.given or any(aspect(item) == aspect(intent) for item in before):
        return intent
    plays = any(
        item.operation == "plugin"
        and item.where == intent.where
        and context.plugin_or_missing(item.subject).plays.get(intent.subject)
        for item in before
    )
    return times(intent, _MORE) if plays else intent


def _put(out: Merged, intent: Intent) -> None:
    """Adds to the same wish of an earlier turn, or stands as a new one."""
    out.changed = True
    if intent.operation == "effect":
        out.intents = [item for item in out.intents if item.subject != f"without:{intent.subject}"]
    for index, other in enumerate(out.intents):
        if aspect(other) != aspect(intent) or intent.operation in ("band", "keep", "plugin"):
            continue
        if intent.operation == "descriptor":
            total = max(-STRONGEST, min(STRONGEST, round(other.amount + intent.amount, 3)))
            out.intents[index] = other.model_copy(update={"amount": total, "words": both(other, intent)})
            return
        if intent.operation == "effect":
            out.intents[index] = _stronger(other, intent)
            return
        if intent.operation in ("auto", "target", "chain", "match", "staging", "play"):
            out.intents[index] = intent
            return
    if intent.operation == "band":
        out.intents = [item for item in out.intents if not _same_pass(item, intent)]
    out.intents.append(intent)


_PASSES = ("high_pass", "low_pass")


def _same_pass(old: Intent, new: Intent) -> bool:
    """A high-pass of an earlier turn gives way to another one: nobody wants two in a row."""
    alike = old.operation == "band" and old.given.get("kind") == new.given.get("kind")
    return alike and new.given.get("kind") in _PASSES and old.turn > 0 and aspect(old) == aspect(new)


_ANEW = ("time_stretch", "pitch_shift")
"""Effects whose numbers are one wish: a tempo said now takes the place of the speed that was said before."""


def _stronger(old: Intent, new: Intent) -> Intent:
    if not new.given and old.amount * new.amount < 0:  # "too wide now", of what was widened
        return times(old, 1 - _LESS * min(1.6, abs(new.amount))).model_copy(update={"words": both(old, new)})
    if new.given and new.subject in _ANEW:
        return new
    if new.given or new.subject in _LAST_WINS:
        return new.model_copy(update={"given": _instead(old, new) | new.given})
    return times(old, _MORE).model_copy(update={"words": both(old, new)})


_OTHER_WAYS = {"time_ms": ("note_beats", "tempo_bpm"), "rate_hz": ("note_beats", "tempo_bpm")}
"""What a number takes the place of: a time in milliseconds is no note any more."""


def _instead(old: Intent, new: Intent) -> dict[str, float | str]:
    gone = {name for said in new.given for name in _OTHER_WAYS.get(said, ())}
    return {name: value for name, value in old.given.items() if name not in gone}


def _again(out: Merged, intent: Intent, latest: list[Intent], before: Before | None) -> None:
    hits = _meant(out.intents, intent, latest)
    if not hits:
        out.impossible.append(
            f'"{intent.words}": there is nothing before it to change; say what you want more of.'
        )
        return
    out.changed = True
    if not intent.amount:
        out.intents = [item for index, item in enumerate(out.intents) if index not in hits]
        latest[:] = []
        return
    for index in hits:
        out.intents[index] = _once_more(out.intents[index], intent, before)
    latest[:] = [out.intents[index] for index in hits]


def _meant(intents: list[Intent], again: Intent, latest: list[Intent]) -> list[int]:
    """Which wishes "more", "less of both", "the second one" and "none on the keys" are about."""
    here = again.where if "here" in again.given else ""
    hits = [index for index, item in enumerate(intents) if item in latest and here in ("", item.where)]
    if here and not hits:
        there = [index for index, item in enumerate(intents) if item.where == here]
        last = max((intents[index].turn for index in there), default=0)
        hits = [index for index in there if intents[index].turn == last]
    if "both" in again.given and len(hits) < 2:
        hits = [index for index, item in enumerate(intents) if item.operation not in SILENT][-2:]
    nth = int(again.given.get("nth", 0))
    return hits[nth - 1 : nth] if nth else hits


def _once_more(item: Intent, intent: Intent, before: Before | None) -> Intent:
    """ "Too much", of what the last turn has changed only, goes back halfway to where it was."""
    if item.operation in ("keep", "play"):
        return item
    if "back" in intent.given and was_raised(item, before):
        return back_halfway(item, before)
    return times(item, intent.amount)
