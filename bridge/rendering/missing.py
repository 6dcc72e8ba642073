"""A plugin that cannot be used: refused, or its step replaced, and the result says so."""

from __future__ import annotations

from typing import Literal

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import PluginFailed
from bridge.planning.plan import Outcome, Plan, Step
from bridge.planning.plugins.replaced import Replaced as Asked
from bridge.rendering.check import Check
from bridge.rendering.placing import effect_of
from bridge.rendering.plugins import PluginPort

MissingPlugin = Literal["refuse", "substitute", "bypass"]
"""refuse: no sound without the plugin. substitute: the built-in effect that comes nearest; refused where none does.
bypass: the sound goes past the step."""


class Replaced(Asked):
    """A plugin that was asked for and does not play, and the check that misses it."""

    def check(self) -> Check:
        """The promise that is not kept."""
        got = self.by or "bypass"
        return Check(name="plugin", asked=self.plugin, got=got, unit="", ok=False, reason=self.why)


def asked_in_words(plan: Plan, asked: MissingPlugin | None = None) -> tuple[Replaced, ...]:
    """What the planning has found already: plugins that the words asked for and that cannot play.

    asked: the request's own policy; where that refuses, PluginFailed for the first of them.
    """
    found = tuple(Replaced.model_validate(item.model_dump()) for item in plan.replaced)
    if found and asked == "refuse":
        failed = PluginFailed(found[0].why, found[0].plugin, found[0].fault)
        failed.step = found[0].step
        raise failed
    return found


def told(outcome: Outcome, asked: MissingPlugin | None = None) -> tuple[str, ...]:
    """The warnings of a plan from words: where the request refuses to go on without a plugin, none says what plays in
    its place, because nothing will."""
    lost = outcome.plan.replaced if outcome.plan is not None and asked == "refuse" else ()
    why = tuple(dict.fromkeys(item.why.rstrip(".") for item in lost))
    refused = "; nothing is rendered without it, because the request says missing_plugin = refuse."
    found = [
        (warning, next((text for text in why if warning.startswith(text)), None))
        for warning in outcome.warnings
    ]
    return tuple(warning if text is None else f"{text}{refused}" for warning, text in found)


def without(
    plan: Plan, failed: PluginFailed, policy: MissingPlugin, plugins: PluginPort
) -> tuple[Plan, Replaced]:
    """The plan as it can be rendered without the plugin of `failed.step`: a plan of its own, made from that one.

    Raises `failed` where the policy does not allow it (a missing plugin: with what would), PluginFailed where nothing
    can stand in.
    """
    step = next((item for item in plan.steps if item.id == failed.step), None)
    if step is None or step.effect != "hosted_plugin":
        raise failed
    if policy == "refuse":
        raise _with_a_way_on(failed)
    other = _bypassed(step, failed) if policy == "bypass" else _substituted(step, failed, plugins)
    steps = tuple(other if item is step else item for item in plan.steps)
    replaced = Replaced(
        step=step.id,
        plugin=str(step.parameters["plugin"]["name"]),
        by=other.effect if other.enabled else None,
        fault=failed.fault,
        why=failed.message,
    )
    return plan.model_copy(update={"steps": steps, "parent_id": plan.id}).with_id(), replaced


def _with_a_way_on(failed: PluginFailed) -> PluginFailed:
    """What is not there today will not be there on the next try; a crash may have been an accident."""
    if failed.fault != "missing":
        return failed
    hint = "To go on without it, allow missing_plugin = substitute or bypass."
    return _said_so(failed, hint)


def _said_so(failed: PluginFailed, more: str) -> PluginFailed:
    """The same failure of the same step, with one more sentence."""
    told = PluginFailed(f"{failed.message} {more}", failed.plugin, failed.fault)
    told.step = failed.step
    return told


def _bypassed(step: Step, failed: PluginFailed) -> Step:
    return step.model_copy(update={"enabled": False, "reason": f"left out: {failed.message}"})


def _substituted(step: Step, failed: PluginFailed, plugins: PluginPort) -> Step:
    effect = effect_of(step)
    assert isinstance(effect, HostedPlugin)
    built_in = plugins.substitute(effect)
    if built_in is None:
        raise _said_so(failed, "No built-in effect can stand in for it as it is set.")
    return step.model_copy(
        update={
            "effect": built_in.name,
            "parameters": built_in.parameters(),
            "clamped_from": {},
            "reason": f"stands in for a plugin: {failed.message}",
        }
    )
