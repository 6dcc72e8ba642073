"""A served plugin as rendering knows it: what is known of it, and whether it came out louder than anybody asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from bridge.analysis.interpolation import peak_between
from bridge.audio import Samples
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.processor import Processor
from bridge.hosting.guard import HEARD
from bridge.hosting.record import PluginRecord
from bridge.units import db_from_gain, gain_from_db

FLOOD_MB = 1.0
"""What a plugin may print beyond the room of its process's log before the result says so."""

MOST_DBTP = 12.0
"""A float file bears it, no converter and few plugins after it do."""

MOST_OVER_INPUT_DB = 24.0

_BETWEEN_DB = 6.0
"""How much of a rise may be the input's own peaks between its samples, which nobody looks for."""

_RAISES = re.compile(r"gain|make|out|level|drive|boost|input|trim|volume|peak", re.IGNORECASE)
_CONTEXT = 64
"""Frames of the block before that stand with each one; the interpolator sees six to each side."""


class PeakWatch:
    """The loudest true peak (BS.1770-5 Annex 2, four times oversampled) that a plugin was given and gave.

    asked_db: gain that its settings ask for; None where a state holds settings that nobody can read.
    """

    def __init__(self, asked_db: float | None) -> None:
        self._asked_db = asked_db
        self._in = 0.0
        self._out = 0.0
        self._before: Samples | None = None

    def sent(self, block: Samples) -> None:
        self._in = max(self._in, float(np.max(np.abs(block), initial=0.0)))

    def got(self, block: Samples) -> None:
        loudest = float(np.max(np.abs(block), initial=0.0))
        # Between samples a peak can be twice as high, hardly ever more; most sound stays far below all limits.
        if loudest > 0.5 * max(self._out, gain_from_db(MOST_DBTP)):
            loudest = max(loudest, self._between(block))
        self._out = max(self._out, loudest)
        self._before = block[:, -_CONTEXT:].copy()

    def _between(self, block: Samples) -> float:
        """The peak between the samples, without those whose neighbours are not here."""
        joined = block if self._before is None else np.concatenate([self._before, block], axis=1)
        return peak_between(joined)

    def warnings(self, plugin: str) -> Iterator[str]:
        """Sentences, once the stream is over."""
        level, before = db_from_gain(self._out), db_from_gain(self._in)
        if level is None or before is None or self._in < HEARD:
            return
        rise, asked = level - before, self._asked_db
        leaps = asked is not None and rise > MOST_OVER_INPUT_DB + asked
        if leaps or (level > MOST_DBTP + (asked or 0.0) and rise > (asked or 0.0) + _BETWEEN_DB):
            yield (
                f"{plugin} came out with a true peak of {level:+.1f} dBTP, {rise:.0f} dB over its input, "
                "without such a gain being asked for."
            )


def asked_gain_db(effect: HostedPlugin, record: PluginRecord) -> float | None:
    """All that the step's settings may raise the level by, in dB; None where its state may hold more."""
    if effect.state_base64:
        return None
    raising = {item.name for item in record.settable if item.unit == "dB" and _RAISES.search(item.name)}
    highest = {name: value for name, value in effect.settings.items() if isinstance(value, (int, float))}
    for name, points in effect.automation.items():
        highest[name] = max(value for _, value in points)
    return sum(max(0.0, float(value)) for name, value in highest.items() if name in raising)


class Heard:
    """A processor with what the renderer may ask: `warnings`, `tail_s` (0 where nobody has measured one, None where the
    scan did not hear its end), `repeatable` (None where nobody knows), and `afterwards`.

    dropped_mb: of what it printed in processes of its own.
    """

    def __init__(
        self,
        processor: Processor,
        effect: HostedPlugin,
        record: PluginRecord,
        dropped_mb: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._processor = processor
        self._dropped_mb = dropped_mb
        self._watch = PeakWatch(asked_gain_db(effect, record))
        self._name = record.name
        self.latency_frames = processor.latency_frames
        self.warnings: tuple[str, ...] = ()
        deep = record.deep
        self.repeatable = None if deep is None else deep.deterministic
        self.tail_s = 0.0 if deep is None else deep.tail_s

    def process(self, block: Samples) -> Samples:
        self._watch.sent(block)
        out = self._processor.process(block)
        self._watch.got(out)
        return out

    def flush(self) -> Samples:
        out = self._processor.flush()
        self._watch.got(out)
        return out

    @property
    def afterwards(self) -> tuple[str, ...]:
        return (*self._watch.warnings(self._name), *self._flood())

    def _flood(self) -> Iterator[str]:
        if (dropped_mb := self._dropped_mb()) >= FLOOD_MB:
            yield f"{self._name} floods its log ({dropped_mb:.0f} MB dropped)."
