"""A processor with the gain behind it that gives back the loudness it took: measured make-up for what has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bridge.audio import Samples
from bridge.effects.processor import Processor, Sound
from bridge.units import gain_from_db


def as_loud(sound: Sound, made: Callable[[], Processor]) -> AsLoud:
    """What `made` makes, as loud as `sound` by integrated loudness (BS.1770-5), which it shall work on.

    It is made twice: a first one hears the sound and is gone before the second, so that no plugin stands beside itself.
    """
    from bridge.effects.dsp.makeup import matching_db

    gain_db = matching_db(sound, made())
    return AsLoud(made(), gain_db)


class AsLoud:
    """What the processor offers besides (`warnings`, `tail_s` ...) is offered on."""

    def __init__(self, inner: Processor, gain_db: float) -> None:
        self._inner = inner
        self._gain = np.float32(gain_from_db(gain_db))
        self.latency_frames = inner.latency_frames

    def __getattr__(self, name: str) -> Any:
        if name == "_inner":
            raise AttributeError(name)
        return getattr(self._inner, name)

    def process(self, block: Samples) -> Samples:
        return np.asarray(self._inner.process(block) * self._gain, np.float32)

    def flush(self) -> Samples:
        return np.asarray(self._inner.flush() * self._gain, np.float32)
