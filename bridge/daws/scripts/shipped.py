"""The scripts that come with this version: `daw_scripts/` of a checkout, `files` beside this module in a wheel."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from bridge.daws.scripts.layout import LAYOUTS, PATTERNS
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings

CONFIG = "dawbridge_config.json"
"""Lies beside the scripts and tells them where the bridge is."""


def scripts_folder() -> Path:
    """Raises Unavailable where the scripts are missing."""
    here = Path(__file__).resolve().parent
    for folder in (here / "files", here.parents[2] / "daw_scripts"):
        if folder.is_dir():
            return folder
    raise Unavailable("The scripts for DAWs are missing from this installation; install dawbridge anew.")


def shipped(daw: str, settings: Settings, folder: Path | None = None) -> dict[str, bytes]:
    """Contents by path below the DAW's root, with the configuration beside them. folder: instead of our own scripts.

    Empty for a DAW that needs none. Raises Unavailable where those that a DAW needs are missing.
    """
    source = (folder or scripts_folder()) / daw
    found: dict[str, bytes] = {}
    for file in sorted(source.rglob("*")):
        where = LAYOUTS[daw].where(PurePosixPath(file.relative_to(source).as_posix()))
        if where is not None and file.is_file():
            found[str(where)] = file.read_bytes()
    if not found and LAYOUTS[daw].needed:
        raise Unavailable(f"The scripts for {LAYOUTS[daw].title} are missing here; install dawbridge anew.")
    told = configuration(settings)
    return found | dict.fromkeys(_beside(found), told)


def _beside(paths: dict[str, bytes]) -> set[str]:
    """Where the scripts themselves look: in the folder that each set of them has."""
    scripts = [PurePosixPath(path) for path in paths if not path.startswith(PATTERNS)]
    depth = min((len(path.parts) for path in scripts), default=1)
    return {str(path.parent / CONFIG) for path in scripts if len(path.parts) == depth}


def configuration(settings: Settings) -> bytes:
    """ASCII, so that every JSON reader of a DAW's script takes it. No token: others may read these folders."""
    from bridge import __version__
    from bridge.osc.messages import PROTOCOL

    told = {
        "version": __version__,
        "protocol": PROTOCOL,
        "state": str(settings.state),
        "mailbox": str(settings.state / "mailbox"),
        "inbox": str(settings.inbox),
        "outbox": str(settings.outbox),
        "osc": {"host": settings.osc_host, "port": settings.osc_port},
    }
    return (json.dumps(told, indent=2) + "\n").encode("ascii")


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
