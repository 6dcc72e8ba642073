"""What rendering asks of a plugin host; `hosting` fulfils it and `bootstrap` hands it in."""

from __future__ import annotations

from typing import Protocol

from bridge.effects.effect import Effect
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.processor import Processor


class PluginPort(Protocol):
    def processor(self, effect: HostedPlugin, rate: int, channels: int) -> Processor:
        """A loaded plugin, set, ready for a stream. Raises PluginFailed, which names the plugin."""
        ...

    def substitute(self, effect: HostedPlugin) -> Effect | None:
        """The built-in effect that comes nearest to a plugin as it is set; None where none does."""
        ...
