"""Target: what a delivery platform, a genre or a reference expects of each metric and of the spectrum's shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bridge.analysis.spectral_shape import Shape

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis

KINDS = ("platform", "genre")
"""What a TOML file may describe; a reference is made of an analysis instead."""

LIKE_THE_REFERENCE: dict[str, float] = {
    "integrated_loudness": 1.0,
    "loudness_range": 3.0,
    "plr": 3.0,
    "side_to_mid": 3.0,
}
"""How far a sound may lie from a reference in each metric, in its unit: own judgement. 1 LU is what broadcasters allow
live programmes (EBU R 128, from memory); the rest is what two good masters of one song differ by without a word."""

NEARLY_MONO_DB = -30.0
"""Side to mid below which nobody hears how narrow a sound is; own judgement."""

SHAPE_LIKE_THE_REFERENCE_DB = 3.0
"""The same for each named band of the level-aligned spectrum; own judgement."""


@dataclass(frozen=True)
class Span:
    """What is expected of one metric, in its unit.

    low, high: within them nothing is found; None is open. aim: what a remedy goes for; None means the nearest edge.
    source, date: who says so, and when that was read or published.
    """

    low: float | None = None
    high: float | None = None
    aim: float | None = None
    source: str = ""
    date: str = ""

    def nearest(self, value: float) -> float:
        """The value to go for from `value`."""
        return self.within(value) if self.aim is None else self.aim

    def within(self, value: float) -> float:
        """`value` if it fits, else the edge that it misses."""
        raised = value if self.low is None else max(value, self.low)
        return raised if self.high is None else min(raised, self.high)

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def words(self, unit: str) -> str:
        """ "-15 to -13 LUFS", "at most -1 dBTP"."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g} {unit}".strip()
        if self.high is not None:
            return f"at most {self.high:g} {unit}".strip()
        return f"at least {self.low:g} {unit}".strip()


@dataclass(frozen=True)
class Playback:
    """How a platform plays by default: sounds louder than `lufs` are turned down to it. raises_to_dbtp: softer ones are
    turned up as far as their true peak stays below this; None: they are left as they are."""

    lufs: float
    raises_to_dbtp: float | None = None
    source: str = ""
    date: str = ""


@dataclass(frozen=True)
class ExpectedShape:
    """The shape that a spectrum is expected to have: third octaves, against any zero, and what each named band may
    differ by once levels are aligned (dB)."""

    shape: Shape
    tolerance_db: float
    source: str = ""
    date: str = ""


@dataclass(frozen=True)
class Target:
    """name: what people ask for it by ("spotify"). title: for people. kind: platform, genre or reference.

    expects: metric name -> Span. spectrum: the shape expected, where there is one. playback: where it is known.
    source, date: where the numbers come from and when they were read there.
    """

    name: str
    title: str
    kind: str
    expects: Mapping[str, Span]
    source: str
    date: str
    words: tuple[str, ...] = field(default=())
    note: str = ""
    spectrum: ExpectedShape | None = None
    playback: Playback | None = None

    @classmethod
    def from_dict(cls, name: str, data: Mapping[str, Any]) -> Target:
        """A Target from the table of one TOML file of `presets/targets/`; `name` is the file's stem.

        Keys: `title`, `kind` ("platform" | "genre"), `source` (who says so, with an address or edition), `date`
        (when it was read, "2025-01"), `words` (what people call it, optional), `note` (optional),
        `[expects.<metric>]` with any of `low`, `high`, `aim` in the metric's own unit, `[spectrum]` with `points`
        ([Hz, dB] of power density, joined by straight lines over octaves) and `tolerance_db`, and `[playback]` with
        `lufs` and, where softer sounds are turned up, `raises_to_dbtp`; each with `source` and `date` of its own, or
        else those of the file. Raises BadInput naming what is missing, unknown or upside down.
        """
        from bridge.analysis.target_file import target_from

        return target_from(name, data)

    @classmethod
    def of(cls, analysis: Analysis, name: str) -> Target:
        """A measured sound as Target: what it reads in LIKE_THE_REFERENCE, and the shape of its spectrum.

        name: what the findings call it (a file name). True peak is no matter of taste and is not expected.
        """
        measured = "measured in the reference; tolerance: own judgement"
        expects = {
            metric: _around(value, within, measured)
            for metric, within in LIKE_THE_REFERENCE.items()
            if (value := analysis.number(metric)) is not None
        }
        if (width := analysis.number("side_to_mid")) is not None and width < NEARLY_MONO_DB:
            expects["side_to_mid"] = Span(None, NEARLY_MONO_DB, None, measured)
        shape = Shape.of(analysis.curves)
        spectrum = ExpectedShape(shape, SHAPE_LIKE_THE_REFERENCE_DB, measured) if shape else None
        return cls(name, name, "reference", expects, measured, "", spectrum=spectrum)


def _around(value: float, within: float, source: str) -> Span:
    aim = round(value, 1)
    return Span(round(aim - within, 1), round(aim + within, 1), aim, source)
