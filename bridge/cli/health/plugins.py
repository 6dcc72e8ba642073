"""VST3 and Audio Unit plugins that could be hosted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bridge.cli.health.symptom import Symptom


def look() -> Iterator[Symptom]:
    folders = _folders()
    found = [bundle for folder in folders for bundle in _bundles(folder)]
    there = ", ".join(str(folder) for folder in folders if folder.is_dir()) or "no plugin folder"
    if found:
        yield Symptom(
            "plugins", "ok", f"{len(found)} bundles in {there}; `dawbridge plugins scan` tries each"
        )
    else:
        hint = "; on Debian: apt install zam-plugins" if sys.platform.startswith("linux") else ""
        mend = f"none is needed; to use some, install VST3 plugins or set plugin_folders{hint}"
        yield Symptom("plugins", "warn", f"none found ({there})", mend)


def _folders() -> tuple[Path, ...]:
    from bridge.cli.settings import loaded
    from bridge.hosting.folders import plugin_folders

    return tuple(plugin_folders(loaded().settings.plugin_folders))


def _bundles(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for pattern in ("*.vst3", "*.component") for path in folder.rglob(pattern)]
