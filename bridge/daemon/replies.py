"""Job events to the clients that asked: progress and one result, to where their last request came from."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from bridge.jobs.job import Job, JobEvent
from bridge.osc.messages import Error, Message, Progress, Result
from bridge.osc.peers import Address

log = logging.getLogger("bridge.daemon")

MAXIMUM_CLIENTS = 10_000  # ids whose senders are remembered; one that asks again is remembered again

Send = Callable[[Message, Address], None]


class Replies:
    """Belongs to the event loop's thread. An id's events are held back until its request has been acknowledged."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._where: OrderedDict[str, Address] = OrderedDict()
        self._held: dict[str, list[Message]] = {}

    def hold(self, id: str, where: Address) -> None:
        """A request with this id is being handled; answers go to `where` from now on."""
        self._where[id] = where
        self._where.move_to_end(id)
        self._held.setdefault(id, [])
        if len(self._where) > MAXIMUM_CLIENTS:
            self._where.popitem(last=False)

    def release(self, id: str) -> list[Message]:
        """What happened meanwhile, to be sent behind the acknowledgement."""
        return self._held.pop(id, [])

    def hear(self, event: JobEvent) -> None:
        """A listener of the dispatcher."""
        _log(event)
        if event.client_id is None:
            return
        for message in _messages(event, event.client_id):
            self._tell(event.client_id, message)

    def _tell(self, id: str, message: Message) -> None:
        where = self._where.get(id)
        if id in self._held:
            self._held[id].append(message)
        elif where is not None:
            self._send(message, where)


def result_of(job: Job, id: str, path: Path) -> list[Message]:
    """The result of a job that has ended and is on disk, as the client `id` gets it; nothing for others."""
    if not job.final or not job.result_written:
        return []
    return [Result(id, job.state, str(path))]


def _messages(event: JobEvent, id: str) -> list[Message]:
    if event.kind != "finished":
        stage = "started again" if event.kind == "requeued" else event.stage
        return [Progress(id, event.fraction, stage)]
    if event.result_path is None:  # its one result follows when the outbox can be written again
        return [Error(id, event.reason or "result.json could not be written")]
    return [Result(id, event.status or "failed", event.result_path)]


def _log(event: JobEvent) -> None:
    level = logging.DEBUG if event.kind == "progress" else logging.INFO
    facts = {"job": event.job, "stage": event.stage, "client": event.client_id, "reason": event.reason}
    present = {name: value for name, value in facts.items() if value is not None}
    log.log(level, "job %s", event.kind, extra={"facts": present})
