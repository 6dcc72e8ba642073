"""Clock: what a DAW's MIDI clock says as it comes in: 24 ticks a quarter note, start, stop, continue, song position."""

from __future__ import annotations

import math
from collections import deque

from bridge.midi.tempo import LONGEST, PER_BEAT, SLOWEST_BPM, Tempo, tempo_of

TICK, START, CONTINUE, STOP, SONG_POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2
TICKS_A_SIXTEENTH = PER_BEAT // 4
LOST_S = 4 * 60 / (SLOWEST_BPM * PER_BEAT)
"""Half a second: four ticks of the slowest tempo. Who is silent for longer has stopped sending, or was pulled out."""
_BUNCHED = 0.3
"""Of the usual time between ticks: what comes faster after a drop-out was held up, and says nothing of time."""


class Clock:
    """playing: between start or continue, and stop. drop_outs: how often it fell silent while it was expected."""

    def __init__(self) -> None:
        self.playing = False
        self.drop_outs = 0
        self._ticks: deque[float] = deque(maxlen=LONGEST + 1)
        self._last_s: float | None = None
        self._after_a_gap: float | None = None
        self._next = 0
        self._at = 0

    @property
    def beats(self) -> float:
        """Quarter notes from the beginning of the song to the last tick, or to where it will go on."""
        return (self._at if self.playing else self._next) / PER_BEAT

    def push(self, at_s: float, message: bytes) -> None:
        """One message, and when it came, on any clock that only goes forward. What is none of ours is passed over."""
        if not message or not math.isfinite(at_s):
            return
        kind = message[0]
        if kind == TICK:
            self._tick(at_s)
        elif kind == START:
            self._next = self._at = 0  # the tick that follows is the first of the song
            self.playing = True
        elif kind == CONTINUE:
            self._at = self._next
            self.playing = True
        elif kind == STOP:
            self.playing = False
        elif kind == SONG_POSITION and len(message) == 3 and max(message[1:]) < 0x80:
            self._next = self._at = (message[1] | message[2] << 7) * TICKS_A_SIXTEENTH

    def tempo(self, now_s: float) -> Tempo | None:
        """As it is now; None before the first beat, and where nothing has come for half a second."""
        if self._last_s is None or now_s - self._last_s > LOST_S:
            return None
        return tempo_of(tuple(self._ticks))

    def _tick(self, at_s: float) -> None:
        if self.playing:
            self._at, self._next = self._next, self._next + 1
        if self._last_s is not None and at_s < self._last_s:
            self._ticks.clear()  # the clock that times them was set back
        self._timed(at_s)
        self._last_s = at_s

    def _timed(self, at_s: float) -> None:
        last = self._last_s
        if last is not None and at_s - last > LOST_S:
            self.drop_outs += 1
            self._after_a_gap = self._usual_s()
            self._ticks.clear()
        elif self._after_a_gap is not None and last is not None:
            if at_s - last < _BUNCHED * self._after_a_gap:
                self._ticks.clear()
            else:
                self._after_a_gap = None
        self._ticks.append(at_s)

    def _usual_s(self) -> float | None:
        """Between two ticks before the drop-out; None where too few had come."""
        count = len(self._ticks)
        return (self._ticks[-1] - self._ticks[0]) / (count - 1) if count > PER_BEAT // 2 else None
