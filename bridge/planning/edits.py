"""New intents onto the ones of the plan before: edits change what was asked instead of stacking it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bridge.planning.context import Context
from bridge.planning.intent import Intent
from bridge.planning.levels import PLAIN_DB
from bridge.planning.more_compression import pressed
from bridge.planning.polarity import STRONGEST
from bridge.planning.turns import EDITS, latest_of, worked_in
from bridge.planning.versions import same_plugin

_LESS = 0.5
_MORE = 1.5
_BIPOLAR = frozenset(("stereo_width", "gain"))
_LAST_WINS = frozenset(("loudness", "limiter"))


@dataclass
class Merged:
    """intents: all that is asked now. changed: whether anything is new."""

    intents: list[Intent] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changed: bool = False


def merge(intents: tuple[Intent, ...], context: Context) -> Merged:
    """The previous plan's intents with the new ones worked in, in order."""
    out = Merged(list(context.previous.intents) if context.previous else [])
    latest = latest_of(context.previous)
    for intent in intents:
        intent = _of_the_target(intent, context)
        if intent.operation == "again":
            _again(out, intent, latest)
        elif intent.operation in EDITS:
            _edited(out, intent, latest)
        elif intent.operation == "remove":
            _remove(out, intent, context, alone=context.previous is not None or len(intents) == 1)
        elif intent.operation == "effect" and intent.amount < 0 and intent.subject not in _BIPOLAR:
            _lessen(out, intent, context)
        else:
            placed = _when_it_plays(out, _more_than_a_plugin(intent, context))
            for each in placed:
                _put(out, each)
            latest = placed
    return out


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
    same = [item for item in out.intents if _aspect(item)[:4] == _aspect(intent)[:4]]
    if not same or any(item.span is None for item in same):
        return [intent]
    spans = dict.fromkeys(item.span for item in same)
    return [intent.model_copy(update={"span": span}) for span in spans]


def _more_than_a_plugin(intent: Intent, context: Context) -> Intent:
    """ "Use ZamCompX2", then "more compression": more than was asked for, though the effect itself never was."""
    before = context.previous.intents if context.previous else ()
    if intent.operation != "effect" or intent.given or any(_same(item, intent) for item in before):
        return intent
    plays = any(
        item.operation == "plugin"
        and item.where == intent.where
        and context.plugin_or_missing(item.subject).plays.get(intent.subject)
        for item in before
    )
    return _times(intent, _MORE) if plays else intent


def _same(one: Intent, two: Intent) -> bool:
    """One wish said twice; the bass in the middle and the width above it are two wishes of one effect."""
    return _aspect(one) == _aspect(two)


def _aspect(intent: Intent) -> tuple[object, ...]:
    return (
        intent.operation,
        intent.subject,
        intent.where,
        intent.part,
        intent.span,
        "mono_below_hz" in intent.given,
        intent.given.get("from_hz"),
    )


def _put(out: Merged, intent: Intent) -> None:
    """Adds to the same wish of an earlier turn, or stands as a new one."""
    out.changed = True
    if intent.operation == "effect":
        out.intents = [item for item in out.intents if item.subject != f"without:{intent.subject}"]
    for index, other in enumerate(out.intents):
        if not _same(other, intent) or intent.operation in ("band", "keep", "plugin"):
            continue
        if intent.operation == "descriptor":
            total = max(-STRONGEST, min(STRONGEST, round(other.amount + intent.amount, 3)))
            out.intents[index] = other.model_copy(update={"amount": total, "words": _both(other, intent)})
            return
        if intent.operation == "effect":
            out.intents[index] = _stronger(other, intent)
            return
        if intent.operation in ("auto", "target", "chain", "match", "staging", "play"):
            out.intents[index] = intent
            return
    out.intents.append(intent)


def _both(one: Intent, two: Intent) -> str:
    return one.words if one.words == two.words else f"{one.words}; {two.words}"


_ANEW = ("time_stretch", "pitch_shift")
"""Effects whose numbers are one wish: a tempo said now takes the place of the speed that was said before."""


def _stronger(old: Intent, new: Intent) -> Intent:
    if new.given and new.subject in _ANEW:
        return new
    if new.given or new.subject in _LAST_WINS:
        return new.model_copy(update={"given": _instead(old, new) | new.given})
    return _times(old, _MORE).model_copy(update={"words": _both(old, new)})


_OTHER_WAYS = {"time_ms": ("note_beats", "tempo_bpm"), "rate_hz": ("note_beats", "tempo_bpm")}
"""What a number takes the place of: a time in milliseconds is no note any more."""


def _instead(old: Intent, new: Intent) -> dict[str, float | str]:
    gone = {name for said in new.given for name in _OTHER_WAYS.get(said, ())}
    return {name: value for name, value in old.given.items() if name not in gone}


def _times(intent: Intent, factor: float) -> Intent:
    """The intent with its amount and the said numbers that carry an amount scaled."""
    if intent.operation == "effect" and intent.subject == "compressor" and "mix" not in intent.given:
        return pressed(intent, factor)
    amounts = ("mix", "gain_db", "drive_db", "feedback")
    given = {
        k: round(v * factor, 3) if k in amounts and isinstance(v, float) else v
        for k, v in intent.given.items()
    }
    amount = max(-STRONGEST, min(STRONGEST, round(intent.amount * factor, 3)))
    return intent.model_copy(update={"amount": amount, "given": given})


