"""STATE/mailbox: requests/<id>.json come in, replies/<id>.<n>.json go out, heartbeat.json says that somebody is there.
In sounds/ a script puts what the requests name.

Both sides write under another name and rename. A request is taken away when its first answer lies there: killed in
between, the daemon takes it again, and its id leads to the job that was made the first time. Who has read an answer
deletes it; what nobody reads goes after a day.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import stat
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bridge.errors import OutputFailed
from bridge.files import atomic
from bridge.files.roots import SOUNDS
from bridge.osc.answering import Handler, answers
from bridge.osc.by_name import from_object, to_object
from bridge.osc.codec import Misread, is_id
from bridge.osc.messages import PROTOCOL, Error, Message
from bridge.osc.peers import Address, Peer
from bridge.osc.tally import Tally

log = logging.getLogger("bridge.mailbox")

ADDRESS: Address = ("mailbox", 0)
"""Where answers go that go into the mailbox; no host is called so."""

LOOK_S = 0.02
"""A request is noticed within this and a little; fifty looks at an empty folder take 2 ms a second."""
HEARTBEAT_S = 1.0
SUGGESTIONS = 20
UNREAD_S = 86_400.0
SOUND_S = 30 * 86_400.0
"""How long a sound stays; a conversation about it may go on until then."""
MAXIMUM_BYTES = 65_536
HALF_WRITTEN_S = 2.0
"""For how long a file that is no JSON may be one that is still being written, by a script that does not rename."""
AT_ONCE = 256
"""Requests of one look."""
REMEMBERED = 10 * AT_ONCE
"""Ids whose answers are counted; one that is asked for again is remembered again."""


class Mailbox:
    """folder: STATE/mailbox, made here. handlers: as the OSC endpoint has them."""

    def __init__(self, folder: Path, handlers: Mapping[type[Message], Handler], version: str = "") -> None:
        self._requests, self._replies = folder / "requests", folder / "replies"
        self._sounds = folder / SOUNDS.name
        self._heartbeat = folder / "heartbeat.json"
        self._suggestions, self._suggested = (
            folder / "suggestions.json",
            deque[dict[str, Any]](maxlen=SUGGESTIONS),
        )
        self._handlers, self._version = handlers, version
        self._peer = Peer(ADDRESS, ADDRESS, True, 0.0, 0.0, "mailbox")
        self.tally = Tally()
        for each in (self._requests, self._replies, self._sounds):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
            atomic.sweep(each)
        self._next = self._unread()

    async def run(self) -> None:
        """Until it is cancelled. What goes wrong with one request stays with it."""
        beat = 0.0
        try:
            while True:
                if time.monotonic() >= beat:
                    beat = time.monotonic() + HEARTBEAT_S
                    await asyncio.to_thread(self._beat)
                for path in self._waiting():
                    await self._take(path)
                await asyncio.sleep(LOOK_S)
        finally:
            atomic.discard(self._heartbeat)

    def post(self, message: Message) -> None:
        """Puts one answer down. One that cannot be written is lost, and logged: its client asks again."""
        id = getattr(message, "id", "") or "unknown"
        number = self._number(id)
        try:
            _placed(self._replies / f"{id}.{number}.json", to_object(message))
        except OutputFailed as error:
            log.warning("answer not written", extra={"facts": {"id": id, "reason": error.message}})

    def suggest(self, message: Message) -> None:
        """Live suggestions answer nobody's request: the newest lie in one file, for scripts that look now and then."""
        self._suggested.append({"at": int(time.time()), **to_object(message)})
        with contextlib.suppress(OutputFailed):  # the next one brings this along
            _placed(self._suggestions, {"suggestions": list(self._suggested)})

    def _number(self, id: str) -> int:
        """Counts on where an earlier daemon stopped, so that no answer takes another's place."""
        number = self._next.pop(id, 0) + 1
        while (self._replies / f"{id}.{number}.json").exists():  # of an id that was forgotten
            number += 1
        self._next[id] = number
        if len(self._next) > REMEMBERED:
            self._next.pop(next(iter(self._next)))
        return number

    def _unread(self) -> dict[str, int]:
        """The last number of each id whose answers lie there still."""
        last: dict[str, int] = {}
        for path in self._replies.glob("*.*.json"):
            id, _, number = path.name.removesuffix(".json").rpartition(".")
            if number.isdecimal():
                last[id] = max(last.get(id, 0), int(number))
        return last

    # -- coming in ---------------------------------------------------------------------------------------------------

    def _waiting(self) -> list[Path]:
        """In the order of their names, which is that of time where a script counts or dates its ids."""
        try:
            with os.scandir(self._requests) as entries:
                names = [entry.name for entry in entries if _is_request(entry.name)]
        except OSError as error:
            log.warning("mailbox not readable", extra={"facts": {"reason": str(error)}})
            return []
        return [self._requests / name for name in sorted(names)[:AT_ONCE]]

    async def _take(self, path: Path) -> None:
        id = path.name.removesuffix(".json")
        if not is_id(id):
            return self._away(
                path, "", "the name of a request is its id: letters, digits, '.', '_', '-', and .json"
            )
        try:
            message = from_object(_json(path))
            if getattr(message, "id", id) != id:
                raise Misread(f"the file is called {id!r}, and the id in it is another")
            handler = self._handlers.get(type(message))
            if handler is None:
                raise Misread(f"{message.name} is not a request")
        except Misread as error:
            return self._away(path, id, error.message)
        except _StillWritten:
            return None
        for answer in await answers(handler, message, self._peer, self.tally):
            self.post(answer)
        atomic.discard(path)
        return None

    def _away(self, path: Path, id: str, reason: str) -> None:
        """A request that cannot be read is told and taken away, or it would be told for ever."""
        self.tally.add("refused", sender=ADDRESS, reason=reason)
        if id:
            self.post(Error(id, reason))
        with contextlib.suppress(OSError):
            path.rename(path.with_name(f".refused-{time.time_ns()}"))

    def _beat(self) -> None:
        told = {"protocol": PROTOCOL, "pid": os.getpid(), "version": self._version, "at": int(time.time())}
        with contextlib.suppress(OutputFailed):  # the next one comes in a second
            _placed(self._heartbeat, told)
        _swept(self._replies, lambda name: True)
        _swept(self._requests, lambda name: not _is_request(name))
        _swept(self._sounds, lambda name: True, SOUND_S)


