"""A plugin that cannot be used: what is told names the step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bridge.effects.gain import Gain
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import PluginFailed
from bridge.planning.plan import Plan, Step
from bridge.rendering.missing import MissingPlugin, without
from bridge.rendering.render import render
from tests.signals import sine


class NothingComesNear:
    """In the place of the plugins' room: no built-in effect can stand in."""

    def substitute(self, effect: HostedPlugin) -> None:
        return None


@pytest.mark.parametrize("policy", ["refuse", "substitute"])
def test_a_failure_that_is_told_anew_still_names_its_step(policy: MissingPlugin) -> None:
    step = Step(id="p1", effect="hosted_plugin", parameters={"plugin": {"name": "Gone"}, "parameters": {}})
    failed = PluginFailed("Plugin Gone is not on this machine.", "Gone", "missing")
    failed.step = "p1"
    port: Any = NothingComesNear()
    with pytest.raises(PluginFailed) as told:
        without(Plan(steps=(step,), request="by hand").with_id(), failed, policy, port)
    assert (told.value.step, told.value.plugin, told.value.fault) == ("p1", "Gone", "missing")
    assert len(told.value.message) > len(failed.message)


GAIN = Step(id="s1", effect="gain", parameters={"gain_db": -6.0})
GONE = Step(id="s2", effect="hosted_plugin", parameters={"plugin": {"name": "Gone"}, "parameters": {}})


class Gone:
    """In the place of the plugins' room: no plugin is there, and a gain of -6 dB stands in for each."""

    def processor(self, effect: HostedPlugin, rate: int, channels: int) -> Any:
        raise PluginFailed("Plugin Gone is not on this machine.", "Gone", "missing")

    def substitute(self, effect: HostedPlugin) -> Gain:
        return Gain(gain_db=-6.0)


@pytest.mark.parametrize(
    ("policy", "by", "factor"), [("bypass", None, 0.5012), ("substitute", "gain", 0.2512)]
)
def test_a_render_in_memory_tells_what_stands_in_for_a_plugin(policy, by, factor):
    sound = sine(1000.0, -10.0, 0.5)
    done = render(sound, Plan(steps=(GAIN, GONE)).with_id(), plugins=Gone(), missing_plugin=policy)
    assert [(item.step, item.plugin, item.by, item.fault) for item in done.replaced] == [
        ("s2", "Gone", by, "missing")
    ]
    assert not done.ok and [check.name for check in done.checks if not check.ok] == ["plugin"]
    assert "Gone" in done.warnings[0] and done.plan is not None and len(done.plan.steps) == 2
    np.testing.assert_allclose(done.audio.samples, factor * sound.samples, atol=1e-4)


def test_stems_in_memory_tell_it_once_for_all_of_them():
    stems = {"vocals": sine(1000.0, -10.0, 0.5), "drums": sine(500.0, -10.0, 0.5)}
    done = render(stems, Plan(steps=(GONE,)).with_id(), plugins=Gone(), missing_plugin="bypass")
    assert [item.step for item in done.replaced] == ["s2"]
    assert [check.name for check in done.checks if not check.ok] == ["plugin"] and not done.ok


def test_without_a_policy_a_missing_plugin_ends_the_render():
    with pytest.raises(PluginFailed, match="missing_plugin"):
        render(sine(1000.0, -10.0, 0.5), Plan(steps=(GONE,)).with_id(), plugins=Gone())


@pytest.mark.parametrize(
    ("repeatable", "exact", "why"), [(True, True, None), (False, False, "twice"), (None, None, "nobody")]
)
def test_a_render_in_memory_says_whether_it_can_be_repeated(repeatable, exact, why):
    class Playing(Gone):
        def processor(self, effect: HostedPlugin, rate: int, channels: int) -> Any:
            made: Any = Gain(gain_db=0.0).processor(rate, channels)
            made.repeatable = repeatable
            return made

    done = render(sine(1000.0, -10.0, 0.5), Plan(steps=(GONE,)).with_id(), plugins=Playing())
    assert done.bit_exact is exact
    assert done.bit_exact_reason is None if why is None else why in str(done.bit_exact_reason)
    stems = render({"a": sine(1000.0, -10.0, 0.5)}, Plan(steps=(GONE,)).with_id(), plugins=Playing())
    assert stems.bit_exact is exact
