"""Journal: what stood in the DAW before each write, kept on disk before anything is sent. A DAW's own undo does not
cover what comes over OSC; this does, also after a crash of either side.

STATE/daws/<id>.jsonl, one line a fact: first who and what, then `before` lines, each synced before its write goes out,
and at last what became of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bridge.daws.written import Applied
from bridge.errors import BadInput, OutputFailed
from bridge.files import atomic
from bridge.planning.value import Value

SCHEMA = 1
KEPT = 200
"""Journals that stay; the oldest beyond that go when a new one begins."""


class Before(Value):
    """One parameter before it was written. at is not kept: the track is looked for again by its id."""

    track_id: str
    track: str
    device: str
    nth: int
    parameter: str
    before: float
    wanted: float
    unit: str = ""


class Journal:
    """One apply, or one revert. folder: STATE/daws, made when needed. reverts: id of the apply that is put back.

    Raises BadInput where that id was used before.
    """

    def __init__(self, folder: Path, id: str, daw: str, plan: str, reverts: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.id = id
        self.path = _path(folder, id)
        if self.path.exists():
            raise BadInput(f"There is a journal {id!r} already; choose a new id.")
        _make_room(folder)
        self._add({"schema": SCHEMA, "id": id, "daw": daw, "plan": plan, "reverts": reverts})
        atomic.sync_folder(folder)

    def before(self, lines: Sequence[Before]) -> None:
        """Kept on the medium when it returns. Raises OutputFailed; then nothing may be sent."""
        if lines:
            self._add(*({"before": line.model_dump()} for line in lines))

    def inserted(self, track_id: str, device: str, nth: int) -> None:
        self._add({"inserted": {"track_id": track_id, "device": device, "nth": nth}})

    def done(self, applied: Applied) -> None:
        self._add({"done": applied.model_dump(mode="json")})

    def _add(self, *facts: dict[str, Any]) -> None:
        _append(self.path, facts)


def _append(path: Path, facts: Sequence[dict[str, Any]]) -> None:
    text = "".join(json.dumps(fact, ensure_ascii=True, allow_nan=False) + "\n" for fact in facts)
    try:
        with path.open("a", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise OutputFailed(
            f"The journal {path} could not be written: {error.strerror}. Nothing was sent."
        ) from None


class Kept:
    """A journal that is read again. Raises BadInput where there is none, or none that can be read."""

    def __init__(self, folder: Path, id: str) -> None:
        self.path = _path(folder, id)
        try:
            self._facts = list(_lines(self.path.read_text("ascii")))
        except (OSError, UnicodeDecodeError):
            raise BadInput(
                f"There is no journal {id!r}; `dawbridge daw revert` without an id lists them."
            ) from None
        head = self._facts[0] if self._facts else {}
        if head.get("schema") != SCHEMA:
            raise BadInput(f"The journal {id!r} is of another version of dawbridge; it cannot be put back.")
        self.id, self.daw, self.plan = str(head["id"]), str(head["daw"]), str(head["plan"])

    @property
    def lines(self) -> tuple[Before, ...]:
        """The first value of each parameter: later writes of the same run have nothing to do with what was before."""
        first: dict[tuple[str, str, int, str], Before] = {}
        for fact in self._facts:
            if "before" in fact:
                line = Before.model_validate(fact["before"])
                key = (line.track_id, line.device, line.nth, line.parameter)
                known = first.get(key)
                first[key] = line if known is None else known.model_copy(update={"wanted": line.wanted})
        return tuple(first.values())

    @property
    def inserted(self) -> tuple[tuple[str, str, int], ...]:
        found = (fact["inserted"] for fact in self._facts if "inserted" in fact)
        return tuple((one["track_id"], one["device"], one["nth"]) for one in found)

    @property
    def is_revert(self) -> bool:
        return bool(self._facts[0].get("reverts"))

    @property
    def reverted(self) -> bool:
        return any(fact.get("reverted") for fact in self._facts)

    def mark_reverted(self) -> None:
        _append(self.path, [{"reverted": True}])


def _lines(text: str) -> Iterator[dict[str, Any]]:
    """Whole lines; a last one that a crash cut short was never acted upon."""
    for line in text.split("\n")[:-1]:
        try:
            fact = json.loads(line)
        except ValueError:
            return
        if isinstance(fact, dict):
            yield fact


def _path(folder: Path, id: str) -> Path:
    if (
        not id
        or len(id) > 64
        or not all(c.isascii() and (c.isalnum() or c in "._-") for c in id)
        or id[0] == "."
    ):
        raise BadInput(f"{id[:80]!r} is no id; write 1 to 64 letters, digits, '.', '_' or '-'.")
    return folder / f"{id}.jsonl"


def ids(folder: Path) -> tuple[str, ...]:
    """Of all journals, the newest first."""
    return tuple(path.stem for path in sorted(folder.glob("*.jsonl"), key=_age, reverse=True))


def _make_room(folder: Path) -> None:
    for old in sorted(folder.glob("*.jsonl"), key=_age, reverse=True)[KEPT - 1 :]:
        atomic.discard(old)


def _age(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name
