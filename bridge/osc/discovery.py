"""`dawbridge.json`: where the running daemon listens, for clients and DAW scripts.

It lies in the user's runtime folder where the system has one, otherwise in the configuration folder.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import Unavailable

NAME = "dawbridge.json"


@dataclass(frozen=True)
class Discovery:
    """What the file says. host and port: of the OSC endpoint."""

    protocol: int
    pid: int
    host: str
    port: int
    token: str | None = None
    http: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {
            "protocol": self.protocol,
            "pid": self.pid,
            "osc": {"host": self.host, "port": self.port},
        }
        return (
            shape | ({"http": self.http} if self.http else {}) | ({"token": self.token} if self.token else {})
        )


def path() -> Path:
    """Where the file belongs: the runtime folder if it is really ours, else the configuration folder."""
    import platformdirs

    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and _is_ours(Path(runtime)):
        return Path(runtime) / "dawbridge" / NAME
    return Path(platformdirs.user_config_dir("dawbridge", appauthor=False)) / NAME


def _is_ours(folder: Path) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def write(where: Discovery) -> Path:
    """Writes the file atomically, readable by its owner alone because of the token. Raises OSError."""
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{NAME}.{os.getpid()}.tmp")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump(where.to_json(), out)
    fresh.replace(file)
    return file


def read() -> Discovery:
    """The running daemon. Raises Unavailable where there is no readable file."""
    file = path()
    try:
        content = json.loads(file.read_text("utf-8"))
        osc = content["osc"]
        return Discovery(
            int(content["protocol"]),
            int(content["pid"]),
            str(osc["host"]),
            int(osc["port"]),
            content.get("token"),
            content.get("http"),
        )
    except FileNotFoundError:
        raise Unavailable("no daemon is running: start one with `dawbridge serve`") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"{file} cannot be read ({error}); restart `dawbridge serve`") from None
