"""Where the DAWs on this machine keep their scripts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bridge.cli.health.symptom import Symptom


def look() -> Iterator[Symptom]:
    for daw, folders in script_folders().items():
        found = next((folder for folder in folders if folder.is_dir()), None)
        if found is None:
            yield Symptom(daw, "ok", f"not found on this machine (no {folders[0]})")
        elif os.access(found, os.W_OK):
            yield Symptom(daw, "ok", f"scripts go to {found}")
        else:
            yield Symptom(
                daw, "warn", f"{found} may not be written", f"chmod u+w {found}, to install scripts there"
            )


def script_folders() -> dict[str, list[Path]]:
    """By DAW, most likely first: the folders in which it looks for scripts of the user."""
    home = Path.home()
    if sys.platform == "darwin":
        support = home / "Library/Application Support"
        return {
            "reaper": [support / "REAPER/Scripts"],
            "ableton": [
                home / "Music/Ableton/User Library/Remote Scripts",
                home / "Music/Ableton/User Library",
            ],
            "ardour": [home / f"Library/Preferences/Ardour{version}/scripts" for version in (9, 8, 7)],
        }
    if sys.platform == "win32":
        roaming = Path(os.environ.get("APPDATA", home / "AppData/Roaming"))
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
        library = home / "Documents/Ableton/User Library"
        return {
            "reaper": [roaming / "REAPER/Scripts"],
            "ableton": [library / "Remote Scripts", library],
            "ardour": [local / f"Ardour{version}/scripts" for version in (9, 8, 7)],
        }
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return {
        "reaper": [config / "REAPER/Scripts"],
        "ardour": [config / f"ardour{version}/scripts" for version in (9, 8, 7)]
        + [config / f"ardour{version}" for version in (9, 8, 7)],
    }
