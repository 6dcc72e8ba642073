"""Questions: about a reading, about the plan, about a notion. The plan does not change."""

from __future__ import annotations

from bridge.effects import BY_NAME, EFFECTS
from bridge.planning.context import Context, KnownPlugin
from bridge.planning.draft import measured
from bridge.planning.explained import PLAIN, explained, tools
from bridge.planning.given import OWNER
from bridge.planning.intent import Heard
from bridge.planning.lexicon import Lexicon
from bridge.planning.plan import Outcome, Step

_OVERVIEW = ("integrated_loudness", "true_peak", "crest_factor", "spectral_centroid", "side_to_mid")


def answer(heard: Heard, context: Context) -> Outcome:
    """What can be said from the measurement, the plan and the lexicon."""
    question = heard.question or ""
    said: list[str] = []
    little = context.lexicon.little_words
    if little.named(question, "would"):
        said += _would_change(heard.topics, context)
    if not said and little.named(question, "about_the_plan"):
        said += _of_plan(heard.topics, context.previous.steps if context.previous else ())
    if not said and little.named(question, "which") and little.named(question, "tracks"):
        said += _tracks_with(heard.topics, context)
    if not said and little.named(question, "which") and little.named(question, "owned"):
        said += [
            _players(effect, context) for effect in _effects_asked(heard.topics, question, context.lexicon)
        ]
    if not said or (little.named(question, "about_the_plan") and _lacks(heard.topics, context)):
        said += explained(heard.topics, question, context.lexicon)
    if not said or said == explained(heard.topics, question, context.lexicon):
        said += [sentence for topic in heard.topics for sentence in _of_topic(topic, context)]
    if not said and heard.topics and context.previous:
        said = _of_plan(heard.topics, context.previous.steps)
    if not said:
        one = not little.named(question, "definite")  # "the level" is that of this sound
        said = [PLAIN[name] for name in tools(heard.topics) if one] or [_overview(context)]
    return Outcome(kind="answer", answer=" ".join(dict.fromkeys(said)))


def _lacks(topics: tuple[str, ...], context: Context) -> bool:
    """Whether tools are asked about that the plan has not got."""
    steps = context.previous.steps if context.previous else ()
    return bool(tools(topics)) and not {step.effect for step in steps} & {*tools(topics)}


def _tracks_with(topics: tuple[str, ...], context: Context) -> list[str]:
    """ "Which tracks have reverb?", of the plan that stands."""
    steps = context.previous.steps if context.previous else ()
    said = []
    for name in (topic.partition(":")[2] for topic in topics if topic.startswith("effect:")):
        places = list(dict.fromkeys(step.where for step in steps if step.effect == name and step.enabled))
        where = ", ".join(places) if places else "nothing"
        said.append(f"{name.replace('_', ' ').capitalize()} is on {where}.")
    return said


def _effects_asked(topics: tuple[str, ...], question: str, lexicon: Lexicon) -> list[str]:
    """By their names, or several of them at once: "de-essers"."""
    named = [topic.partition(":")[2] for topic in topics if topic.startswith("effect:")]
    if named:
        return named
    spelt = f" {question.replace('-', ' ')} "
    return [
        effect.name
        for effect in EFFECTS
        if any(
            f" {word.replace('-', ' ')}{plural} " in spelt
            for word in (effect.title.lower(), *effect.words, *lexicon.effects.get(effect.name, ()))
            for plural in lexicon.forms.plurals
        )
    ]


def _players(effect: str, context: Context) -> str:
    """What plays an effect: the user's plugins by a trusted map, those that a map is missing for, and the built-in."""
    if effect == "hosted_plugin" or effect not in BY_NAME:
        return _plugins(context)
    title = BY_NAME[effect].title.lower()
    here = [plugin for plugin in context.plugins if not plugin.absent]
    able = [plugin.name for plugin in here if plugin.plays.get(effect)]
    maybe = [plugin.name for plugin in here if plugin.plays.get(effect) is False]
    said = f"{title.capitalize()}: the built-in one{''.join(f', {name}' for name in able)}."
    if maybe:
        said += f" By its names {' or '.join(maybe)} may be one too; `dawbridge plugins map NAME` shows how."
    return said


def _of_plan(topics: tuple[str, ...], steps: tuple[Step, ...]) -> list[str]:
    """The reasons of the steps asked about, or of all."""
    if not steps and not topics:
        return ["Nothing has been changed yet: this is the untouched sound."]
    chosen = [step for step in steps if _meant(step, topics)] or (list(steps) if not topics else [])
    missing = [topic.partition(":")[2] for topic in topics if topic.startswith("effect:")]
    if not chosen and missing:
        return [f"There is no {name.replace('_', ' ')} in the plan." for name in dict.fromkeys(missing)]
    return [f"{step.effect.replace('_', ' ')}: {step.reason}" for step in chosen]


_MOST_FINDINGS = 3


def _would_change(topics: tuple[str, ...], context: Context) -> list[str]:
    """What the plan promises of what was asked about; else what the measurement finds, with the words that mend it."""
    from bridge.analysis.finding import findings

    if topics:
        return _promised(topics, context)
    said = []
    for where, analysis in context.analyses.items():
        place = "" if where == "input" else f"{where}: "
        for found in findings(analysis, context.target)[:_MOST_FINDINGS]:
            ask = f' Ask for: "{found.remedy.words}".' if found.remedy else ""
            said.append(f"{place}{found.sentence}{ask}")
    return said or [
        "Nothing in the measurement asks for a change. Say what you would like to hear: warmer, louder, wider."
    ]


