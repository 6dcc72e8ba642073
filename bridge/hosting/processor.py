"""One plugin instance at work in this process, on its main thread, behind the Processor protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.errors import PluginFailed
from bridge.hosting import floating
from bridge.hosting.guard import OutputGuard
from bridge.hosting.pace import BLOCK, Pace
from bridge.hosting.parameters import Raw

Automation = Callable[[int], Mapping[str, Raw]]
"""Frame of the input -> raw values to set before the block that starts there."""


class PluginProcessor:
    """plugin: loaded, set up for `channels`, primed and reset. hidden_latency_frames: what it does not report;
    negative where it reports more than it has.

    beat: called after every stretch of sound, as a sign of life. one_sided: see OutputGuard. pace: how long it may
    take.
    """

    def __init__(
        self,
        plugin: Any,
        rate: int,
        channels: int,
        *,
        hidden_latency_frames: int = 0,
        automation: Automation | None = None,
        beat: Callable[[], None] | None = None,
        one_sided: bool = False,
        pace: Pace | None = None,
    ) -> None:
        self._plugin = plugin
        self._name = str(plugin.name)
        self._rate = rate
        self._reported = int(plugin.reported_latency_samples)
        self.latency_frames = self._reported + hidden_latency_frames
        self._lead = max(0, -hidden_latency_frames)
        self._automation = automation
        self.beat = beat
        self._guard = OutputGuard(self._name, rate, channels, one_sided)
        self._held: Samples = np.zeros((channels, self._lead), np.float32)
        self._pace = pace or Pace(self._name, rate)
        self._fed = 0
        self._given = 0

    def process(self, block: Samples) -> Samples:
        """Whole blocks of BLOCK frames go through at once, the rest waits for the next call."""
        waiting = np.concatenate([self._held, block], axis=1) if self._held.size else block
        ready = waiting.shape[1] - waiting.shape[1] % BLOCK
        self._held = waiting[:, ready:].copy()
        return self._through(waiting[:, :ready])

    def flush(self) -> Samples:
        """The rest and the latency, pushed out with silence; the stream is then `latency_frames` longer than it was."""
        whole = self._fed + self._held.shape[1] - self._lead + self.latency_frames
        padding = self._reported + max(0, self.latency_frames - self._reported)
        padding += -(self._held.shape[1] + padding) % BLOCK
        rest = np.pad(self._held, ((0, 0), (0, padding)))
        self._held = self._held[:, :0]
        missing = whole - self._given
        out = self._through(rest)[:, :missing]
        self._guard.end(missing - out.shape[1])
        return out

    def _through(self, ready: Samples) -> Samples:
        """[shape=(channels, multiple of BLOCK)] through the plugin.

        pedalboard keeps the reported latency to itself at the start; silence stands in for it here, so that as much
        comes out as goes in. Where the plugin is not as late as it says, silence goes in first for pedalboard to eat.
        """
        parts: list[Samples] = []
        if ready.shape[1] and not self._fed:
            parts.append(np.zeros((ready.shape[0], self._reported - self._lead), np.float32))
        start = 0
        while start < ready.shape[1]:
            piece = ready[:, start : start + (BLOCK if self._automation is not None else self._pace.step)]
            parts.append(self._call(piece))
            start += piece.shape[1]
        out = np.concatenate(parts, axis=1) if parts else ready
        self._given += out.shape[1]
        return out

    def _call(self, piece: Samples) -> Samples:
        before = perf_counter()
        if self._automation is not None:
            for key, raw in self._automation(self._fed - self._lead).items():
                self._plugin.parameters[key].raw_value = raw
        try:
            with floating.kept():
                got = self._plugin.process(piece, self._rate, buffer_size=BLOCK, reset=False)
        except (RuntimeError, ValueError, TypeError) as error:
            raise PluginFailed(
                f"Plugin {self._name} refused the sound: {error}", self._name, "refused"
            ) from error
        self._fed += piece.shape[1]
        if self.beat is not None:
            self.beat()
        self._pace.took(piece.shape[1], perf_counter() - before)
        return self._guard.block(piece, got)
