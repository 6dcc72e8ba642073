"""VST3 and Audio Unit plugins that could be hosted."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from bridge.cli.health.symptom import Symptom


def look() -> Iterator[Symptom]:
    from bridge.bootstrap.ports import catalogue
    from bridge.cli.settings import loaded

    known = catalogue(loaded().settings)
    found, records = known.bundles(), known.records()
    there = (
        ", ".join(str(folder) for folder in known.folders if folder.is_dir()) or "no plugin folder is there"
    )
    if found:
        yield Symptom(
            "plugins", "ok", f"{len(found)} in {there}, {len(records)} scanned (`dawbridge plugins scan`)"
        )
        bad = [
            f"{record.name} ({record.status})"
            for record in records
            if not (record.usable or record.unfinished)
        ]
        if bad:
            mend = "update or remove them, then `dawbridge plugins scan --again`; plans do not use them"
            yield Symptom("plugins", "warn", f"cannot be used: {', '.join(bad)}", mend)
        yield from _maps()
    else:
        hint = "; on Debian: apt install zam-plugins" if sys.platform.startswith("linux") else ""
        mend = f"none is needed; to use some, install VST3 plugins or set plugin_folders{hint}"
        yield Symptom("plugins", "warn", f"none found ({there})", mend)


def _maps() -> Iterator[Symptom]:
    from bridge.bootstrap.players import broken_maps

    for item in broken_maps():
        yield Symptom(
            "plugin maps", "warn", f"not used: {item.sentence()}", "mend that file, or move it away"
        )
