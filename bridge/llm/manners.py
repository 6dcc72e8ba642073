"""How a server wants to be asked: in which form it answers, and whether it streams. Remembered by server and model.

Kept in the state folder too, so that a new process does not climb down the same ladder again; a file that cannot be
read or written costs only that.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError
from bridge.files import atomic
from bridge.files.small import read_small

log = logging.getLogger(__name__)

RUNGS = ("json_schema", "json_object", "plain")
_FILE = "model-manners.json"
_LARGEST = 100_000
_MOST = 200
"""Servers and models that are remembered; the oldest are forgotten first."""


@dataclass(frozen=True)
class Manner:
    """rung: one of RUNGS, from the strictest form of answer to none at all."""

    rung: str = RUNGS[0]
    stream: bool = True

    def after_refusal(self, said: str) -> Manner | None:
        """The next one to try once this was declined; None where there is none.

        A server that names streaming in its refusal is asked the same without.
        """
        if self.stream and "stream" in said.lower():
            return Manner(self.rung, stream=False)
        below = RUNGS[RUNGS.index(self.rung) + 1 :]
        return Manner(below[0], self.stream) if below else None


class Manners:
    """What is known, in memory and, where a folder is given, in a file there."""

    def __init__(self) -> None:
        self._known: dict[str, Manner] = {}
        self._folder: Path | None = None

    def kept_in(self, folder: Path | None) -> Manners:
        """The same, with what the file in that folder remembers beside it."""
        if folder is not None and folder != self._folder:
            self._folder = folder
            self._known = _read(folder / _FILE) | self._known
        return self

    def of(self, server: str, model: str) -> Manner:
        return self._known.get(_key(server, model), Manner())

    def learn(self, server: str, model: str, manner: Manner) -> None:
        key = _key(server, model)
        if self._known.get(key, Manner()) == manner:
            return
        self._known.pop(key, None)
        self._known[key] = manner
        if self._folder is not None:
            self._write(self._folder / _FILE)

    def forget(self) -> None:
        self._known.clear()
        self._folder = None

    def _write(self, path: Path) -> None:
        kept = list(self._known.items())[-_MOST:]
        data = {key: {"rung": manner.rung, "stream": manner.stream} for key, manner in kept}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_json(path, data)
        except (OSError, BridgeError) as error:
            log.info("%s cannot be written: %s", path.name, error)


def _key(server: str, model: str) -> str:
    return f"{server} {model}"


def _read(path: Path) -> dict[str, Manner]:
    """What the file remembers; nothing of what is not as this program writes it."""
    try:
        data: Any = json.loads(read_small(path, _LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    items = data.items() if isinstance(data, dict) else ()
    return {
        key: Manner(value["rung"], value["stream"])
        for key, value in items
        if isinstance(value, dict) and value.get("rung") in RUNGS and isinstance(value.get("stream"), bool)
    }