def _promised(topics: tuple[str, ...], context: Context) -> list[str]:
    """ "How loud will it be?": by the step that sets it."""
    level = any(
        topic.startswith(("louder:", "quieter:")) or topic.endswith(("loudness", "lufs")) for topic in topics
    )
    for step in context.previous.steps if context.previous and level else ():
        if step.effect == "loudness":
            return [
                f"The plan brings it to {float(step.parameters['target_lufs']):g} LUFS.",
                *_of_topic("louder:", context),
            ]
        if step.effect == "gain":
            return [
                f"The plan changes it by {float(step.parameters['gain_db']):+g} dB.",
                *_of_topic("louder:", context),
            ]
    return []


def _meant(step: Step, topics: tuple[str, ...]) -> bool:
    for topic in topics:
        kind, _, name = topic.partition(":")
        if name == step.effect or (name and name in step.intent):
            return True
        if kind == "quantity" and any(_is_said(name, value) for value in step.parameters.values()):
            return True
        if kind == "parameter" and name in step.parameters and OWNER.get(name, step.effect) == step.effect:
            return True
        if kind in ("quantity", "shape", "area") and step.effect == "equalizer":
            return True
    return False


def _is_said(text: str, value: object) -> bool:
    """Whether a number of the question is this one of a step: "why -14?"."""
    number = text.split()[0] if text else ""
    return (
        isinstance(value, float)
        and number.lstrip("+-").replace(".", "", 1).isdigit()
        and float(number) == value
    )


def _of_topic(topic: str, context: Context) -> list[str]:
    kind, _, name = topic.partition(":")
    lexicon = context.lexicon
    if kind == "plugin":
        return [_plugin(context.plugin_or_missing(name))]
    if name == "hosted_plugin":
        return [_plugins(context)]
    if kind == "concept":
        concept = next(item for item in lexicon.concepts if item.name == name)
        return [*_reading(concept.metric, context), concept.sentence]
    descriptor = lexicon.descriptor(name) if kind == "descriptor" else None
    if descriptor is not None and descriptor.measure is not None:
        return [*_position(descriptor.name, context), descriptor.explains]
    if kind in ("louder", "quieter") or name in ("loudness", "target_lufs"):
        return _reading("integrated_loudness", context)
    if kind == "area":
        area = lexicon.area(name)
        return _reading(area.metric if area else None, context)
    if name in ("limiter", "ceiling_dbtp", "peak_dbtp"):
        return _reading("true_peak", context)
    return []


_MOST_NAMED = 40
"""Plugins that an answer names; `dawbridge plugins list` shows all."""


def _plugins(context: Context) -> str:
    here = [plugin for plugin in context.plugins if not plugin.absent]
    if not here:
        return "No plugin has been scanned yet; `dawbridge plugins scan` finds those installed."
    named = [
        plugin.name + (f" ({', '.join(plays)})" if (plays := _trusted(plugin)) else "")
        for plugin in here[:_MOST_NAMED]
    ]
    more = f" and {len(here) - _MOST_NAMED} more" if len(here) > _MOST_NAMED else ""
    return f"Plugins here, with what they play by a trusted map: {', '.join(named)}{more}."


def _trusted(plugin: KnownPlugin) -> list[str]:
    return [effect.replace("_", " ") for effect, trusted in plugin.plays.items() if trusted]


def _plugin(plugin: KnownPlugin) -> str:
    if plugin.absent:
        near = f"; the built-in {_trusted(plugin)[0]} comes nearest" if _trusted(plugin) else ""
        return f"{plugin.name} {plugin.absent}{near}."
    plays = (
        f"plays {', '.join(_trusted(plugin))}"
        if _trusted(plugin)
        else "plays none of our effects by a trusted map"
    )
    takes = " or ".join("mono" if number == 1 else "stereo" for number in plugin.channels)
    names = ", ".join(list(plugin.parameters)[:_MOST_NAMED]) or "none that can be set"
    return f"{plugin.name} {plays}{f', takes {takes} sound' if takes else ''}; its parameters: {names}."


def _reading(metric: str | None, context: Context) -> list[str]:
    said = []
    whole = " of the original" if context.previous else ""  # versions are not measured here
    for where, analysis in context.analyses.items():
        found = measured(analysis, metric) if metric else ""
        place = whole if where == "input" else f" of {where}"
        if found:
            said.append(
                f"The {found.replace(str(metric).replace('_', ' '), str(metric).replace('_', ' ') + place + ' is', 1)}."
            )
        elif metric and metric in analysis:
            said.append(
                f"The {metric.replace('_', ' ')}{place} could not be measured: {analysis[metric].reason}."
            )
    return said


def _position(name: str, context: Context) -> list[str]:
    descriptor = context.lexicon.descriptor(name)
    assert descriptor is not None
    measure = descriptor.measure
    assert measure is not None
    said = []
    for analysis in context.analyses.values():
        value = analysis.number(measure.metric)
        if value is None:
            continue
        position = measure.position(value)
        verdict = (
            "on the high side"
            if position > 0.8
            else "on the low side"
            if position < 0.2
            else "in the usual span"
        )
        usual = sorted((measure.low, measure.high))
        said.append(
            f"For {name.replace('_', ' ')}: {measured(analysis, measure.metric)} is {verdict} "
            f"({usual[0]:g} to {usual[1]:g})."
        )
    return said


def _overview(context: Context) -> str:
    found = [
        text
        for analysis in context.analyses.values()
        for name in _OVERVIEW
        if (text := measured(analysis, name))
    ]
    if not found:
        return "Nothing was measured yet that could answer this."
    return f"What I can tell from the measurement: {', '.join(found)}."
