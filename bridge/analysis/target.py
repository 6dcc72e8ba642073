"""Target: what a delivery platform, a genre or a reference expects of each metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import BadInput


@dataclass(frozen=True)
class Span:
    """What is expected of one metric, in its unit.

    low, high: within them nothing is found; None is open. aim: what a remedy goes for; None means the nearest edge.
    """

    low: float | None = None
    high: float | None = None
    aim: float | None = None

    def nearest(self, value: float) -> float:
        """The value to go for from `value`."""
        if self.aim is not None:
            return self.aim
        raised = value if self.low is None else max(value, self.low)
        return raised if self.high is None else min(raised, self.high)

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def words(self, unit: str) -> str:
        """ "-15 to -13 LUFS", "at most -1 dBTP"."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g} {unit}"
        if self.high is not None:
            return f"at most {self.high:g} {unit}"
        return f"at least {self.low:g} {unit}"


@dataclass(frozen=True)
class Target:
    """name: what people ask for it by ("spotify"). title: for people. kind: platform, genre or reference.

    expects: metric name -> Span. source, date: where the numbers come from and when they were read there.
    """

    name: str
    title: str
    kind: str
    expects: Mapping[str, Span]
    source: str
    date: str
    words: tuple[str, ...] = field(default=())
    note: str = ""

    @classmethod
    def from_dict(cls, name: str, data: Mapping[str, Any]) -> Target:
        """A Target from the table of one TOML file of `presets/targets/`; `name` is the file's stem.

        Keys: `title`, `kind` ("platform" | "genre"), `source` (who says so, with an address or edition), `date`
        (when it was read, "2025-01"), `words` (what people call it, optional), `note` (optional), and
        `[expects.<metric>]` with any of `low`, `high`, `aim` in the metric's own unit and an optional `source`.
        Raises BadInput naming what is missing, unknown or upside down.
        """
        missing = [key for key in ("title", "kind", "source", "date", "expects") if not data.get(key)]
        if missing:
            raise BadInput(f"Target {name}: {', '.join(missing)} missing.")
        if data["kind"] not in ("platform", "genre"):
            raise BadInput(f"Target {name}: kind is platform or genre, not {data['kind']!r}.")
        expects = {metric: _span(name, metric, item) for metric, item in data["expects"].items()}
        words = tuple(data.get("words", ()))
        return cls(
            name,
            data["title"],
            data["kind"],
            expects,
            data["source"],
            str(data["date"]),
            words,
            data.get("note", ""),
        )


def _span(target: str, metric: str, data: Mapping[str, Any]) -> Span:
    from bridge.analysis.metrics import unit_of

    unit_of(metric)
    unknown = set(data) - {"low", "high", "aim", "source"}
    if unknown or not {"low", "high", "aim"} & set(data):
        raise BadInput(f"Target {target}, {metric}: wants low, high or aim, not {', '.join(sorted(data))}.")
    low, high, aim = (None if data.get(k) is None else float(data[k]) for k in ("low", "high", "aim"))
    if low is None and high is None:
        low = high = aim
    ordered = [x for x in (low, aim, high) if x is not None]
    if ordered != sorted(ordered):
        raise BadInput(f"Target {target}, {metric}: low, aim and high are not in rising order.")
    return Span(low, high, aim)
