"""What we have put into a DAW's folder, kept beside it; and in which folders, kept in ours."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from bridge.errors import OutputFailed
from bridge.files import atomic

NAME = ".dawbridge-{daw}.json"
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True)
class Manifest:
    """version: of dawbridge, that put it there. files: SHA-256 of each content by its path below the root."""

    version: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


def path(root: Path, daw: str) -> Path:
    return root / NAME.format(daw=daw)


def read(root: Path, daw: str) -> Manifest:
    """Empty where nothing was installed, or where the file cannot be read: then all that lies there is the user's."""
    content = _json(path(root, daw))
    files = content.get("files")
    told = files if isinstance(files, dict) else {}
    safe = {name: str(content) for name, content in told.items() if inside(name)}
    return Manifest(str(content.get("version", "")), safe)


def inside(name: str) -> bool:
    """Whether a path stays below the root: a manifest may come from anybody, and what it names may be deleted."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and not any(part == ".." or "\\" in part or ":" in part for part in parts)
    )


def write(root: Path, daw: str, manifest: Manifest) -> None:
    """Raises OutputFailed."""
    atomic.write_json(path(root, daw), {"version": manifest.version, "files": dict(manifest.files)})


def roots(state: Path, daw: str) -> tuple[Path, ...]:
    """Where that DAW's scripts were put from here."""
    told = _json(state / "scripts.json").get(daw)
    return tuple(Path(str(name)) for name in told) if isinstance(told, list) else ()


def remember(state: Path, daw: str, root: Path, there: bool) -> None:
    """Only doctor misses it where the state folder cannot be written."""
    kept = _json(state / "scripts.json")
    known = [str(one) for one in roots(state, daw) if one != root]
    with contextlib.suppress(OutputFailed, OSError):
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        atomic.write_json(state / "scripts.json", kept | {daw: known + ([str(root)] if there else [])})


def _json(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            content = json.loads(opened.read(LARGEST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
