"""VST3 and Audio Unit plugins that could be hosted."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bridge.cli.health.symptom import Symptom


def look() -> Iterator[Symptom]:
    from bridge.cli.settings import loaded
    from bridge.hosting.folders import bundles, plugin_folders

    folders = plugin_folders(loaded().settings.plugin_folders)
    found = bundles(folders)
    there = ", ".join(str(folder) for folder in folders if folder.is_dir()) or "no plugin folder is there"
    if found:
        yield Symptom("plugins", "ok", f"{len(found)} in {there}; `dawbridge plugins scan` tries each")
    else:
        hint = "; on Debian: apt install zam-plugins" if sys.platform.startswith("linux") else ""
        mend = f"none is needed; to use some, install VST3 plugins or set plugin_folders{hint}"
        yield Symptom("plugins", "warn", f"none found ({there})", mend)
