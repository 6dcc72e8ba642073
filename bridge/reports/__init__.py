"""What is made of an analysis for people to look at: pictures.

The picture is a value (bytes of a PNG or SVG); putting it on a disk is the caller's. matplotlib is loaded when the
first picture is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.reports.picture import draw

__all__ = ["draw"]


def __getattr__(name: str) -> object:
    if name != "draw":
        raise AttributeError(f"module 'bridge.reports' has no attribute {name!r}")
    from bridge.reports.picture import draw

    return draw
