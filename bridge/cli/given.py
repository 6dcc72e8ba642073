"""Paths as people give them on the command line."""

from __future__ import annotations

import os
from pathlib import Path


def followed(path: str | Path) -> Path:
    """The absolute path that a given one means. Links are followed, since the user who names one knows it: only paths
    from outside must not be links. A link that leads to itself stays, and is refused by whoever opens it."""
    return Path(os.path.realpath(path))  # Path.resolve raises RuntimeError for such a link
