"""Steps that a hosted plugin plays: our effect is made as always, scaled and clamped, then the plugin plays it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from bridge.effects import BY_NAME
from bridge.effects.effect import Effect
from bridge.effects.equalizer import Band, Equalizer
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadInput, BadPlan
from bridge.planning.bench import Bench, Lost, Player
from bridge.planning.context import KnownPlugin
from bridge.planning.draft import Draft, quoted
from bridge.planning.intent import PRESET, Intent
from bridge.planning.plan import Step
from bridge.planning.plugins import lost as losses
from bridge.planning.versions import same_plugin

_DYNAMICS = frozenset(("compressor", "gate", "limiter"))


def give(bench: Bench, intent: Intent) -> None:
    """An effect at a place to the plugin that shall play it."""
    bench.players[intent.subject, intent.where] = Player(str(intent.given.get("plugin", "")), intent.words)


def plugin_wish(bench: Bench, intent: Intent) -> str | None:
    """A plugin by its name. The effect to make where it plays one of ours by a trusted map; None where it is done."""
    plugin = bench.context.plugin_or_missing(intent.subject)
    preset = intent.given.get(PRESET)
    own = {name: value for name, value in intent.given.items() if name != PRESET}
    if plugin.absent:
        return _instead(bench, intent, plugin, own)
    effect = next((effect for effect, trusted in plugin.plays.items() if trusted), None)
    if effect is not None and preset is None:
        bench.players[effect, intent.where] = Player(
            plugin.name, intent.words, own, intent, spoken=len(bench.drafts) - 0.5
        )
        return effect
    _as_it_stands(bench, intent, plugin, own, preset)
    return None


def _instead(bench: Bench, intent: Intent, plugin: KnownPlugin, own: dict[str, float | str]) -> str | None:
    """A plugin that is missing: the built-in effect that comes nearest, with what was said translated.

    None, and nothing plays, where only the sound of its name says what it may be, which is too little to play by.
    """
    missing = HostedPlugin.model_validate({"plugin": {"name": plugin.name[:200]}, "parameters": own})
    near = bench.context.players.instead(missing) if bench.context.players else None
    effect = near.name if near is not None else next(iter(plugin.plays), None)
    if effect is None or not (plugin.plays or plugin.file):
        bench.lost.append(losses.lost(bench.context, plugin, None, intent.where, effect))
        return None
    bench.players[effect, intent.where] = Player(plugin.name, intent.words)
    said = near.model_dump(mode="json", exclude_unset=True) if near is not None and own else {}
    if said:
        draft = bench.draft(effect, intent)
        draft.put(said, said=True)
        draft.because(quoted(intent))
    return effect


def _as_it_stands(
    bench: Bench,
    intent: Intent,
    plugin: KnownPlugin,
    own: dict[str, float | str],
    preset: float | str | None = None,
    spoken: float | None = None,
) -> None:
    """A plugin that plays none of our effects, or a preset of it: its own settings and what was said of them."""
    found: dict[str, Any] = {}
    if preset is not None and bench.context.players is not None:
        try:
            found = bench.context.players.preset(plugin.name, str(preset)).parameters()
        except BadInput as error:
            bench.impossible.append(f"{quoted(intent)}: {error.message}")
            return
    draft = bench.draft("hosted_plugin", intent, plugin.name)
    draft.spoken = draft.spoken if spoken is None else spoken
    identity = plugin.model_dump(include={"name", "file", "identifier", "version"}, exclude_none=True)
    identity["name"] = plugin.called or plugin.name
    draft.parameters.update({key: value for key, value in found.items() if value} | {"plugin": identity})
    values = draft.parameters.setdefault("parameters", {})
    values.update(_held(bench, plugin, own))
    draft.because(quoted(intent))
    _caution(bench, plugin)


def _caution(bench: Bench, plugin: KnownPlugin) -> None:
    if plugin.caution:
        bench.warnings.append(f"{plugin.name} {plugin.caution}.")


def _held(bench: Bench, plugin: KnownPlugin, own: dict[str, float | str]) -> dict[str, float | str]:
    values: dict[str, float | str] = {}
    for name, value in own.items():
        span = plugin.parameters.get(name)
        held = max(span[0], min(span[1], float(value))) if span else value
        if held != value:
            unit = _UNITS.get(name.rpartition("_")[2].lower(), "")
            bench.warnings.append(f"{plugin.name} {name}: {value:g}{unit} is held at {held:g}{unit}.")
        values[name] = held
    return values


_BANDS = re.compile(r"eq(?![a-z])|\dk?hz|freq|band", re.IGNORECASE)
"""In the names of a plugin and of its parameters: it is some equalizer."""


def _flat_equalizers(bench: Bench) -> None:
    """A plugin that is some equalizer, and of which nobody knows how, stands flat beside the bands that were said."""
    for draft in bench.drafts.values():
        if draft.effect != "hosted_plugin" or draft.parameters.get("parameters"):
            continue
        plugin = bench.context.plugin(str(draft.parameters["plugin"]["name"]))
        bands = bench.find("equalizer", draft.where)
        if plugin is None or draft.parameters.get("state_base64") or bands is None or not bands.bands:
            continue
        if any(map(_BANDS.search, (plugin.name, *plugin.parameters))) and not any(plugin.plays.values()):
            bench.warnings.append(
                f"{plugin.name} plays as it stands, because no map says how it plays an equalizer; the built-in "
                "equalizer plays what was said of frequencies."
            )


def settle_players(bench: Bench) -> None:
    """Whom was asked to play, and can: the others give way to the built-in effects, which is said."""
    _flat_equalizers(bench)
    for (effect, where), player in list(bench.players.items()):
        plugin = bench.context.plugin_or_missing(player.plugin)
        lost = losses.why_not(bench.context, plugin, effect, where)
        if lost is not None:
            del bench.players[effect, where]
            bench.lost.append(lost)
            continue
        chosen = _for_channels(bench, plugin, effect, where)
        _caution(bench, chosen)
        bench.players[effect, where] = replace(player, plugin=chosen.name)
        if effect == "equalizer" and bench.find(effect, where) is None and player.alone is not None:
            _as_it_stands(bench, player.alone, chosen, player.own, spoken=player.spoken)
            bench.warnings.append(f"{chosen.name} plays as it stands; say a frequency or a colour to go on.")
        elif effect == "equalizer" and bench.find(effect, where) is None:
            bench.satisfied.append(
                f'"{player.words}": the spectrum needs no correction; say a frequency or a colour, and '
                f"{chosen.name} plays it."
            )


def _for_channels(bench: Bench, plugin: KnownPlugin, effect: str, where: str) -> KnownPlugin:
    """Two unlinked mono dynamics may move the image: the plugin's stereo version plays where it is installed."""
    analysis = bench.context.analysis(where)
    stereo = analysis is None or analysis.channels > 1
    if not stereo or effect not in _DYNAMICS or not plugin.channels or 2 in plugin.channels:
        return plugin
    for other in bench.context.plugins:
        same = other is not plugin and same_plugin(other.name, plugin.name)
        if same and 2 in other.channels and not other.absent and other.plays.get(effect):
            bench.warnings.append(f"{plugin.name} is mono; {other.name} plays, so that the image stays.")
            return other
    bench.warnings.append(
        f"{plugin.name} is mono and plays each channel for itself, so that the image may move."
    )
    return plugin


