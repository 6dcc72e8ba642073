"""Runs what the ledger holds: claim, plan on a worker, freeze, render on a worker, verify, rename, result.json last.

Threads of its own (one a worker, one clerk for what is owed); the daemon's event loop only hears JobEvents.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.errors import BadRequest, BridgeError, OutputFailed
from bridge.jobs.announcing import Announcer, Listener
from bridge.jobs.job import Job
from bridge.jobs.ledger import Ledger
from bridge.jobs.outbox import Outbox
from bridge.jobs.recovery import finish, recover
from bridge.jobs.result import result_of
from bridge.jobs.running import Account, NobodyToBlame, Run
from bridge.jobs.runs import Orphan
from bridge.jobs.talk import asked_for, record
from bridge.processes import Child, Limits, Recycling, Worker, WorkerPool
from bridge.processes.crash import point
from bridge.store.sessions import SessionStore

log = logging.getLogger(__name__)

_CLERK_S = 1.0
_LONGEST_WAIT_S = 10.0


@dataclass(frozen=True)
class WorkerSetup:
    """How workers are made.

    module: run as `python -m module`. settings: handed to it as its first message, over a private pipe (secrets never
    stand on a command line). memory_mb: of one worker; above it the worker is killed. stall_s: without progress for
    that long, it is killed; the model's time budget must fit in. environment: added to the daemon's own.
    account: asked about every worker at work, and told of each that died. first: a worker that was started before.
    """

    module: str = "bridge.bootstrap.worker"
    settings: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    memory_mb: int = 2048
    stall_s: float = 180.0
    recycling: Recycling = field(default_factory=Recycling)
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account = field(default_factory=NobodyToBlame)
    first: Child | None = None


class Dispatcher:
    """`state` holds spool files and worker logs, `outbox` the results. The ledger must have been opened as owner.

    sessions: folder of the conversations that jobs are turns of; None is the one in `state`.
    """

    def __init__(
        self, ledger: Ledger, outbox: Path, state: Path, setup: WorkerSetup, sessions: Path | None = None
    ) -> None:
        self._ledger = ledger
        self._outbox = Outbox(outbox)
        self._state = state
        self._setup = setup
        self._sessions = SessionStore(sessions or state / "sessions")
        self._announcer = Announcer(ledger)
        self._changed = threading.Condition()
        self._wakes = 0
        self._at_work: dict[str, Run] = {}
        self._claiming = threading.Lock()
        self._delivering = threading.Lock()
        self._verified: list[Orphan] = []
        self._pool = WorkerPool(self._worker, setup.count, self._turn)
        self._clerk = threading.Thread(target=self._keep_books, name="clerk", daemon=True)

    @property
    def spool(self) -> Path:
        """Folder for what effects keep while they render; emptied at every start."""
        return self._state / "spool"

    def start(self) -> None:
        """Clears up after a killed predecessor, then starts workers and threads; returns within the second.

        Raises OutputFailed where the outbox cannot be made.
        """
        self._outbox.prepare()
        self._verified = recover(self._ledger, self._outbox, self.spool)
        self._clerk.start()
        self._pool.start()

    def stop(self, grace_s: float = 5.0) -> None:
        """Stops claiming, lets running jobs go on for `grace_s`, then kills the workers and gives the jobs back."""
        self._pool.stopping.set()
        self.wake()
        deadline = time.monotonic() + grace_s
        while self._at_work and time.monotonic() < deadline:
            time.sleep(0.02)
        with self._claiming:
            for run in self._at_work.values():
                run.stop("shutdown")
        self._pool.kill("was stopped because dawbridge stops")
        self._pool.join(10.0)
        if self._clerk.ident is not None:
            self._clerk.join(10.0)

    def listen(self, listener: Listener, loop: asyncio.AbstractEventLoop | None = None) -> Callable[[], None]:
        """Calls `listener` with each JobEvent, on `loop` where given, else on the worker's thread; returns the end."""
        return self._announcer.listen(listener, loop)

    def wake(self) -> None:
        """There may be something to claim. Never blocks."""
        with self._changed:
            self._wakes += 1
            self._changed.notify_all()

    def cancel(self, job: str) -> Job:
        """Ledger.cancel, at once: a job at work is ended by killing its worker. Blocks for a transaction."""
        found = self._ledger.cancel(job)
        self._stop_cancelled(job)
        self.wake()
        return found

    def retry(self, job: str) -> Job:
        """Ledger.retry, and wakes."""
        found = self._ledger.retry(job)
        self.wake()
        return found

    def result_path(self, job: str) -> Path:
        """OUTBOX/<job id>/result.json, whether it is there yet or not."""
        return self._outbox.result_path(job)

    def wait_until_idle(self, timeout_s: float) -> bool:
        """True once nothing waits, nothing runs and no result is owed (for tests and one-off runs)."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if not (self._ledger.runs.unfinished() or self._ledger.runs.owed(1)):
                return True
            time.sleep(0.02)
        return False

    # -- a worker's turn -----------------------------------------------------------------------------------------

    def _worker(self, place: int) -> Worker:
        setup = self._setup
        there = [setup.first] if setup.first is not None and place == 0 else []
        log_path = self._state / "logs" / f"worker-{place}.log"

        def make() -> Child:
            if there:
                return there.pop()
            if log_path.exists():  # what the one before said last is worth keeping
                log_path.replace(log_path.with_suffix(".previous.log"))
            limits = Limits(memory_mb=setup.memory_mb)
            return Child(setup.module, limits=limits, log_path=log_path, environment=setup.environment)

        greeting = {"kind": "setup", "settings": dict(setup.settings), "spool": str(self.spool)}
        return Worker(make, greeting, setup.recycling)

    def _turn(self, worker: Worker) -> None:
        seen = self._wakes
        run = self._claim(worker)
        if run is None:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._wakes != seen or self._pool.stopping.is_set(), _LONGEST_WAIT_S
                )
            return
        try:
            state = run.go()
        finally:
            with self._claiming:
                if self._at_work.get(run.job.id) is run:  # another worker may have it already
                    del self._at_work[run.job.id]
        if state in ("queued", "planned"):
            self._announcer.requeued(run.job, self._ledger.get(run.job.id))
        elif state is not None:
            self._deliver(run.job.id)

    def _claim(self, worker: Worker) -> Run | None:
        if self._pool.stopping.is_set() or not self._ledger.runs.waiting():
            return None
        with self._claiming:
            if self._pool.stopping.is_set():
                return None
            job = self._ledger.runs.claim(worker.identity)
            if job is None:
                return None
            told = self._announcer.started(job)
            run = Run(
                self._ledger,
                self._outbox,
                worker,
                job,
                self._setup.stall_s,
                told,
                self._setup.account,
                self._sessions,
            )
            self._at_work[job.id] = run
            return run

    # -- the clerk -------------------------------------------------------------------------------------------------

    def _keep_books(self) -> None:
        """Once a second: results that are owed, jobs taken back by other processes, jobs that lost their run."""
        duties = (self._finish_verified, self._stop_all_cancelled, self._adopt_lost_runs, self._deliver_owed)
        while not self._pool.stopping.is_set():
            for duty in duties:
                self._do(duty)
            self._pool.stopping.wait(_CLERK_S)

    def _do(self, duty: Callable[[], None]) -> None:
        """A duty that fails is taken up in the next round and holds up no other."""
        try:
            duty()
        except BridgeError as error:
            log.error("%s", error)
        except Exception:
            log.exception("A duty of the clerk failed.")

    def _finish_verified(self) -> None:
        while self._verified:
            finish(self._ledger, self._outbox, self._verified[0])
            self._verified.pop(0)

    def _stop_all_cancelled(self) -> None:
        for job in self._ledger.runs.to_cancel():
            self._stop_cancelled(job)

    def _deliver_owed(self) -> None:
        for owed in self._ledger.runs.owed():
            self._deliver(owed.id)
        if self._ledger.runs.waiting():
            self.wake()

    def _adopt_lost_runs(self) -> None:
        """A run whose bookkeeping failed (the ledger's disk was full) left its job leased to nobody."""
        with self._claiming:
            lost = [orphan for orphan in self._ledger.runs.orphans() if orphan.job not in self._at_work]
            for orphan in lost:
                if orphan.state == "verifying":
                    finish(self._ledger, self._outbox, orphan)
                else:
                    self._outbox.sweep(orphan.job)
                    self._ledger.runs.requeue_orphans([orphan])

    def _stop_cancelled(self, job: str) -> None:
        with self._claiming:
            run = self._at_work.get(job)
            if run is not None:
                run.stop("cancel")
                return
            with contextlib.suppress(BadRequest):  # it ended meanwhile
                self._ledger.cancel(job)

    def _deliver(self, job_id: str) -> None:
        """Writes an ended job's result.json and tells the listeners."""
        with self._delivering:
            job = self._ledger.get(job_id)
            if job is None or not job.final or job.result_written:
                return
            try:
                self._outbox.write_result(job_id, self._result(job))
            except OutputFailed as error:
                if self._ledger.runs.result_failed(job_id, job.attempt, error.message):
                    log.error(
                        "Job %s ended (%s), but its result cannot be written: %s", job_id, job.state, error
                    )
                    self._announcer.finished(job, None, error.message)
                return
            point("result")
            self._ledger.runs.result_written(job_id, job.attempt)
            self._announcer.finished(job, self._outbox.result_path(job_id))
            if asked_for(job.options) is not None:  # the next turn of its conversation may be claimed now
                self.wake()

    def _result(self, job: Job) -> dict[str, Any]:
        """The content of result.json. A turn in a conversation is kept before anybody hears of it."""
        planned = self._ledger.document(job.id, "planned")
        rendered = self._ledger.document(job.id, "rendered")
        result = result_of(job, planned, rendered, self._outbox.folder(job.id))
        session = record(self._sessions, job, planned, rendered, result["output"])
        return result if session is None else {**result, "session": session}
