"""Advice: findings and peaks of a running sound become suggestions, with patience.

Pure: it knows no clock but the one it is told. What is wrong must stand for a while before it is told (hold). It is
told once, and anew only after it has been gone for a while (release), has become clearly worse, or still stands after a
minute. No parameter is spoken of more often than every few seconds, and no suggestion moves one by more than a little:
whoever follows it hears what it did, and is told more if more is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.analysis.finding import Finding
from bridge.metering.watch import OVER_DBFS, Peak

LARGEST_MOVE_DB = 3.0
"""Of one suggestion; small enough to be tried while the music plays."""

CLIPPED = "clipped"
_HEADROOM_DBFS = -1.0
"""Where a peak that was over full scale is brought to; and below which it counts as gone."""


@dataclass(frozen=True)
class Patience:
    """Seconds: how long a finding stands before it is told; how long it is gone before it may be told as new; how far
    apart two suggestions for one parameter are; after how long the same is told again while it stands. worse_db: by how
    much it must have grown to be told again before that."""

    hold_s: float = 8.0
    release_s: float = 15.0
    every_s: float = 5.0
    again_s: float = 60.0
    worse_db: float = 2.0


@dataclass(frozen=True)
class Suggestion:
    """One parameter of one effect.

    code: of the finding. source: what was heard. parameter: the effect's, with its band where it has some.
    effect: what it does, in the effect's own words. step: the parameters of a plan's step that does it.
    """

    code: str
    source: str
    device: str
    parameter: str
    value: float
    unit: str
    reason: str
    effect: str
    step: Mapping[str, Any]

    @property
    def sentence(self) -> str:
        return f"{self.reason} Try {self.device}: {self.effect}."

    def to_json(self) -> dict[str, Any]:
        names = ("code", "source", "device", "parameter", "value", "unit", "reason", "effect")
        return {name: getattr(self, name) for name in names} | {"step": dict(self.step)}


@dataclass
class _Topic:
    """Something that is wrong. since: it stands without a gap; seen: the last time; told: the move that was told."""

    since_s: float
    seen_s: float
    told: float | None = None
    told_s: float = field(default=float("-inf"))


class Advisor:
    """Of one input. source: its name, for suggestions. Times are seconds of one clock that only goes on."""

    def __init__(self, source: str, patience: Patience | None = None) -> None:
        self.source = source
        self._patience = patience or Patience()
        self._topics: dict[str, _Topic] = {}
        self._spoken: dict[tuple[str, str], float] = {}

    def moment(self, findings: Iterable[Finding], now_s: float) -> tuple[Suggestion, ...]:
        """What is to be said after findings of the last seconds; the worst first, as they come."""
        standing = {finding.code: finding for finding in findings if finding.remedy is not None}
        for code, topic in tuple(self._topics.items()):
            if code not in standing and code != CLIPPED:
                self._gone(code, topic, now_s)
        told = []
        for finding in standing.values():
            topic = self._topics.setdefault(finding.code, _Topic(now_s, now_s))
            topic.seen_s = now_s
            made = suggestion_of(finding, self.source)
            held = now_s - topic.since_s >= self._patience.hold_s
            if made is not None and held and self._may_tell(topic, made, now_s):
                told.append(self._told(topic, made, now_s))
        return tuple(told)

    def peak(self, peak: Peak, now_s: float) -> Suggestion | None:
        """Full scale is told at once: nothing that was clipped comes back. It is over when it has stayed below the
        headroom for as long as a release."""
        topic = self._topics.get(CLIPPED)
        if peak.peak_dbfs < OVER_DBFS:
            if topic is not None and peak.peak_dbfs >= _HEADROOM_DBFS:
                topic.seen_s = now_s
            elif topic is not None:
                self._gone(CLIPPED, topic, now_s)
            return None
        if topic is None:
            topic = self._topics[CLIPPED] = _Topic(now_s, now_s)
        topic.seen_s = now_s
        made = _quieter(peak, self.source)
        return self._told(topic, made, now_s) if self._may_tell(topic, made, now_s) else None

    def _gone(self, code: str, topic: _Topic, now_s: float) -> None:
        """Not yet told: it begins anew when it comes back. Told: it must be gone for long before it is news again."""
        if topic.told is None or now_s - topic.seen_s >= self._patience.release_s:
            del self._topics[code]

    def _may_tell(self, topic: _Topic, made: Suggestion, now_s: float) -> bool:
        last = self._spoken.get((made.device, made.parameter))
        if last is not None and now_s - last < self._patience.every_s:
            return False
        if topic.told is None:
            return True
        grown = abs(made.value) >= abs(topic.told) + self._patience.worse_db
        return grown or now_s - topic.told_s >= self._patience.again_s

    def _told(self, topic: _Topic, made: Suggestion, now_s: float) -> Suggestion:
        topic.told, topic.told_s = made.value, now_s
        self._spoken[made.device, made.parameter] = now_s
        return made


def suggestion_of(finding: Finding, source: str) -> Suggestion | None:
    """What the finding's remedy says as one parameter; None where it is none of ours, or says nothing in numbers."""
    remedy = finding.remedy
    if remedy is None or not remedy.effect or not remedy.parameters:
        return None
    return suggested(finding.code, source, finding.sentence, remedy.effect, remedy.parameters)