def asked_by_name(bench: Bench, draft: Draft) -> bool:
    """Whether the plugin itself was asked for, and stays although there is nothing to do for it."""
    player = bench.players.get((draft.effect, draft.where))
    return player is not None and player.alone is not None


def limit_first(bench: Bench, limiter: Draft, loudness: Draft) -> bool:
    """A plugin limits before the loudness step lifts, as low as it must for that step to have nothing to limit.

    False where no plugin plays the limiter.
    """
    if (limiter.effect, limiter.where) not in bench.players:
        return False
    limiter.before_loudness = True
    analysis = bench.context.analysis(limiter.where)
    now = analysis.number("integrated_loudness") if analysis else None
    ceiling = float(limiter.parameters["ceiling_dbtp"])
    loudness.put({"ceiling_dbtp": ceiling}, said="ceiling_dbtp" in limiter.said)
    if now is not None:
        lift_db = float(loudness.parameters["target_lufs"]) - now
        limiter.put({"ceiling_dbtp": round(ceiling - lift_db, 1)}, said=True)
        limiter.because(f"{ceiling:g} dBTP once the loudness step has lifted it by {lift_db:+.1f} dB")
    return True


def played(bench: Bench, draft: Draft, step: Step) -> tuple[Step, ...]:
    """The step as the plugin plays it; the built-in one where none shall, or where the plugin cannot.

    Of an equaliser, bands that the plugin does not have stay a step of the built-in one behind it.
    """
    player = bench.players.get((draft.effect, draft.where))
    if player is None or bench.context.players is None:
        return (step,)
    if draft.effect != "equalizer":
        return (_step(bench, player, step) or step,)
    whole = Equalizer.model_validate(step.parameters)
    fitting, rest = _divided(bench, player, whole)
    steps = []
    if fitting:
        made = _only(step, whole, fitting)
        steps.append(_step(bench, player, made) or made)
    if rest:
        steps.append(_only(step, whole, rest))
        why = f"{player.plugin} has no band for {Equalizer(bands=rest).describe()}"
        if fitting:
            bench.warnings.append(f"{why}; the built-in equalizer plays that.")
        else:
            bench.lost.append(Lost(player.plugin, "equalizer", draft.where, "unmapped", why))
    return tuple(steps)


