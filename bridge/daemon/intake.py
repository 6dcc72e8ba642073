"""From what edges bring to what the ledger holds: files of the inbox become jobs, once each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from bridge.hotfolder.candidate import taken_whole
from bridge.hotfolder.examination import Drop
from bridge.jobs.job import Added, FileStamp, NewJob
from bridge.planning.album import WORDS as ALBUM

if TYPE_CHECKING:
    from bridge.jobs.dispatcher import Dispatcher
    from bridge.jobs.ledger import Ledger

log = logging.getLogger("bridge.daemon")


class Intake:
    """The one way into the ledger for the hot folder. default_request: the words for a file without any."""

    def __init__(self, ledger: Ledger, dispatcher: Dispatcher, default_request: str) -> None:
        self._ledger = ledger
        self._dispatcher = dispatcher
        self._default = default_request

    async def deliver(self, drops: Sequence[Drop]) -> None:
        """Enters what is new. Raises what the ledger raises; then nothing was entered."""
        await asyncio.to_thread(self._enter, drops)

    def _enter(self, drops: Sequence[Drop]) -> None:
        known = self._processed(drops)
        news = [new for drop in drops if not self._is_done(drop, known) for new in self._jobs(drop)]
        if not news:
            return
        added = self._ledger.add(news)
        self._dispatcher.wake()
        for new, entry in zip(news, added, strict=True):
            _log(new, entry)

    def _processed(self, drops: Iterable[Drop]) -> set[tuple[str, FileStamp]]:
        asks_nothing = [(drop.path, _stamp(drop)) for drop in drops if drop.wish.words is None]
        return self._ledger.processed(asks_nothing) if asks_nothing else set()

    def _is_done(self, drop: Drop, known: set[tuple[str, FileStamp]]) -> bool:
        """A file without words of its own that had a job with any words asks for nothing more.

        So a request over OSC stands for the default, and another default in the settings re-renders no archive.
        """
        return drop.wish.words is None and not drop.ids and (drop.path, _stamp(drop)) in known

    def _jobs(self, drop: Drop) -> list[NewJob]:
        whole = taken_whole(PurePath(drop.path).name)
        default = ALBUM if whole == "album" else self._default
        words = default if drop.wish.words is None else drop.wish.words
        new = NewJob(
            path=next(iter(drop.stems.values()), drop.path),
            request=words,
            origin="inbox",
            options={**drop.wish.options, whole or "stems": dict(drop.stems)}
            if drop.stems
            else drop.wish.options,
            stamp=None if drop.stems else _stamp(drop),
            refused=drop.refused,
        )
        asking = [id for id in drop.ids if self._is_free(id, new)]
        return [_with_id(new, id) for id in asking] or [new]

    def _is_free(self, id: str, new: NewJob) -> bool:
        """An id that led to another job must not swallow this file: the folder's rule is a result for each."""
        job = self._ledger.by_client(id)
        free = job is None or (job.path == new.path and job.request == new.request)
        if not free:
            log.warning("id used before", extra={"facts": {"id": id, "path": new.path}})
        return free


def _with_id(new: NewJob, id: str) -> NewJob:
    from dataclasses import replace

    return replace(new, client_id=id)


def _stamp(drop: Drop) -> FileStamp:
    return FileStamp(*drop.mark.stamp)


def _log(new: NewJob, entry: Added) -> None:
    facts = {"job": entry.job, "path": new.path, "status": entry.status}
    if new.refused:
        facts["refused"] = new.refused
    log.info("dropped", extra={"facts": facts})
