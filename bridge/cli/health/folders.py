"""Inbox, outbox and state folder: there or makeable, writable, with room on the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from bridge.cli.health.symptom import Symptom

LOW_MB, EMPTY_MB = 2_000, 200
"""An hour of stereo at 48 kHz float is 1.4 GB while it is rendered; below the second nothing useful fits."""


def look() -> Iterator[Symptom]:
    from bridge.cli.settings import loaded

    settings = loaded().settings
    for name in ("inbox", "outbox", "state"):
        yield _folder(name, getattr(settings, name))
    for name in ("outbox", "state"):
        yield _room(name, getattr(settings, name))


def nearest_existing(path: Path) -> Path:
    """The folder itself, or the closest one above it that is there."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def _folder(name: str, path: Path) -> Symptom:
    there = nearest_existing(path)
    setting = f"or choose another with the setting {name}"
    if not there.is_dir():
        return Symptom(name, "fail", f"{there} is a file, not a folder", f"move it away, {setting}")
    if not _writable(there):
        return Symptom(name, "fail", f"{there} may not be written", f"chmod u+rwx {there}, {setting}")
    return Symptom(name, "ok", str(path) if there == path else f"{path} (will be made)")


def _writable(folder: Path) -> bool:
    """By trying: permission bits do not know about read-only mounts, root and network shares."""
    if not os.access(folder, os.R_OK | os.X_OK):
        return False
    probe = folder / f".dawbridge-doctor-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _room(name: str, path: Path) -> Symptom:
    free_mb = shutil.disk_usage(nearest_existing(path)).free // 1_000_000
    found = f"{free_mb:,} MB free for the {name}"
    if free_mb < EMPTY_MB:
        return Symptom("disk", "fail", found, f"make room, or move the {name} with the setting {name}")
    if free_mb < LOW_MB:
        return Symptom("disk", "warn", found, "long files may not fit; make room")
    return Symptom("disk", "ok", found)
