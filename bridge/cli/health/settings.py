"""The settings and the file they come from."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bridge.cli.health.symptom import Symptom
from bridge.errors import BadSetting


def look() -> Iterator[Symptom]:
    from bridge.cli.settings import loaded

    try:
        found = loaded()
    except BadSetting as error:
        yield Symptom(
            "settings", "fail", error.message, "correct that setting; `dawbridge config` lists them all"
        )
        return
    given = sum(source != "default" for source in found.sources.values())
    yield Symptom("settings", "ok", f"{found.file}: {given} set, the rest are defaults")
    for warning in found.warnings:
        yield Symptom("settings", "warn", warning, "correct or remove that variable")
    if str(found.file) in found.sources.values():
        yield from _readable_by_others(found.file)


def _readable_by_others(file: Path) -> Iterator[Symptom]:
    from bridge.config.load import SECRETS

    text = file.read_text(encoding="utf-8")
    others = stat.S_IRGRP | stat.S_IROTH
    if (
        os.name == "posix"
        and any(name.split("_")[-1] in text for name in SECRETS)
        and file.stat().st_mode & others
    ):
        yield Symptom(
            "settings", "warn", f"{file} holds a secret and others may read it", f"chmod 600 {file}"
        )
