"""A DAW's MIDI clock, listened to: its tempo as it is told, and as one number to plan with."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bridge.daws.midi import ports
from bridge.errors import Unavailable
from bridge.midi.clock import Clock

LOOK_S = 0.1


@contextmanager
def listening(port: str | None) -> Iterator[tuple[str, Callable[[], Clock]]]:
    """The port's name, and a function that gives the clock with all that has come until now."""
    came: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    clock = Clock()

    def now() -> Clock:
        while True:
            try:
                at_s, message = came.get_nowait()
            except queue.Empty:
                return clock
            clock.push(at_s, message)

    with ports.heard(port, lambda at_s, message: came.put((at_s, message))) as name:
        yield name, now


def tempo_of_the_daw(port: str | None, patience_s: float = 10.0, sure_bpm: float = 0.1) -> float:
    """BPM to a tenth, as soon as that is sure; else what is known by then. Raises Unavailable where no clock comes."""
    with listening(port) as (name, now):
        end = time.perf_counter() + patience_s
        while True:
            tempo = now().tempo(time.perf_counter())
            over = time.perf_counter() >= end
            if tempo is not None and (over or tempo.within_bpm <= sure_bpm):
                return round(tempo.bpm, 1)
            if over:
                raise Unavailable(
                    f"No MIDI clock came at {name} in {patience_s:g} s; let your DAW send one there (sync or MIDI "
                    "clock output), and press play."
                )
            time.sleep(LOOK_S)
