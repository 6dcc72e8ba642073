"""The daemon's log: one line an event, with its facts by name; as text for people or as JSON for programs.

Rooms log a short event and hand the facts over: `log.info("ignored", extra={"facts": {"path": ...}})`.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal

from bridge.errors import OutputFailed

FILE_BYTES = 5 << 20
FILES_KEPT = 3

_BARE = re.compile(r"[\w./:+@%-]+")


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts = dict(getattr(record, "facts", {}))
    if record.exc_info:
        facts["trace"] = logging.Formatter().formatException(record.exc_info)
    return facts


def _when(record: logging.LogRecord) -> str:
    return (
        datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


class JsonLines(logging.Formatter):
    """{"at", "level", "room", "event", ...facts}; ASCII, so that no name can break a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": _when(record), "level": record.levelname.lower(), "room": record.name}
        return json.dumps({**line, "event": record.getMessage(), **_facts(record)}, default=str)


class TextLines(logging.Formatter):
    """`2026-01-31T12:00:00.000Z info bridge.hotfolder ignored path=/in/x.wav reason="a named pipe"`."""

    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(f" {name}={_shown(value)}" for name, value in _facts(record).items())
        event = _one_line(record.getMessage())
        return f"{_when(record)} {record.levelname.lower()} {record.name} {event}{facts}"


def _one_line(text: str) -> str:
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def _shown(value: object) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) and text.isascii() else json.dumps(text)


class _File(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """A full disk stops the log, not the daemon; standard error still has the line."""


@contextmanager
def logging_to(
    state: Path, level: Literal["debug", "info", "warning", "error"], form: Literal["text", "json"]
) -> Iterator[None]:
    """Logs of all rooms go to standard error and to STATE/logs/daemon.log. Raises OutputFailed."""
    folder = state / "logs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        to_file = _File(folder / "daemon.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    except OSError as error:
        raise OutputFailed(f"{folder} cannot be written ({error.strerror}); check its permissions.") from None
    handlers: list[logging.Handler] = [logging.StreamHandler(), to_file]
    formatter = JsonLines() if form == "json" else TextLines()
    root, ours = logging.getLogger(), logging.getLogger("bridge")
    before = root.level, ours.level
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(logging.WARNING)
    ours.setLevel(level.upper())
    try:
        yield
    finally:
        root.setLevel(before[0])
        ours.setLevel(before[1])
        for handler in handlers:
            root.removeHandler(handler)
        to_file.close()