def _placed(path: Path, data: Mapping[str, Any]) -> None:
    """Whole or not at all, but not synced: after a power cut nobody waits for it, and a client asks again."""
    fresh = atomic.temporary(path)
    try:
        fresh.write_text(json.dumps(data), "ascii")
        fresh.replace(path)
    except OSError as error:
        atomic.discard(fresh)
        raise atomic.output_failed(path, error) from error


def _is_request(name: str) -> bool:
    """Temporary names are somebody's who is writing."""
    return name.endswith(".json") and not name.startswith(".")


def _swept(folder: Path, may_go: Callable[[str], bool], older_s: float = UNREAD_S) -> None:
    """Takes away what is older: answers that nobody reads, what was never finished, sounds of long ago."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            old = time.time() - entry.stat(follow_symlinks=False).st_mtime > older_s
            if old and may_go(entry.name):
                atomic.discard(entry.path)


class _StillWritten(Exception):
    """No JSON yet, and younger than HALF_WRITTEN_S."""


def _json(path: Path) -> object:
    """The content of a regular file that is no link. Raises Misread, or _StillWritten."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise Misread(f"it cannot be read: {error.strerror}") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Misread("it is no regular file")
        if status.st_size > MAXIMUM_BYTES:
            raise Misread(f"it has {status.st_size:,} bytes; a request has {MAXIMUM_BYTES:,} at most")
        data = os.read(descriptor, MAXIMUM_BYTES)
    finally:
        os.close(descriptor)
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        if time.time() - status.st_mtime < HALF_WRITTEN_S:
            raise _StillWritten from None
        raise Misread(f"it is no JSON: {error}"[:200]) from None


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number in JSON")