def _only(step: Step, whole: Equalizer, bands: tuple[Band, ...]) -> Step:
    """The equalizer's step with some of its bands."""
    part = Equalizer(bands=bands)
    reason = step.reason.replace(whole.describe(), part.describe())
    return step.model_copy(update={"parameters": part.parameters(), "reason": reason})


def _divided(bench: Bench, player: Player, whole: Equalizer) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
    """Bands in order: those that the plugin has room for, and the others."""
    fitting: tuple[Band, ...] = ()
    rest: tuple[Band, ...] = ()
    assert bench.context.players is not None
    for band in whole.bands:
        try:
            bench.context.players.play(player.plugin, Equalizer(bands=(*fitting, band)))
            fitting = (*fitting, band)
        except BadPlan:
            rest = (*rest, band)
    return fitting, rest


def _step(bench: Bench, player: Player, step: Step) -> Step | None:
    """The step played by the plugin; None, with a warning, where it cannot."""
    plugin = bench.context.plugin(player.plugin)
    assert plugin is not None and bench.context.players is not None
    own = _held(bench, plugin, player.own)
    built_in = BY_NAME[step.effect].model_validate(step.parameters)
    effect = _with_its_own(bench, plugin, own, built_in)
    try:
        hosted, notes = bench.context.players.play(plugin.name, effect)
    except BadPlan as error:
        why = error.message.rstrip(".")
        bench.lost.append(Lost(plugin.name, step.effect, step.where, "unmapped", why))
        return None
    mixed = [
        note for note in notes if note.startswith(f"{plugin.called or plugin.name} has nothing for mix = ")
    ]
    wet = step.wet * float(step.parameters["mix"]) if mixed else step.wet
    bench.warnings += [note for note in notes if note not in mixed]
    parameters = hosted.parameters()
    parameters["parameters"].update(own)
    by = f"played by {plugin.name}" + (
        f" with {', '.join(f'{k} {_short(v)}' for k, v in own.items())}" if own else ""
    )
    reason = f"{step.reason.replace(built_in.describe(), effect.describe()).rstrip('.')}; {by}."
    update = {"effect": "hosted_plugin", "parameters": parameters, "reason": reason, "wet": wet}
    return step.model_copy(update=update)


def _with_its_own(bench: Bench, plugin: KnownPlugin, own: dict[str, float | str], effect: Effect) -> Effect:
    """The effect with what was said in the plugin's own parameters, as ours, so that one number is told. A make-up
    that was said is not measured."""
    if not own or bench.context.players is None:
        return effect
    said = HostedPlugin.model_validate({"plugin": {"name": plugin.called or plugin.name}, "parameters": own})
    ours = bench.context.players.instead(said)
    if ours is None or ours.name != effect.name:
        return effect
    values = {name: getattr(ours, name) for name in ours.model_fields_set if name != "bands"}
    if "makeup_db" in values and "auto_makeup" in type(effect).model_fields:
        values["auto_makeup"] = False
    return effect.model_copy(update=values)


_UNITS = {"db": " dB", "hz": " Hz", "ms": " ms", "s": " s"}


def _short(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
