"""What plugins have done: one line a strike, and quarantine after the second crash or hang."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.hosting.folders import Stamp, stamp

QUARANTINE_AT = 2
STRIKING = ("crashed", "hung")
"""Ends of a scan that are strikes."""

COUNTED = ("crashed", "hung", "memory", "too_slow")


@dataclass(frozen=True)
class Strike:
    """fault: one word of PluginFailed. at: seconds since 1970.

    stamp: of the bundle then; a new version starts clean.
    """

    file: str
    fault: str
    sentence: str
    at: float
    stamp: Stamp | None


class Strikes:
    """A file of lines, appended by whichever process saw a plugin fail; a line is one write, so none is torn."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, file: Path, fault: str, sentence: str) -> None:
        self._append(
            {
                "file": str(file),
                "fault": fault,
                "sentence": sentence[:500],
                "at": time.time(),
                "stamp": stamp(file),
            }
        )

    def forgive(self, file: Path) -> None:
        """The bundle starts clean again."""
        self._append(
            {"file": str(file), "fault": "forgiven", "sentence": "", "at": time.time(), "stamp": stamp(file)}
        )

    def of(self, file: Path) -> list[Strike]:
        """Strikes of the bundle as it is now, since it was last forgiven, oldest first."""
        now = stamp(file)
        found: list[Strike] = []
        for strike in self._read():
            if strike.file != str(file) or strike.stamp != now:
                continue
            found = [] if strike.fault == "forgiven" else [*found, strike]
        return found

    def quarantined(self, file: Path) -> Strike | None:
        """The last strike of a bundle that has crashed or hung too often, or None."""
        counted = [strike for strike in self.of(file) if strike.fault in COUNTED]
        return counted[-1] if len(counted) >= QUARANTINE_AT else None

    def _append(self, line: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        descriptor = os.open(
            self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o644
        )
        try:
            if _is_torn(descriptor):
                data = b"\n" + data
            os.write(descriptor, data)
        finally:
            os.close(descriptor)

    def _read(self) -> list[Strike]:
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [strike for line in lines if (strike := _strike(line)) is not None]


def _is_torn(descriptor: int) -> bool:
    """Whether the last line was cut off, by a full disk or a limit: the next one must not hang on to it."""
    os.lseek(descriptor, -min(1, os.fstat(descriptor).st_size), os.SEEK_END)
    return os.read(descriptor, 1) not in (b"", b"\n")


def _strike(line: str) -> Strike | None:
    """None for a line that a full disk has cut off."""
    try:
        data = json.loads(line)
        written = data["stamp"]
        return Strike(
            data["file"], data["fault"], data["sentence"], data["at"], tuple(written) if written else None
        )
    except (ValueError, KeyError, TypeError):
        return None
