"""Conversations in the state folder: one folder each, turns as lines that are only ever added, each synced.

    STATE/sessions/<first 16 of the sound's SHA-256>-<number or name>/turns.jsonl

A session belongs to the content of its sound, so a file that was moved or renamed finds it again. A kill in the middle
of a line costs that line at most, and a line is only written for a turn that is over. What cannot be read is kept
beside and told; what can be read before it goes on.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bridge.errors import BadInput, BadRequest
from bridge.files import atomic
from bridge.files.lock import locked
from bridge.files.roots import open_regular
from bridge.session import SCHEMA, Session, Turn, why
from bridge.store.lock import StateLock

TURNS_NAME = "turns.jsonl"
LARGEST_BYTES = 128 * 2**20
"""Of a journal that is read: some hundred thousand turns; what is larger is none of ours."""
_ID = re.compile(r"[0-9a-f]{16}-[a-z0-9][a-z0-9-]{0,40}")
_IDENTITY = 16


@dataclass(frozen=True)
class Kept:
    """A session as it is kept. path: of the sound when it began. notices: what there is to tell of the journal."""

    id: str
    session: Session
    path: str = ""
    began_at: str = ""
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What follows the sound's identity: a number, or what the user called it."""
        return self.id[_IDENTITY + 1 :]


@dataclass(frozen=True)
class _Read:
    """What a journal's bytes hold. broken: why the rest cannot be read, and good: the bytes before it."""

    session: Session
    head: Mapping[str, Any]
    good: bytes
    broken: str = ""


@dataclass(frozen=True)
class SessionStore:
    """folder: STATE/sessions. Safe between threads and processes: a session is locked while it is read or written."""

    folder: Path

    def place(self, id: str) -> Path:
        """The session's own folder. Raises BadRequest for what is no session's id."""
        if _ID.fullmatch(id) is None:
            raise BadRequest(f"{id[:80]!r} is no session; `dawbridge chat --list` shows them.")
        return self.folder / id

    def open(self, id: str, path: str = "") -> Kept:
        """The session, begun where there is none yet. path: of its sound, to be kept with a new one.

        Raises BadInput for one of another schema, OutputFailed where the folder cannot be written.
        """
        with self._locked(id):
            return self._opened(id, path)

    def append(self, id: str, turn: Turn, path: str = "") -> Kept:
        """The session with one more turn, on the medium when this returns. A turn whose id is there already is not
        added again. Raises what `open` raises."""
        with self._locked(id):
            kept = self._opened(id, path)
            if turn.id and any(turn.id == known.id for known in kept.session.turns):
                return kept
            said = turn.model_copy(update={"said_at": turn.said_at or _now()})
            _add_line(self._journal(id), _line(said.model_dump(mode="json", by_alias=True)))
            return Kept(kept.id, kept.session.after(said), kept.path, kept.began_at, kept.notices)

    def current(self, identity: str, path: str = "", name: str | None = None, anew: bool = False) -> Kept:
        """The session that goes on for a sound: its named one, or the numbered one that was begun last.

        anew: a further numbered one is begun. One of another schema is left alone, and the next number taken.
        """
        if name is not None:
            return self.open(f"{identity[:_IDENTITY]}-{_slug(name)}", path)
        last = max(self._numbers(identity), default=0)
        if anew or not last:
            return self.open(f"{identity[:_IDENTITY]}-{last + 1}", path)
        try:
            return self.open(f"{identity[:_IDENTITY]}-{last}", path)
        except BadInput as error:
            fresh = self.open(f"{identity[:_IDENTITY]}-{last + 1}", path)
            return Kept(fresh.id, fresh.session, fresh.path, fresh.began_at, (error.message, *fresh.notices))

    def all(self) -> Iterator[Kept]:
        """Every session, by id; one that cannot be read has no turns, and its notice says why."""
        for folder in sorted(self.folder.glob("*-*")) if self.folder.is_dir() else ():
            if _ID.fullmatch(folder.name) and (folder / TURNS_NAME).exists():
                try:
                    yield self.open(folder.name)
                except BadInput as error:
                    yield Kept(folder.name, Session(), notices=(error.message,))

    def size_bytes(self, id: str) -> int:
        """What the session takes on the disk, rendered versions and all."""
        found = 0
        for folder, _, names in os.walk(self.place(id)):
            for name in names:
                with contextlib.suppress(OSError):
                    found += Path(folder, name).lstat().st_size
        return found

    def forget(self, id: str) -> None:
        """Deletes the session and what was rendered in it. Raises Unavailable where somebody talks in it now,
        OutputFailed where it cannot be deleted."""
        folder = self.place(id)
        state = folder / "desk" / "state"
        desk = StateLock(state).acquire() if state.is_dir() else None
        try:
            with self._locked(id):
                self._journal(id).unlink(missing_ok=True)  # without it the rest is no session any more
            if desk is not None:
                desk.release()
            shutil.rmtree(folder)
        except OSError as error:
            raise atomic.output_failed(folder, error) from None
        finally:
            if desk is not None:
                desk.release()

    # -- the journal -----------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _locked(self, id: str) -> Iterator[None]:
        folder = self.place(id)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise atomic.output_failed(folder, error) from None
        with locked(folder / "lock"):
            yield

    def _journal(self, id: str) -> Path:
        return self.place(id) / TURNS_NAME

    def _numbers(self, identity: str) -> Iterator[int]:
        for folder in self.folder.glob(f"{identity[:_IDENTITY]}-*") if self.folder.is_dir() else ():
            number = folder.name[_IDENTITY + 1 :]
            if number.isdigit() and len(number) < 7:
                yield int(number)

    def _opened(self, id: str, path: str) -> Kept:
        journal = self._journal(id)
        if not os.path.lexists(journal):
            head = {"schema": SCHEMA, "session": id, "path": path, "began_at": _now()}
            atomic.write_bytes(journal, _line(head))
            return Kept(id, Session(), path, str(head["began_at"]))
        found = _understood(_bytes(journal), journal)
        notices = (self._mended(journal, found, id, path),) if found.broken else ()
        head_path, began_at = str(found.head.get("path", path)), str(found.head.get("began_at", ""))
        return Kept(id, found.session, head_path, began_at, notices)

    def _mended(self, journal: Path, found: _Read, id: str, path: str) -> str:
        """Keeps the journal as it is beside, and goes on with what could be read of it."""
        beside = _free(journal)
        atomic.write_bytes(beside, _bytes(journal))
        head = _line({"schema": SCHEMA, "session": id, "path": path, "began_at": _now(), **found.head})
        atomic.write_bytes(journal, head + found.good)
        turns = len(found.session.turns)
        return (
            f"The conversation's journal could be read up to turn {turns} only ({found.broken}); it goes on from "
            f"there, and the journal as it was is kept as {beside}."
        )


