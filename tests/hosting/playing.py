"""Playing sound through a processor as the renderer does."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.processor import Processor


def hosted(name: str, **parameters) -> HostedPlugin:
    return HostedPlugin(plugin={"name": name}, parameters=parameters)


def play(processor: Processor, sound: Audio, cuts: int = 65536) -> np.ndarray:
    """The aligned output, as long as the input [shape=(channels, frames)]."""
    parts = [processor.process(block) for block in sound.blocks(cuts)] + [processor.flush()]
    whole = np.concatenate(parts, axis=1)
    return whole[:, processor.latency_frames :]


def plugin(host, name: str, sound: Audio, cuts: int = 65536, **parameters) -> np.ndarray:
    return play(host.processor(hosted(name, **parameters), sound.rate, sound.channels), sound, cuts)
