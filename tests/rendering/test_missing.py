"""A plugin that cannot be used: what is told names the step."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import PluginFailed
from bridge.planning.plan import Plan, Step
from bridge.rendering.missing import MissingPlugin, without


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
