"""Listening: a source, its meters, and what they lead to. One thread looks every few milliseconds; findings, which take
longer, are made on another, so that nothing that is urgent waits for them."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bridge.analysis.meter import Snapshot
from bridge.analysis.target import Target
from bridge.metering.metering import Metering
from bridge.metering.moment import Moment, moment
from bridge.metering.ring import Ring
from bridge.metering.source import Arrived, Source, Stream
from bridge.metering.watch import Peak, Watch

log = logging.getLogger(__name__)

LOOK_S = 0.005
MOMENT_S = 10.0
EVERY_S = 5.0


def _ignored(_: object) -> None:
    return None


@dataclass(frozen=True)
class Heard:
    """What `Listening` tells. Each is called on its threads, and what it raises is logged."""

    stream: Callable[[Stream], None] = _ignored
    snapshot: Callable[[Snapshot], None] = _ignored
    peak: Callable[[Peak], None] = _ignored
    moment: Callable[[Moment], None] = _ignored


@dataclass(frozen=True)
class Losses:
    """arrived: as the source counts. lost: frames that came and no meter has heard. not_finite: samples that were no
    numbers. Of all streams since the start."""

    arrived: Arrived
    lost: int
    not_finite: int


class Listening:
    """A context manager: inside, the source is open and meters follow whatever stream it brings.

    target: what findings are held against. moment_s: how much they are made of; 0 leaves them out.
    """

    def __init__(
        self,
        source: Source,
        heard: Heard | None = None,
        *,
        target: Target | None = None,
        moment_s: float = MOMENT_S,
        every_s: float = EVERY_S,
    ) -> None:
        self.source, self._heard = source, heard or Heard()
        self._target, self._moment_s, self._every_s = target, moment_s, every_s
        self._come: deque[Stream] = deque()
        self.stream: Stream | None = None
        self._metering: Metering | None = None
        self._watch: Watch | None = None
        self._lost = self._not_finite = 0
        self._leaving = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def ring(self) -> Ring | None:
        """Of the stream that is heard; None before there is one."""
        return None if self.stream is None else self.stream.ring

    @property
    def snapshot(self) -> Snapshot | None:
        return None if self._metering is None else self._metering.snapshot

    @property
    def losses(self) -> Losses:
        now = self._metering
        lost, broken = (now.lost, now.not_finite) if now else (0, 0)
        return Losses(self.source.arrived, self._lost + lost, self._not_finite + broken)

    def __enter__(self) -> Self:
        self.source.open(self._begun)
        works = (self._listen, self._judge) if self._moment_s > 0 else (self._listen,)
        for work in works:
            thread = threading.Thread(target=work, name=f"listening{work.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What has come until now is measured, and `snapshot` is of all of it."""
        self.source.close()
        self._leaving.set()
        for thread in self._threads:
            thread.join()
        self._follow()
        if self._metering is not None:
            self._metering.stop()

    # -- the looking thread ------------------------------------------------------------------------------------------

    def _begun(self, stream: Stream) -> None:
        """On the source's thread."""
        self._come.append(stream)

    def _listen(self) -> None:
        while not self._leaving.wait(LOOK_S):
            try:
                self._follow()
                self._look()
            except Exception:  # a listener's mistake, most likely: meters must not stand still for it
                log.exception("listening goes on after an error")

    def _follow(self) -> None:
        """Changes over to streams that have begun, one after the other: each is measured to its end, and from its
        ring's beginning, or what came between two looks would be missed."""
        while self._come:
            self._change_over(self._come.popleft())

    def _change_over(self, stream: Stream) -> None:
        if self._metering is not None:
            self._metering.stop()
            self._lost += self._metering.lost
            self._not_finite += self._metering.not_finite
        self._watch = Watch(stream.ring)
        self._metering = Metering(stream.ring, on_snapshot=self._heard.snapshot, moment_s=0, position=0)
        self.stream = stream
        self._heard.stream(stream)

    def _look(self) -> None:
        if self._watch is None or self._metering is None:
            return
        peak = self._watch.turn()
        if peak is not None:
            self._heard.peak(peak)
        self._metering.turn()

    # -- the judging thread ------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        judged: tuple[Ring | None, int] = (None, 0)
        due = time.monotonic() + self._every_s
        while not self._leaving.wait(max(0.0, due - time.monotonic())):
            due += self._every_s
            ring = self.ring
            if ring is None or (ring, ring.written) == judged:
                continue
            judged = (ring, ring.written)
            try:
                self._heard.moment(moment(ring.last(self._moment_s), self._target))
            except Exception:  # as above
                log.exception("listening goes on after an error")
