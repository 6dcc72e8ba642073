"""Less of what stands in the plan, and none of it."""

from __future__ import annotations

from bridge.planning.context import Context
from bridge.planning.dose import at_another_dose, times
from bridge.planning.intent import Intent
from bridge.planning.merged import Merged, both
from bridge.planning.versions import same_plugin

_LESS = 0.5
KIN = {
    "compressor": ("multiband_compressor",),
    "reverb": ("convolution_reverb",),
    "convolution_reverb": ("reverb",),
}
"""What people call by the same name, where the first does not stand in the plan."""


def remove(out: Merged, intent: Intent, context: Context, alone: bool) -> Intent | None:
    """Takes an effect out of the plan; what is in the recording itself cannot be taken out so. What it comes to beside
    other wishes, where it is a wish of its own.

    alone: "not with ZamEQ2" is more than a remark on the wish beside it.
    """
    intent = _of_its_kin(intent, context)
    hits = _placed(out, intent, context)
    if not hits and _stands(intent.subject, intent, context):  # a chain or a word of taste brought it
        out.changed = True
        without = {"operation": "keep", "subject": f"without:{intent.subject}", "amount": 1.0}
        out.intents.append(intent.model_copy(update=without))
    elif not hits and not alone and intent.subject.startswith("plugin:"):
        return None
    elif not hits and not alone and not intent.amount:  # "no compression, just -23 LUFS"
        return intent.model_copy(update={"operation": "keep", "subject": f"effect:{intent.subject}"})
    elif hits:
        _taken_out(out, intent, hits)
    else:
        out.impossible.append(_not_there(intent, context))
    return None


def _taken_out(out: Merged, intent: Intent, hits: list[int]) -> None:
    out.changed = True
    gone = [str(out.intents[i].given.get("plugin")) for i in hits if out.intents[i].operation == "play"]
    if gone and intent.subject.startswith(("plugin:", "hosted_plugin")):
        who = ", ".join(dict.fromkeys(gone))
        out.warnings.append(f"Without {who}; the built-in effects play what is left.")
    out.intents = [item for index, item in enumerate(out.intents) if index not in hits]


def _of_its_kin(intent: Intent, context: Context) -> Intent:
    if _stands(intent.subject, intent, context):
        return intent
    kin = next((name for name in KIN.get(intent.subject, ()) if _stands(name, intent, context)), "")
    return intent.model_copy(update={"subject": kin}) if kin else intent


def lessen(out: Merged, intent: Intent, context: Context) -> None:
    intent = _of_its_kin(intent, context)
    hits = _placed(out, intent, context)
    factor = 1 - _LESS * min(1.6, -intent.amount)
    lesser = _less_of_a_step(intent, context, factor) if not hits else []
    if not hits and not lesser:
        out.impossible.append(_not_there(intent, context))
        return
    out.changed = True
    out.intents += lesser
    for index in hits:
        words = both(out.intents[index], intent)
        out.intents[index] = times(out.intents[index], factor).model_copy(update={"words": words})


def _less_of_a_step(intent: Intent, context: Context, factor: float) -> list[Intent]:
    """Of what a chain or a word of taste brought: its own numbers, smaller."""
    made = []
    for step in context.previous.steps if context.previous else ():
        if step.effect != intent.subject or intent.where not in (step.where, context.main):
            continue
        given = at_another_dose(step.effect, step.parameters, factor)
        if given:
            made.append(intent.model_copy(update={"amount": 1.0, "given": given, "where": step.where}))
    return made


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


def _not_there(intent: Intent, context: Context) -> str:
    name = intent.subject.removeprefix("plugin:").replace("_", " ")
    recorded = "what is in the recording itself cannot be taken out of it"
    steps = context.previous.steps if context.previous else ()
    standing = dict.fromkeys(step.effect.replace("_", " ") for step in steps)
    has = f" The plan has {', '.join(standing)}." if standing else ""
    return f'"{intent.words}": no {name} stands in the plan, and {recorded}.{has}'
