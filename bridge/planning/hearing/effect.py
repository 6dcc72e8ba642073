"""Effects and plugins by name, with their numbers."""

from __future__ import annotations

from dataclasses import replace

from bridge.effects import BY_NAME
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.planning.frames import Frame
from bridge.planning.given import Given, given_to, others
from bridge.planning.hearing.ear import Ear
from bridge.planning.hearing.kinds import kind_said, room_said
from bridge.planning.hearing.level import level, levels
from bridge.planning.hearing.sides import hear_balance, hear_pan
from bridge.planning.hearing.stems import hear_align
from bridge.planning.hearing.tone import bands
from bridge.planning.nearest import nearest
from bridge.planning.plugins.parameters import plugin_parameters
from bridge.planning.polarity import Polarity
from bridge.planning.taking_back import KIN
from bridge.planning.tokens import Token


def hear_effect(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    name = frame.name
    given, used = given_to(name, frame)
    fewer = wish.sign < 0 and not (frame.has("not") and frame.has("too"))
    unwanted = fewer or wish.wish == "remove" or (wish.wish in ("forbid", "keep") and wish.amount == 1.0)
    given = given if unwanted else kind_said(name, frame) | given
    if name == "loudness" and _by_so_much(frame, wish):
        return level(ear, frame, wish)
    if name == "limiter" and wish.wish == "remove" and not given and ear.intents:
        ear.add(frame, "keep", "effect:limiter")
    elif wish.wish == "forbid" and not given and _stands(ear, name):
        ear.add(frame, "remove", name)
    elif wish.wish in ("forbid", "keep") and not given and wish.amount == 1.0:
        ear.add(frame, "keep", f"effect:{name}")
    elif wish.wish == "remove" and not given:
        # "no reverb" asks for none; "remove the reverb" speaks of one that is there
        none = any(token.role == "remove" and token.says("asked_with") for token in frame.tokens)
        ear.add(frame, "remove", name, 0.0 if none else 1.0)
    elif name == "hosted_plugin":
        _which_plugin(ear, frame)
    elif name == "gain":
        return level(ear, frame, wish)
    elif name == "equalizer" and frame.quantities("hz"):
        return bands(ear, frame, wish)
    elif name == "align":
        hear_align(ear, frame, given)
    elif name == "channels":
        ear.add(frame, "effect", name, 1.0, given or {"invert": 1.0})
    elif name == "pan":
        used += hear_pan(ear, frame, wish)
    elif name == "balance":
        used += hear_balance(ear, frame, wish)
    elif name not in BY_NAME:
        ear.unsupported.append(frame.text)
    else:
        amount = _effect_amount(frame, wish, given)
        ear.add(
            frame, "effect", name, amount, room_said(name, frame, ear.context.previous is not None) | given
        )
    for other in others(name, frame):
        used += effect_by_parameter(ear, frame, other)
    return used


def _stands(ear: Ear, effect: str) -> bool:
    """ "Without the compressor", where one stands in the plan, wants it out of there."""
    plan = ear.context.previous
    return plan is not None and any(step.effect in (effect, *KIN.get(effect, ())) for step in plan.steps)


def _by_so_much(frame: Frame, wish: Polarity) -> bool:
    """ "raise the loudness by 2 LU" is a step from where it is, not a loudness to arrive at."""
    steps = frame.quantities("lu", "db")
    if not steps or frame.quantities("lufs"):
        return False
    return wish.wish == "do" and (steps[0].unit == "lu" or (wish.said and not steps[0].signed))


def _which_plugin(ear: Ear, frame: Frame) -> None:
    """ "use the plugin": which one? An unknown name beside it meets the known ones."""
    before = len(ear.impossible)
    unknown_plugin(ear, frame)
    if len(ear.impossible) == before:
        here = [plugin.name for plugin in ear.context.plugins[:5]]
        there = f"There are {', '.join(here)}" if here else "None has been scanned yet"
        use = next(iter(ear.context.lexicon.roles.get("use", ("use",))))
        ear.ask(f"Which plugin? {there}.", *((name, f"{use} {name}") for name in here))


def _effect_amount(frame: Frame, wish: Polarity, given: Given) -> float:
    """ "not too much reverb" is a little reverb, "less reverb" is less of it; numbers speak for themselves."""
    if given:
        return wish.amount
    if frame.has("not") and frame.has("too"):
        return 0.5
    sign = frame.subject.meaning.sign if frame.subject else 1
    return sign * wish.sign * wish.amount


def hear_plugin(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    name = frame.name
    if wish.wish in ("remove", "forbid") or (wish.sign < 0 and not frame.has("too")):
        ear.add(frame, "remove", f"plugin:{name}")
        return []
    plugin = ear.context.plugin_or_missing(name)
    given, used = plugin_parameters(plugin, frame.tokens)
    effect = next((effect for effect, trusted in plugin.plays.items() if trusted), None)
    rest = [token for token in frame.tokens if not any(token is other for other in used)]
    numbers, more = given_to(effect, replace(frame, tokens=rest)) if effect else ({}, [])
    if effect and numbers:  # "ZamDelay 300 ms": a number with a unit, for what it plays
        ear.add(frame, "effect", effect, 1.0, numbers)
    ear.add(frame, "plugin", name, 1.0, given)
    return [*used, *more]


_LOWEST_HZ = 20.0
BASS_MONO_BELOW_HZ = 120.0
"""Where engineers fold the low end: a cutter head's usual corner, and below what ears place."""


def hear_mono(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "make it mono" takes all of the side out; "keep the bass mono" and "mono below 100 Hz" only the low one."""
    low = any(token.role == "area" and token.subject in ("sub", "bass") for token in frame.tokens)
    low = low or _names_the_bass(ear, frame)
    numbers = frame.quantities("hz") or [t for t in frame.quantities("") if t.value >= _LOWEST_HZ]
    if low or (numbers and not frame.has("above")):
        if wish.wish in ("do", "keep"):
            corner = numbers[0].middle if numbers else BASS_MONO_BELOW_HZ
            ear.add(frame, "effect", "stereo_width", 1.0, {"mono_below_hz": corner})
        return numbers[:1]
    if wish.wish == "do":
        ear.add(frame, "effect", "stereo_width", 1.0, {"width": 0.0})
    absolute = frame.quantities("lufs", "dbtp", "dbfs")  # "-16 LUFS mono"
    return levels(ear, frame, wish, absolute) if absolute and wish.wish == "do" else []


def _names_the_bass(ear: Ear, frame: Frame) -> bool:
    """ "The bass in the middle" is one phrase, which names its region."""
    known = ear.context.lexicon.phrases.by_words
    words = frame.subject.spelt.split() if frame.subject else []
    meant = [known.get((word,)) for word in words]
    return any(each is not None and each.role == "area" and each.subject in ("sub", "bass") for each in meant)


def effect_by_parameter(ear: Ear, frame: Frame, effect: str) -> list[Token]:
    given, used = given_to(effect, frame)
    if given:
        ear.add(frame, "effect", effect, 1.0, given)
    return used


def _nearest_built_in(ear: Ear, name: str) -> str:
    made = HostedPlugin.model_validate({"plugin": {"name": name[:200]}})
    near = ear.context.players.instead(made) if ear.context.players else None
    return f"; of the built-in effects {near.title.lower()} comes nearest" if near is not None else ""


def unknown_plugin(ear: Ear, frame: Frame) -> None:
    if not frame.has("use"):
        return
    name = " ".join(token.text for token in frame.tokens if token.role == "unknown")
    if name:
        known = nearest(name, [plugin.name for plugin in ear.context.plugins])
        hint = f"; the nearest is {known}" if known else "; `dawbridge plugins list` shows what there is"
        hint += _nearest_built_in(ear, name)
        ear.impossible.append(f"{frame.text}: no plugin is called {name!r}{hint}.")