def _again(out: Merged, intent: Intent, latest: list[Intent]) -> None:
    here = intent.where if "here" in intent.given else ""
    hits = [
        index for index, item in enumerate(out.intents) if item in latest and here in ("", item.where)
    ] or [index for index, item in enumerate(out.intents) if here and item.where == here]
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
        if out.intents[index].operation not in ("keep", "play"):
            out.intents[index] = _times(out.intents[index], intent.amount)
    latest[:] = [out.intents[index] for index in hits]


def _named(out: Merged, intent: Intent) -> list[int]:
    kind, _, name = intent.subject.partition(":")
    if kind == "plugin":
        return [
            i
            for i, item in enumerate(out.intents)
            if (item.operation == "plugin" and same_plugin(name, item.subject))
            or (item.operation == "play" and same_plugin(name, str(item.given.get("plugin"))))
        ]
    if intent.subject == "hosted_plugin":  # "no plugins"
        return [i for i, item in enumerate(out.intents) if item.operation in ("plugin", "play")]
    bands = intent.subject == "equalizer"
    return [
        i for i, item in enumerate(out.intents)
        if intent.subject == "*" or (item.operation in ("effect", "auto", "play") and item.subject == intent.subject)
        or (bands and item.operation == "band")
    ]  # fmt: skip


def _placed(out: Merged, intent: Intent, context: Context) -> list[int]:
    """Of those that are named the ones at that place, where a place was said."""
    hits = _named(out, intent)
    stems = context.groups.get(intent.where, ())
    there = [index for index in hits if out.intents[index].where in (intent.where, *stems)]
    return hits if intent.where == context.main else there


def _stands(effect: str, intent: Intent, context: Context) -> bool:
    steps = context.previous.steps if context.previous else ()
    return any(step.effect == effect and intent.where in (step.where, context.main) for step in steps)


def _remove(out: Merged, intent: Intent, context: Context, alone: bool) -> None:
    """Takes an effect out of the plan; what is in the recording itself cannot be taken out so.

    alone: "not with ZamEQ2" is more than a remark on the wish beside it.
    """
    hits = _placed(out, intent, context)
    if not hits and _stands(intent.subject, intent, context):  # a chain or a word of taste brought it
        out.changed = True
        without = {"operation": "keep", "subject": f"without:{intent.subject}", "amount": 1.0}
        out.intents.append(intent.model_copy(update=without))
        return
    if not hits and not alone and intent.subject.startswith("plugin:"):
        return
    if not hits and not alone and not intent.amount:  # "no compression, just -23 LUFS"
        _put(out, intent.model_copy(update={"operation": "keep", "subject": f"effect:{intent.subject}"}))
        return
    if hits:
        out.changed = True
        gone = [str(out.intents[i].given.get("plugin")) for i in hits if out.intents[i].operation == "play"]
        if gone and intent.subject.startswith(("plugin:", "hosted_plugin")):
            who = ", ".join(dict.fromkeys(gone))
            out.warnings.append(f"Without {who}; the built-in effects play what is left.")
        out.intents = [item for index, item in enumerate(out.intents) if index not in hits]
        return
    out.impossible.append(_in_the_recording(intent))


_SIZES = ("mix", "drive_db", "amount_db", "attack_db", "sustain_db", "harmonics_db", "depth")


def _less_of_a_step(intent: Intent, context: Context) -> list[Intent]:
    """Of what a chain or a word of taste brought: its own numbers, smaller."""
    factor = 1 - _LESS * min(1.6, -intent.amount)
    made = []
    for step in context.previous.steps if context.previous else ():
        if step.effect != intent.subject or intent.where not in (step.where, context.main):
            continue
        given: dict[str, float | str] = {
            name: round(float(step.parameters[name]) * factor, 3)
            for name in _SIZES[:1]
            if step.effect != "compressor"
            if step.parameters.get(name)
        } or {
            name: round(float(step.parameters[name]) * factor, 3)
            for name in _SIZES[1:]
            if step.parameters.get(name)
        }
        if step.effect == "compressor":
            given = {"ratio": round(1 + (float(step.parameters["ratio"]) - 1) * factor, 2)}
        if given:
            made.append(intent.model_copy(update={"amount": 1.0, "given": given, "where": step.where}))
    return made


def _lessen(out: Merged, intent: Intent, context: Context) -> None:
    hits = _placed(out, intent, context)
    if not hits and (lesser := _less_of_a_step(intent, context)):
        out.changed = True
        out.intents += lesser
        return
    if not hits:
        out.impossible.append(_in_the_recording(intent))
        return
    out.changed = True
    for index in hits:
        factor = 1 - _LESS * min(1.6, -intent.amount)
        out.intents[index] = _times(out.intents[index], factor).model_copy(
            update={"words": _both(out.intents[index], intent)}
        )


def _in_the_recording(intent: Intent) -> str:
    name = intent.subject.removeprefix("plugin:").replace("_", " ")
    recorded = "what is in the recording itself cannot be taken out of it"
    return f'"{intent.words}": no {name} stands in the plan, and {recorded}.'
