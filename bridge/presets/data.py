"""Where the preset data lie: `presets/` of a checkout, `bridge/presets/data` of an installed wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from bridge.errors import BadInput, Unavailable


def data_folder() -> Path:
    """The folder that holds lexicon, targets, chains and plugins. Raises Unavailable where neither is there."""
    here = Path(__file__).resolve().parent
    for folder in (here / "data", here.parents[1] / "presets"):
        if (folder / "lexicon").is_dir():
            return folder
    raise Unavailable("The preset data are missing from this installation; install dawbridge anew.")


def tables(kind: str, folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Every TOML file of one kind ("targets", "chains"), by its stem, in the order of names."""
    files = sorted(((folder or data_folder()) / kind).glob("*.toml"))
    return {file.stem: table(file) for file in files}


def table(file: Path) -> dict[str, Any]:
    """One TOML file. Raises BadInput that names the file and the line."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"Preset {file.parent.name}/{file.name}: {error}.") from None
    except (ValueError, RecursionError):  # a number of 10,000 digits; arrays in arrays without end
        raise BadInput(f"Preset {file.parent.name}/{file.name}: nobody can read its TOML.") from None
