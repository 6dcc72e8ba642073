"""Steps that a hosted plugin plays: our effect is made as always, scaled and clamped, then the plugin plays it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bridge.effects import BY_NAME
from bridge.effects.equalizer import Band, Equalizer
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadInput, BadPlan
from bridge.planning.bench import Bench, Lost, Player
from bridge.planning.context import NOT_HERE, Context, KnownPlugin
from bridge.planning.draft import Draft, quoted
from bridge.planning.intent import PRESET, Intent
from bridge.planning.nearest import nearest
from bridge.planning.plan import Step
from bridge.planning.replaced import Replaced
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
        bench.players[effect, intent.where] = Player(plugin.name, intent.words, own, intent)
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
        bench.lost.append(_lost(bench.context, plugin, None, intent.where, effect))
        return None
    bench.players[effect, intent.where] = Player(plugin.name, intent.words)
    said = near.model_dump(mode="json", exclude_unset=True) if near is not None and own else {}
    if said:
        draft = bench.draft(effect, intent)
        draft.put(said, said=True)
        draft.because(quoted(intent))
    return effect


def _lost(
    context: Context, plugin: KnownPlugin, effect: str | None, where: str, near: str | None = None
) -> Lost:
    """A plugin that is not here or cannot be used, with what comes nearest to it.

    near: the built-in effect that its name speaks of.
    """
    fault = "unusable" if plugin.file else "missing"
    return Lost(
        plugin.name, effect, where, fault, f"{plugin.name} {plugin.absent}{_besides(context, plugin, near)}"
    )


def _besides(context: Context, plugin: KnownPlugin, near: str | None) -> str:
    """What may be taken instead: the user's plugins that play the same, or the one whose name comes nearest."""
    if plugin.absent != NOT_HERE:
        return ""
    here = [other for other in context.plugins if not other.absent]
    alike = [other.name for other in here if any(other.plays.get(effect) for effect in plugin.plays)]
    called = nearest(plugin.name, [other.name for other in here])
    if alike:
        return f" (of your plugins, {' or '.join(alike[:2])} can play that)"
    found = [f"the nearest plugin here is {called}"] if called else []
    found += [f"of the built-in effects {near.replace('_', ' ')} comes nearest"] if near else []
    return f" ({'; '.join(found)})" if found else ""


def _as_it_stands(
    bench: Bench, intent: Intent, plugin: KnownPlugin, own: dict[str, float | str], preset: float | str | None
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
            bench.warnings.append(f"{plugin.name} {name}: {value} is held at {held:g}.")
        values[name] = held
    return values


def settle_players(bench: Bench) -> None:
    """Whom was asked to play, and can: the others give way to the built-in effects, which is said."""
    for (effect, where), player in list(bench.players.items()):
        plugin = bench.context.plugin_or_missing(player.plugin)
        lost = _why_not(bench.context, plugin, effect, where)
        if lost is not None:
            del bench.players[effect, where]
            bench.lost.append(lost)
            continue
        chosen = _for_channels(bench, plugin, effect, where)
        _caution(bench, chosen)
        bench.players[effect, where] = replace(player, plugin=chosen.name)
        if effect == "equalizer" and bench.find(effect, where) is None and player.alone is not None:
            _as_it_stands(bench, player.alone, chosen, player.own, None)
            bench.warnings.append(f"{chosen.name} plays as it stands; say a frequency or a colour to go on.")
        elif effect == "equalizer" and bench.find(effect, where) is None:
            bench.satisfied.append(
                f'"{player.words}": the spectrum needs no correction; say a frequency or a colour, and '
                f"{chosen.name} plays it."
            )


def settle_lost(bench: Bench, steps: Iterable[Step]) -> tuple[Replaced, ...]:
    """What plays for the plugins that cannot, once the steps are there; each is a warning, or where no step is left,
    a wish that cannot be met."""
    found: list[Replaced] = []
    made = list(steps)
    for lost in dict.fromkeys(bench.lost):
        wanted = (lost.effect, "loudness") if lost.effect == "limiter" else (lost.effect,)
        found_at = {step.effect: step for step in reversed(made) if step.where == lost.where}
        step = next((found_at[effect] for effect in wanted if effect in found_at), None)
        by = step.effect if step else None
        (bench.warnings if made else bench.impossible).append(lost.sentence(by))
        found.append(
            Replaced(
                step=step.id if step else "", plugin=lost.plugin, by=by, fault=lost.fault, why=f"{lost.why}."
            )
        )
    return tuple(found)


def _why_not(context: Context, plugin: KnownPlugin, effect: str, where: str) -> Lost | None:
    title = effect.replace("_", " ")
    if plugin.absent:
        return _lost(context, plugin, effect, where)
    command = f'`dawbridge plugins map "{plugin.name}" --effect {effect}`'
    if " " not in plugin.name:
        command = command.replace('"', "")
    if plugin.plays.get(effect):
        return None
    why = f"{plugin.name} has no map that says how it plays a {title} ({command} proposes one)"
    if effect in plugin.plays:
        why = f"Nobody has looked yet at how {plugin.name} would play a {title} ({command} shows it)"
    if plugin.caution:
        why = f"{why}; it {plugin.caution}"
    return Lost(plugin.name, effect, where, "unmapped", why)


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
    try:
        hosted, notes = bench.context.players.play(
            plugin.name, BY_NAME[step.effect].model_validate(step.parameters)
        )
    except BadPlan as error:
        why = error.message.rstrip(".")
        bench.lost.append(Lost(plugin.name, step.effect, step.where, "unmapped", why))
        return None
    bench.warnings += notes
    parameters = hosted.parameters()
    parameters["parameters"].update(_held(bench, plugin, player.own))
    reason = f"{step.reason.rstrip('.')}; played by {plugin.name}."
    return step.model_copy(update={"effect": "hosted_plugin", "parameters": parameters, "reason": reason})