def suggested(
    code: str, source: str, reason: str, effect: str, parameters: Mapping[str, Any]
) -> Suggestion | None:
    """The one parameter that matters most, bounded. None where the parameters are none of that effect's."""
    from bridge.effects import BY_NAME

    kind = BY_NAME.get(effect)
    if kind is None:
        return None
    bounded = _bounded(parameters)
    try:
        made = kind.model_validate(bounded)
    except ValueError:
        return None
    units = {name: one.unit for name, one in kind.quantities().items()}
    found = _foremost(bounded, units)
    if found is None:
        return None
    name, value, unit = found
    return Suggestion(code, source, effect, name, value, unit, reason, made.describe(), bounded)


def _quieter(peak: Peak, source: str) -> Suggestion:
    over_db = peak.peak_dbfs - _HEADROOM_DBFS
    move_db = -round(max(0.5, over_db), 1)
    samples = "1 sample" if peak.overs == 1 else f"{peak.overs} samples"
    reason = f"Peaks reach {peak.peak_dbfs:+.1f} dBFS ({samples} at full scale): converters clip them."
    made = suggested(CLIPPED, source, reason, "gain", {"gain_db": move_db})
    assert made is not None
    return made


def _bounded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Moves in dB (gains, of bands too) no larger than LARGEST_MOVE_DB; limits and times are no moves."""
    held: dict[str, Any] = {}
    for name, value in parameters.items():
        if isinstance(value, list):
            held[name] = [_bounded(each) if isinstance(each, Mapping) else each for each in value]
        elif name == "gain_db" or name == "right_over_left_db":
            # A value that is no number stays one, and is refused by the effect.
            held[name] = min(max(float(value), -LARGEST_MOVE_DB), LARGEST_MOVE_DB)
        else:
            held[name] = value
    return held


def _foremost(parameters: Mapping[str, Any], units: Mapping[str, str]) -> tuple[str, float, str] | None:
    """Name, value and unit of what is moved: a band's gain, or its frequency where it has none; else the first
    number, else the first switch."""
    bands = parameters.get("bands")
    if bands:
        return _of_band(bands[0])
    for name, value in parameters.items():
        if isinstance(value, bool):
            return name, float(value), "on" if value else "off"
        if isinstance(value, int | float):
            return name, float(value), units.get(name, "")
    return None


def _of_band(band: Mapping[str, Any]) -> tuple[str, float, str] | None:
    kind, hz = str(band.get("kind", "band")).replace("_", "-"), band.get("frequency_hz")
    if "gain_db" in band and hz is not None:
        q = f", Q {band['q']:g}" if "q" in band else ""
        return f"gain_db of {kind} at {hz:.0f} Hz{q}", float(band["gain_db"]), "dB"
    return None if hz is None else (f"frequency_hz of {kind}", float(hz), "Hz")
