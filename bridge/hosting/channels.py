"""How a plugin that takes one or two channels serves a sound that has another number of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Processor
from bridge.errors import PluginFailed

Layout = Literal["direct", "dual_mono", "as_stereo"]


def layout(channels: int, taken: Sequence[int], plugin: str) -> Layout:
    """`direct`, `dual_mono` (one instance a channel) or `as_stereo` (one channel on both sides, then their mean).

    taken: the numbers of channels that the plugin takes. PluginFailed (`channels`) where none serves.
    """
    if channels in taken:
        return "direct"
    if 1 in taken:
        return "dual_mono"
    if channels == 1 and 2 in taken:
        return "as_stereo"
    takes = " or ".join(str(number) for number in taken) or "no"
    raise PluginFailed(
        f"Plugin {plugin} takes {takes} channels; the sound has {channels}. Which of them belong in pairs is not for "
        "it to guess: split the sound into stereo and mono stems, or take a mono plugin or a built-in effect.",
        plugin,
        "channels",
    )


class Served(Protocol):
    """A processor that the renderer may ask for warnings."""

    latency_frames: int
    warnings: tuple[str, ...]

    def process(self, block: Samples) -> Samples: ...

    def flush(self) -> Samples: ...


class DualMono:
    """One instance a channel. Unlinked: what works on the level may move the stereo image."""

    def __init__(self, instances: Sequence[Processor]) -> None:
        self._instances = tuple(instances)
        self.warnings: tuple[str, ...] = ()
        self.latency_frames = max(instance.latency_frames for instance in self._instances)

    def process(self, block: Samples) -> Samples:
        return np.concatenate(
            [instance.process(block[n : n + 1]) for n, instance in enumerate(self._instances)]
        )

    def flush(self) -> Samples:
        return np.concatenate([instance.flush() for instance in self._instances])


class AsStereo:
    """A stereo plugin on one channel: fed on both sides, heard as the mean of both."""

    def __init__(self, instance: Processor) -> None:
        self._instance = instance
        self.warnings: tuple[str, ...] = ()
        self.latency_frames = instance.latency_frames

    def process(self, block: Samples) -> Samples:
        return _mean(self._instance.process(np.repeat(block, 2, axis=0)))

    def flush(self) -> Samples:
        return _mean(self._instance.flush())


def _mean(block: Samples) -> Samples:
    mean: Samples = np.mean(block, axis=0, keepdims=True, dtype=np.float32)
    return mean
