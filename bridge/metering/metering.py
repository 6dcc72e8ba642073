"""Metering: a thread that drains a ring into the meter, shows it ten times a second and now and then judges it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from bridge.analysis.meter import Meter, Snapshot
from bridge.analysis.target import Target
from bridge.errors import BadInput
from bridge.metering.moment import Moment, moment
from bridge.metering.ring import Ring

log = logging.getLogger(__name__)

SNAPSHOT_S = 0.1
"""EBU Tech 3341, 2.2: a live meter shows short-term loudness at least ten times a second."""

_DRAIN_S = 0.02
_AT_ONCE_S = 1.0


class Metering:
    """One stream's meters. Poll `snapshot` and `moment`, or be called with each new one, on this thread.

    ring: where the callback writes. moment_s: how much sound findings are made of, every `every_s` seconds; 0 leaves
    them out. target: what they are held against. position: of the first frame that is measured; the next one that
    comes, where it is missing. A context manager: the thread runs inside.
    """

    def __init__(
        self,
        ring: Ring,
        *,
        on_snapshot: Callable[[Snapshot], None] = lambda snapshot: None,
        on_moment: Callable[[Moment], None] = lambda moment: None,
        moment_s: float = 10.0,
        every_s: float = 5.0,
        target: Target | None = None,
        position: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ring, self._reader = ring, ring.reader(position)
        self._meter = Meter(ring.rate, ring.channels)
        self._changing = threading.Lock()
        self._on_snapshot, self._on_moment = on_snapshot, on_moment
        self._moment_s, self._every_s, self._target = moment_s, every_s, target
        self._clock = clock
        self._next_snapshot = self._clock()
        self._next_moment = self._clock() + every_s
        self._judged_to = ring.written
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self.snapshot: Snapshot = self._meter.snapshot()
        self.moment: Moment | None = None

    @property
    def overruns(self) -> int:
        """How often the ring went round before it was drained."""
        return self._reader.overruns

    @property
    def lost(self) -> int:
        """Frames that no meter has heard."""
        return self._reader.lost

    @property
    def not_finite(self) -> int:
        """Samples since the last reset that were no numbers."""
        return self._meter.not_finite

    def reset(self) -> None:
        """Begins anew: integration, range, maxima, and what was counted as not finite."""
        with self._changing:
            self._meter.reset()

    def release(self) -> None:
        """Lets go of the held maxima only."""
        with self._changing:
            self._meter.release()

    def turn(self) -> None:
        """Drains what has come and tells what is due; the thread does this fifty times a second."""
        self._drain()
        now = self._clock()
        if now >= self._next_snapshot:
            # From the plan, not from now, or ten a second would become eight.
            self._next_snapshot = max(self._next_snapshot + SNAPSHOT_S, now)
            with self._changing:
                self.snapshot = self._meter.snapshot()
            self._on_snapshot(self.snapshot)
        if self._moment_s > 0 and now >= self._next_moment:
            self._next_moment = now + self._every_s
            self._judge()

    def _drain(self) -> None:
        lost = self._reader.lost
        while (block := self._reader.read(int(_AT_ONCE_S * self._ring.rate))).shape[1]:
            with self._changing:
                self._meter.push(block)
        if self._reader.lost > lost:
            seconds = (self._reader.lost - lost) / self._ring.rate
            log.warning("metering came too late: %.2f s of sound were not measured", seconds)

    def _judge(self) -> None:
        """Findings of the last seconds, where any have come since the last time."""
        if self._ring.written == self._judged_to:
            return
        self._judged_to = self._ring.written
        self.moment = moment(self._ring.last(self._moment_s), self._target)
        self._on_moment(self.moment)

    def start(self) -> None:
        """Starts the thread. Raises BadInput the second time: two would drain one ring, and a stopped one is done."""
        if self._thread is not None:
            raise BadInput("This metering was started already; make another one.")
        self._thread = threading.Thread(target=self._run, name="metering", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what has come until then is measured, and `snapshot` is of all of it."""
        self._leaving.set()
        if self._thread is not None:
            self._thread.join()
        self._drain()
        self.snapshot = self._meter.snapshot(final=True)

    def _run(self) -> None:
        while not self._leaving.wait(_DRAIN_S):
            try:
                self.turn()
            except Exception:  # a callback's mistake, most likely: meters must not stand still for it
                log.exception("metering goes on after an error")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
