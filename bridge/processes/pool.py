"""Warm children, one thread each: a job waits for no interpreter, and no child grows old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bridge.errors import BridgeError
from bridge.processes.child import Child, Watch, nobody_watches
from bridge.processes.wire import Message

log = logging.getLogger(__name__)

_START_S = 120.0
_LONGEST_PAUSE_S = 30.0


@dataclass(frozen=True)
class Recycling:
    """A child is replaced after `requests` answers or once it has grown by `growth_mb` since it was ready."""

    requests: int = 100
    growth_mb: int = 256


class Worker:
    """One place in the pool: a child that is there when wanted, replaced when it died or grew old.

    make: spawns the child. greeting: its first request; the answer says that it is warm.
    """

    def __init__(self, make: Callable[[], Child], greeting: Message, recycling: Recycling) -> None:
        self._make = make
        self._greeting = greeting
        self._recycling = recycling
        self._child: Child | None = None
        self._answered = 0
        self._ready_mb = 0.0

    @property
    def identity(self) -> tuple[int, float] | None:
        """(pid, start time) of the child."""
        return None if self._child is None else (self._child.pid, self._child.started)

    def dropped_mb(self) -> float:
        """How much of what the child printed found no room in its log, in MB; grows as long as it is the same child."""
        return 0.0 if self._child is None else self._child.dropped_mb()

    def warm(self) -> None:
        """Makes sure that a child is up and ready. Raises WorkerDied where it cannot be started, and what its
        greeting raised, after which it counts as not there."""
        if self._child is not None and self._child.alive:
            return
        self._drop()
        self._child = child = self._make()
        try:
            child.call(self._greeting, stall_s=_START_S)
        except BridgeError:
            self._drop()
            raise
        self._answered, self._ready_mb = 0, child.rss_mb()

    def call(
        self,
        request: Message,
        on_message: Callable[[Message], None] = lambda message: None,
        *,
        stall_s: float,
        watch: Watch = nobody_watches,
    ) -> Message:
        """`Child.call` on the child that `warm` has made sure of; a dead one is not replaced here but raises."""
        assert self._child is not None, "warm() comes first"
        answer = self._child.call(request, on_message, stall_s=stall_s, watch=watch)
        self._answered += 1
        return answer

    def kill(self, because: str) -> None:
        """From any thread: the call at work raises WorkerDied."""
        child = self._child
        if child is not None:
            child.kill(because)

    def refresh(self) -> None:
        """Between jobs: replaces a dead, spoilt or old child, so that the next job finds a warm one."""
        child = self._child
        if child is not None and child.alive and self._is_old(child):
            self._drop()
        self.warm()

    def _is_old(self, child: Child) -> bool:
        grown = child.rss_mb() - self._ready_mb
        if child.spoilt:
            log.warning("Worker process %d is replaced: a job left it with %s.", child.pid, child.spoilt)
            return True
        return self._answered >= self._recycling.requests or grown > self._recycling.growth_mb

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()

    close = _drop


class WorkerPool:
    """`count` threads, each with its Worker, taking turns until stopped.

    turn: called again and again with a warm worker on that worker's thread; it waits for work itself and returns
    soon after `stopping` is set. What it raises is logged and ends that turn alone.
    """

    def __init__(self, make: Callable[[int], Worker], count: int, turn: Callable[[Worker], None]) -> None:
        self.stopping = threading.Event()
        self._turn = turn
        self._workers = [make(place) for place in range(count)]
        self._threads = [
            threading.Thread(target=self._live, args=(worker,), name=f"worker-{place}", daemon=True)
            for place, worker in enumerate(self._workers)
        ]

    def start(self) -> None:
        """Returns at once; children warm up on their threads."""
        for thread in self._threads:
            thread.start()

    def kill(self, because: str) -> None:
        for worker in self._workers:
            worker.kill(because)

    def join(self, timeout_s: float) -> bool:
        """Waits for all turns to end after `stopping` was set; False if some have not."""
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _live(self, worker: Worker) -> None:
        try:
            pause = 0.5
            while not self.stopping.is_set():
                if self._is_warm(worker):
                    pause = 0.5
                    self._take_turn(worker)
                else:
                    self.stopping.wait(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE_S)
        finally:
            worker.close()

    def _is_warm(self, worker: Worker) -> bool:
        try:
            worker.refresh()
        except (BridgeError, OSError) as error:
            if not self.stopping.is_set():
                log.error("No worker process could be started: %s", error)
            return False
        return True

    def _take_turn(self, worker: Worker) -> None:
        try:
            self._turn(worker)
        except Exception:
            log.exception("A turn of a worker failed.")
            self.stopping.wait(0.5)
