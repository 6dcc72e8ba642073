"""Colours of pictures: one set for light paper, one for dark.

The hues are those of M. Okabe and K. Ito, "Color Universal Design" (2008), which people with any of the common colour
deficiencies tell apart; each set takes the ones that stand out on its paper. Text is only ever ink or muted, and has
a contrast of at least 4.5 to its paper (WCAG 2.1, 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

ThemeName = Literal["light", "dark", "auto"]


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for, as #rrggbb; no two of one theme are the same, so that one can stand for another.

    kinds: of marked defects, in the order in which kinds come.
    """

    paper: str
    ink: str
    muted: str
    grid: str
    edge: str
    wave: str
    body: str
    line: str
    faint_line: str
    before: str
    before_wave: str
    reference: str
    target: str
    danger: str
    kinds: tuple[str, ...]

    def pairs(self, other: Theme) -> list[tuple[str, str]]:
        """Each colour of this theme beside the one that has its place in the other."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            mine, others = getattr(self, field.name), getattr(other, field.name)
            found += [(mine, others)] if isinstance(mine, str) else list(zip(mine, others, strict=True))
        return found


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b1f24",
    muted="#57606a",
    grid="#e3e6ea",
    edge="#b4bac2",
    wave="#8dbde0",
    body="#2f7fb8",
    line="#0072b2",
    faint_line="#9ccbea",
    before="#8a929b",
    before_wave="#cdd2d8",
    reference="#d55e01",
    target="#009e74",
    danger="#d55e02",
    kinds=("#d55e00", "#aa4499", "#8a6a00", "#009e73", "#0072b3", "#6b4c9a"),
)

DARK = replace(
    LIGHT,
    paper="#14171c",
    ink="#e8ebef",
    muted="#a3adb8",
    grid="#272c34",
    edge="#4a525d",
    wave="#2b5e85",
    body="#5aa9dc",
    line="#56b4ea",
    faint_line="#4682aa",
    before="#7d8792",
    before_wave="#434b56",
    reference="#f0a030",
    target="#1fc296",
    danger="#ff7a3d",
    kinds=("#ff7a3c", "#e08fd0", "#f0e442", "#20c297", "#56b4e9", "#b79cf0"),
)


def of_name(name: ThemeName) -> Theme:
    """The colours to draw in; "auto" is drawn in light ones and told about dark ones by `adaptive`."""
    return DARK if name == "dark" else LIGHT


def adaptive(svg: str) -> str:
    """An SVG drawn in LIGHT that a viewer which knows `prefers-color-scheme` shows in DARK; others leave it light."""
    rules = "".join(
        f'[style*="{attribute}: {light}"]{{{attribute}:{dark}!important}}'
        for light, dark in LIGHT.pairs(DARK)
        for attribute in ("fill", "stroke")
    )
    sheet = f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>"
    head, mark, rest = svg.partition("<defs>")
    return f"{head}{sheet}{mark}{rest}"
