"""Reading a picture as a person does: marks are held against the labels of the axis, not against the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from bridge.analysis import Analysis, Target
from bridge.analysis.target import Span
from bridge.reports import draw

_SVG = "{http://www.w3.org/2000/svg}"
_PLACE = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)")

SPOTIFY = Target(
    "spotify", "Spotify", "platform", {"integrated_loudness": Span(-15.0, -13.0, -14.0)}, "test", "2026"
)


@dataclass(frozen=True)
class Label:
    """A text and where it stands, in points from the upper left; x is its anchor."""

    text: str
    x: float
    y: float


class Picture:
    def __init__(self, data: bytes) -> None:
        self.source = data.decode("utf-8")
        self.root = ElementTree.fromstring(self.source)

    @property
    def labels(self) -> list[Label]:
        found = []
        for node in self.root.iter(f"{_SVG}text"):
            place = _PLACE.search(node.get("transform", ""))
            x, y = (
                (float(node.get("x", 0)), float(node.get("y", 0)))
                if place is None
                else map(float, place.groups())
            )
            found.append(Label("".join(node.itertext()), x, y))
        return found

    @property
    def text(self) -> str:
        return "\n".join(label.text for label in self.labels)

    def _group(self, name: str) -> ElementTree.Element:
        groups = [node for node in self.root.iter(f"{_SVG}g") if node.get("id") == name]
        assert len(groups) == 1, f"{len(groups)} groups are called {name}"
        return groups[0]

    def marks(self, name: str) -> list[tuple[float, float]]:
        """Places of the markers of one group."""
        uses = self._group(name).iter(f"{_SVG}use")
        return [(float(use.get("x", "nan")), float(use.get("y", "nan"))) for use in uses]

    def height(self, name: str) -> float:
        """Where a horizontal line of that name runs."""
        path = next(self._group(name).iter(f"{_SVG}path")).get("d", "")
        heights = {float(y) for _, y in re.findall(r"[ML] ([-\d.]+) ([-\d.]+)", path)}
        assert len(heights) == 1, path
        return heights.pop()

    def line(self, name: str) -> list[tuple[float, float]]:
        """The corners of a line of that name."""
        path = next(self._group(name).iter(f"{_SVG}path")).get("d", "")
        return [(float(x), float(y)) for x, y in re.findall(r"[ML] ?([-\d.]+) ([-\d.]+)", path)]

    def has(self, name: str) -> bool:
        return any(node.get("id") == name for node in self.root.iter())


def along(labels: list[tuple[float, float]], value: float) -> float:
    """The place of a value on a straight axis of which some (value, place) are labelled."""
    (low, at_low), (high, at_high) = min(labels), max(labels)
    return at_low + (value - low) / (high - low) * (at_high - at_low)


def number(text: str) -> float | None:
    """ "−15", "2.5", "0.0 s", "0:05" as a number; None for words."""
    if clock := re.fullmatch(r"(?:(\d+):)?(\d+):(\d\d)", text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600.0 + minutes * 60.0 + seconds
    plain = re.fullmatch(r"([−+]?)(\d+(?:\.\d+)?)(?: s)?", text)
    return float(plain[2]) * (-1.0 if plain[1] == "−" else 1.0) if plain else None


def svg(analysis: Analysis, **more: object) -> Picture:
    return Picture(draw(analysis, "svg", **{"title": "take.wav", "theme": "light", **more}))  # type: ignore[arg-type]