def identity_of(hashes: Mapping[str, str]) -> str:
    """What tells a sound, or stems by name, from all others: the SHA-256 of its content [hexadecimal]."""
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    joined = "\n".join(f"{name}\0{sha256}" for name, sha256 in sorted(hashes.items()))
    return hashlib.sha256(joined.encode("utf-8", "surrogateescape")).hexdigest()


def sha256_of(path: Path) -> str:
    """Of a file's content. Raises PathRefused, FileRefused."""
    with os.fdopen(open_regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _slug(name: str) -> str:
    """A name as a part of a folder's name; two names never have the same one."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:24]
    if plain and plain == name and not plain.isdigit():
        return plain
    return f"{plain or 'session'}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _bytes(journal: Path) -> bytes:
    with os.fdopen(open_regular(journal), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > LARGEST_BYTES:
            raise BadInput(f"{journal} has {size:,} bytes and is no conversation of ours; move it away.")
        return file.read(LARGEST_BYTES + 1)


def _understood(data: bytes, journal: Path) -> _Read:
    """Raises BadInput for a journal of another schema."""
    first, *lines = data.split(b"\n")
    head = _json(first)
    if isinstance(head, dict) and "schema" in head and head["schema"] != SCHEMA:
        raise BadInput(
            f"{journal} is of schema {str(head['schema'])[:20]}, and this version of dawbridge reads schema {SCHEMA}; "
            "it is left as it is. Begin another with --new."
        )
    if not isinstance(head, dict) or "schema" not in head:
        return _turns({}, [first, *lines][1:], "its first line is no session's")
    return _turns(head, lines, "")


def _turns(head: Mapping[str, Any], lines: list[bytes], broken: str) -> _Read:
    session, good = Session(), b""
    for line in lines:
        if not line.strip():
            continue
        content = _json(line)
        try:
            turn = Turn.model_validate(content)
        except (ValidationError, RecursionError) as error:
            what = "the line is cut or no JSON" if content is None else why(error)
            return _Read(session, head, good, broken or what)
        session, good = session.after(turn), good + line + b"\n"
    whole = not lines or lines[-1] == b""
    return _Read(session, head, good, broken or ("" if whole else "its last line has no end"))


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _free(journal: Path) -> Path:
    number = 1
    while os.path.lexists(journal.with_name(f"turns.damaged-{number}.jsonl")):
        number += 1
    return journal.with_name(f"turns.damaged-{number}.jsonl")


def _add_line(journal: Path, line: bytes) -> None:
    """Behind what is there, synced; a line that could not be written whole is taken back. Raises OutputFailed."""
    try:
        descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))
        try:
            before = os.fstat(descriptor).st_size
            try:
                view = memoryview(line)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, before)
                raise
        finally:
            os.close(descriptor)
    except OSError as error:
        raise atomic.output_failed(journal, error) from error
