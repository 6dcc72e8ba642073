"""What each OSC request does. A handler gives the answers; a BridgeError that it raises rejects the request."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.daemon.daw_requests import DawRequests
from bridge.daemon.live_requests import LiveRequests
from bridge.daemon.replies import Replies, result_of
from bridge.errors import BadRequest
from bridge.files.roots import Roots
from bridge.hotfolder.wish import options_from_json
from bridge.jobs.ids import is_id
from bridge.jobs.job import Job, NewJob
from bridge.jobs.spec import Kind
from bridge.osc.answering import Handler
from bridge.osc.messages import (
    Ack,
    Analyze,
    Apply,
    Cancel,
    Capture,
    Chat,
    FileReady,
    Jobs,
    Message,
    Orders,
    Ping,
    Plan,
    Process,
    Report,
    Result,
    Revert,
    Status,
)
from bridge.osc.peers import Peer

if TYPE_CHECKING:
    from bridge.hotfolder.folder import HotFolder
    from bridge.jobs.dispatcher import Dispatcher
    from bridge.jobs.ledger import Ledger

Asked = Process | Chat | Analyze | Plan
KINDS: dict[type[Message], Kind] = {Process: "process", Chat: "process", Analyze: "analyze", Plan: "plan"}
STATUS_JOBS = 200  # listed by one `status`, the newest ones
PAGE_BYTES = 1100  # of JSON in one page of `jobs`, so that the datagram stays under 1,400
LONGEST_PATH = 500  # characters of a path in such a page


class Requests:
    """roots: the folders that requests may name files in."""

    def __init__(
        self,
        ledger: Ledger,
        dispatcher: Dispatcher,
        folder: HotFolder,
        replies: Replies,
        roots: Roots,
        daws: DawRequests,
        live: LiveRequests,
    ) -> None:
        self._daws, self._live = daws, live
        self._ledger = ledger
        self._dispatcher = dispatcher
        self._folder = folder
        self._replies = replies
        self._roots = roots

    @property
    def handlers(self) -> dict[type[Message], Handler]:
        return {
            Ping: self.ping,
            Process: self.job,
            Chat: self.job,
            Analyze: self.job,
            Plan: self.job,
            FileReady: self.ready,
            Status: self.status,
            Cancel: self.cancel,
            Apply: self._daws.apply,
            Revert: self._daws.revert,
            Orders: self._daws.orders,
            Report: self._daws.report,
            Capture: self.capture,
        }

    @property
    def capabilities(self) -> list[type[Message]]:
        """What `welcome` promises."""
        return [kind for kind in self.handlers if kind is not Capture or self._live.wanted]

    # -- jobs --------------------------------------------------------------------------------------------------------

    async def job(self, asked: Asked, peer: Peer) -> Iterable[Message]:
        """Enters a job; a repeated id leads to the job that it made the first time."""
        return await self._entered(asked.id, peer, lambda: self._new(asked))

    async def capture(self, asked: Capture, peer: Peer) -> Iterable[Message]:
        """The same with a file that is made of what was heard."""
        known = await asyncio.to_thread(self._ledger.by_client, asked.id)
        return await self._entered(asked.id, peer, lambda: self._live.captured(asked, known))

    async def _entered(self, id: str, peer: Peer, make: Callable[[], NewJob]) -> Iterable[Message]:
        self._replies.hold(id, peer.reply_to)
        try:
            new = await asyncio.to_thread(make)
            ack = await asyncio.to_thread(self._enter, new)
        except BaseException:
            self._replies.release(id)
            raise
        return (*ack, *self._replies.release(id))

    def _new(self, asked: Asked) -> NewJob:
        options = options_from_json(asked.options_json, "options_json")
        words = asked.words.strip()
        if not words and not isinstance(asked, Analyze):
            raise BadRequest(f"{asked.name} needs words: say what is wished.")
        path = self._path_of(asked)
        kind = KINDS[type(asked)]
        if isinstance(asked, Chat) and not options.session:
            options = options.model_copy(update={"session": True})
        given = options.admitted(self._roots, Path(path).parent, asked.id)
        if kind == "analyze":
            words, given = "", {**given, "planner": "offline"}  # there are no words to ask a model about
        return NewJob(
            path=path,
            request=words,
            origin="osc",
            client_id=asked.id,
            options=given,
            kind=kind,
        )

    def _path_of(self, asked: Asked) -> str:
        """The admitted path. A request that was taken before may come again although its file has gone since."""
        if not Path(asked.path).is_absolute():
            raise BadRequest(f"path {asked.path[:200]!r} is not absolute.")
        known = self._ledger.by_client(asked.id)
        if known is not None and Path(known.path).name == Path(asked.path).name:
            return known.path
        return str(self._roots.admit(asked.path))

    def _enter(self, new: NewJob) -> list[Message]:
        assert new.client_id is not None
        known = self._ledger.by_client(new.client_id)
        if known is not None:
            return self._repeated(new, known)
        added = self._ledger.add([new])[0]
        self._dispatcher.wake()
        return self._acknowledged(new.client_id, added.job, added.status)

    def _repeated(self, new: NewJob, known: Job) -> list[Message]:
        if (known.path, known.kind, known.request) != (new.path, new.kind, new.request):
            raise BadRequest(f"id {new.client_id} was used for another request; choose a new one.")
        assert new.client_id is not None
        return self._acknowledged(new.client_id, known.id, "duplicate")

    def _acknowledged(self, id: str, job: str, status: str) -> list[Message]:
        answers: list[Message] = [Ack(id, status, job)]
        found = self._ledger.get(job)
        if status == "duplicate" and found is not None:
            answers += result_of(found, id, self._dispatcher.result_path(job))
        return answers

    async def ready(self, asked: FileReady, peer: Peer) -> Iterable[Message]:
        """Takes a complete file out of the inbox without waiting for it to settle."""
        known = await asyncio.to_thread(self._ledger.by_client, asked.id)
        if known is not None and Path(known.path).name != Path(asked.path).name:
            raise BadRequest(f"id {asked.id} was used for another request; choose a new one.")
        self._replies.hold(asked.id, peer.reply_to)
        try:
            if known is None:
                await self._folder.announce(asked.path, asked.size, asked.id)
            answers = await asyncio.to_thread(self._announced, asked.id, known is not None)
        except BaseException:
            self._replies.release(asked.id)
            raise
        happened = self._replies.release(asked.id)
        ended = any(isinstance(message, Result) for message in happened)
        return (*(answers[:1] if ended else answers), *happened)

    def _announced(self, id: str, repeated: bool) -> list[Message]:
        """The acknowledgement; and the result, where the announced file had been processed before."""
        job = self._ledger.by_client(id)
        if job is None:
            return [Ack(id, "accepted", "")]  # the container is not whole yet: the settling rule decides
        before = result_of(job, id, self._dispatcher.result_path(job.id))
        return [Ack(id, "duplicate" if repeated or before else "accepted", job.id), *before]

    # -- the rest ----------------------------------------------------------------------------------------------------

    async def ping(self, asked: Ping, peer: Peer) -> Iterable[Message]:
        return (Ack(asked.id, "accepted", ""),)

    async def cancel(self, asked: Cancel, peer: Peer) -> Iterable[Message]:
        job = await asyncio.to_thread(self._found, asked.job)
        await asyncio.to_thread(self._dispatcher.cancel, job.id)
        return (Ack(asked.id, "accepted", job.id),)

    async def status(self, asked: Status, peer: Peer) -> Iterable[Message]:
        if asked.job:
            jobs: Sequence[Job] = [await asyncio.to_thread(self._found, asked.job)]
        else:
            jobs = await asyncio.to_thread(lambda: self._ledger.page(limit=STATUS_JOBS))
        pages = list(_pages(jobs)) or ["[]"]
        numbered = (Jobs(asked.id, n, len(pages), page) for n, page in enumerate(pages, 1))
        return (Ack(asked.id, "accepted", ""), *numbered)

    def _found(self, name: str) -> Job:
        found = self._ledger.get(name) if is_id(name) else None
        found = found or self._ledger.by_client(name)
        if found is None:
            raise BadRequest(f"There is no job {name[:100]!r}; `status` without a job lists them.")
        return found


def _pages(jobs: Sequence[Job]) -> Iterator[str]:
    """JSON lists of as many jobs as fit a datagram."""
    page: list[str] = []
    for job in jobs:
        entry = json.dumps(_entry(job), ensure_ascii=True, separators=(",", ":"))
        if page and sum(map(len, page)) + len(page) + len(entry) > PAGE_BYTES:
            yield f"[{','.join(page)}]"
            page = []
        page.append(entry)
    if page:
        yield f"[{','.join(page)}]"


def _entry(job: Job) -> dict[str, Any]:
    entry = {"job": job.id, "state": job.state, "path": job.path}
    while len(json.dumps(entry)) > LONGEST_PATH:
        entry["path"] = "..." + entry["path"][len(entry["path"]) // 4 + 4 :]
    return entry
