"""Plugins that were asked for and cannot play: why, what comes nearest, and what plays in their place."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.planning.bench import Bench, Lost
from bridge.planning.context import NOT_HERE, Context, KnownPlugin
from bridge.planning.nearest import nearest
from bridge.planning.plan import Step
from bridge.planning.plugins.replaced import Replaced


def lost(
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


def settle_lost(bench: Bench, steps: Iterable[Step]) -> tuple[Replaced, ...]:
    """What plays for the plugins that cannot, once the steps are there; each is a warning, or where no step is left,
    a wish that cannot be met."""
    found: list[Replaced] = []
    made = list(steps)
    for item in dict.fromkeys(bench.lost):
        wanted = (item.effect, "loudness") if item.effect == "limiter" else (item.effect,)
        found_at = {step.effect: step for step in reversed(made) if step.where == item.where}
        step = next((found_at[effect] for effect in wanted if effect in found_at), None)
        by = step.effect if step else None
        (bench.warnings if made else bench.impossible).append(item.sentence(by))
        found.append(
            Replaced(
                step=step.id if step else "", plugin=item.plugin, by=by, fault=item.fault, why=f"{item.why}."
            )
        )
    return tuple(found)


def why_not(context: Context, plugin: KnownPlugin, effect: str, where: str) -> Lost | None:
    title = effect.replace("_", " ")
    if plugin.absent:
        return lost(context, plugin, effect, where)
    command = f'`dawbridge plugins map "{plugin.name}" --effect {effect}`'
    if " " not in plugin.name:
        command = command.replace('"', "")
    if plugin.plays.get(effect):
        return None
    why = f"{plugin.name} has no map that says how it plays a {title} ({command} proposes one where its names fit)"
    if effect in plugin.plays:
        why = f"Nobody has looked yet at how {plugin.name} would play a {title} ({command} shows it)"
    if plugin.caution:
        why = f"{why}; it {plugin.caution}"
    return Lost(plugin.name, effect, where, "unmapped", why)
