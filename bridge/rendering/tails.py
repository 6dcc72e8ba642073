"""What becomes of the sound that goes on after the end of the source: the one home of keep, trim and fade.

The end of a segment of steps passes through an `Ending`. A tail is over once it has fallen 60 dB below the loudest
sample of what the steps gave (ISO 3382's definition of reverberation time, taken from the sound's peak), or where
the steps that make it say that it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.processor import Processor
from bridge.planning.plan import Tail
from bridge.rendering.placing import Placed
from bridge.units import frames_from_ms, frames_from_s, gain_from_db

QUIET_DB = -60.0

DECLICK_MS = 5.0
"""Long enough that no cut clicks (a 100 Hz wave has half a period in it), short enough that no note is missed."""

RINGING_S = 0.1
"""What filters go on ringing is no tail: built-in equalizers are cut there too. Counts where no step declares one."""

PROBE_S = 0.2
"""How long a plugin that declares no tail is listened to, at least."""

LONGEST_S = 30.0
"""Of a tail that no step bounds."""

GAP_S = 5.0
"""Quiet for longer than any echo takes to come back: the tail is over."""

STEADY_S = 1.0
STEADY_DB = 1.0
"""What falls by less than this from the first to the second half of that time needs more than LONGEST_S to fade: it is
a plugin's own hum or hiss, and no tail."""

Write = Callable[[Samples], None]


@dataclass(frozen=True)
class Feed:
    """How many frames of silence a step is given after the end, so that its tail comes out: `least`, and up to `most`
    while it goes on sounding. declared: it is known to have a tail, not only suspected."""

    least: int = 0
    most: int = 0
    declared: bool = False


NOTHING = Feed()


def feed(item: Placed, processor: Processor, tail: Tail, rate: int) -> Feed:
    """What a step needs. In a region there is no tail: outside of it nothing changes.

    A plugin may sound for longer than its step says, which was measured as it comes, and not as it is set. One whose
    step says nothing may have been measured: its processor then offers `tail_s`, None for a tail without end.
    """
    if item.step.region is not None:
        return NOTHING
    hosted, declared_s = isinstance(item.effect, HostedPlugin), item.effect.tail_s()
    measured_s = getattr(processor, "tail_s", 0.0)
    if hosted and declared_s <= RINGING_S:
        declared_s = 0.0
    most_s = LONGEST_S if hosted and declared_s > 0 and tail.policy == "keep" else 0.0
    declared = declared_s > 0 or (measured_s is not None and measured_s > RINGING_S)
    if declared_s <= 0 and (declared or measured_s is None):
        declared_s = LONGEST_S  # measured as it comes; as it is set, it may take longer
    if tail.policy != "keep":
        declared_s = min(declared_s, GAP_S)
    if declared_s > 0:
        frames = frames_from_s(declared_s, rate)
        return Feed(frames, max(frames, frames_from_s(most_s, rate)), declared)
    if hosted:
        most_s = LONGEST_S if tail.policy == "keep" else PROBE_S
        return Feed(frames_from_s(PROBE_S, rate), frames_from_s(most_s, rate))
    return NOTHING


class Fading:
    """Hears when a stream that goes on after the end of its source has faded: QUIET_DB below its peak until then.

    gap: quiet for more frames than that is the end, whatever comes later. loud_until: one after the last loud frame.
    doubt: frames after which a sound that does not fall is `steady`, which is as good as none; 0 for never.
    """

    def __init__(self, gap: int, doubt: int = 0) -> None:
        self._gap = gap
        self._doubt = doubt
        self._halves = [0.0, 0.0]
        self.steady = False
        self._peak = 0.0
        self._position = 0
        self._end: int | None = None
        self.loud_until = 0
        self.over = False

    def source_ended(self, frames: int) -> None:
        self._end = self.loud_until = frames

    def push(self, block: Samples) -> None:
        """The next block [shape=(channels, frames)]."""
        start, size = self._position, block.shape[1]
        self._position += size
        inside = size if self._end is None else min(size, max(0, self._end - start))
        self._peak = max(self._peak, float(np.max(np.abs(block[:, :inside]), initial=0.0)))
        if inside < size and not self.over:
            level = np.max(np.abs(block[:, inside:]), axis=0)
            self._hear(start + inside + np.flatnonzero(level > self._peak * gain_from_db(QUIET_DB)))
            self._doubted(level, start + inside)

    def _hear(self, loud: NDArray[np.int64]) -> None:
        late = np.flatnonzero(np.diff(loud, prepend=self.loud_until) > self._gap)
        before = loud[: late[0]] if late.size else loud
        if before.size:
            self.loud_until = int(before[-1]) + 1
        self.over = bool(late.size) or self._position - self.loud_until > self._gap

    @property
    def decided(self) -> bool:
        """Whether what was heard until now is known to be a tail or none."""
        return self._end is None or self._position >= self._end + self._doubt

    def _doubted(self, level: NDArray[np.float32], start: int) -> None:
        """level: of the frames from `start` on."""
        assert self._end is not None
        half = self._doubt // 2
        for index in (0, 1):
            first = self._end + index * half - start
            part = level[max(0, first) : max(0, first + half)]
            self._halves[index] = max(self._halves[index], float(np.max(part, initial=0.0)))
        falls = self._halves[1] < self._halves[0] * gain_from_db(-STEADY_DB)
        if (
            self._doubt
            and self.decided
            and not falls
            and self._halves[1] > self._peak * gain_from_db(QUIET_DB)
        ):
            self.steady = self.over = True
            self.loud_until = self._end


class Ending:
    """Passes a stream on and ends it as the policy says. Call `source_ended`, then write the tail, then `close`.

    declared: a step is known to have a tail; else only what sounds beyond RINGING_S counts as one.
    frames: how many were passed on, the promised length once it is closed. over: nothing that is still written will
    be heard. cut_short: whether a kept tail was still loud where it had to end. All is decided sample by sample, so
    that blocks may be cut anywhere.
    """

    def __init__(self, tail: Tail, rate: int, channels: int, write: Write, declared: bool) -> None:
        self._keeps = tail.policy == "keep"
        self._write = write
        self._fade = frames_from_ms(tail.fade_ms if tail.policy == "fade" else DECLICK_MS, rate)
        self._ringing = 0 if declared else frames_from_s(RINGING_S, rate)
        doubt = 0 if declared or not self._keeps else frames_from_s(STEADY_S, rate)
        self._fading = Fading(frames_from_s(GAP_S, rate), doubt)
        self._held: Samples = np.zeros((channels, 0), np.float32)
        self._end: int | None = None
        self.frames = 0
        self.over = False
        self.cut_short = False

    def source_ended(self, frames: int) -> None:
        """frames: of the source. What comes at a later place is tail."""
        self._end = frames
        self._fading.source_ended(frames)

    def write(self, block: Samples) -> None:
        """The next block [shape=(channels, frames)]."""
        if self.over:
            return
        self._fading.push(block)
        self._held = np.concatenate([self._held, block], axis=1) if self._held.shape[1] else block
        self.over = self._fading.over or (not self._keeps and self._is_tail())
        self._give(self._sure() - self.frames)

    @property
    def steady(self) -> bool:
        """Whether what went on after the end was a plugin's own hum or hiss."""
        return self._fading.steady

    def _sure(self) -> int:
        """The frame before which nothing can be faded or dropped any more."""
        written: int = self.frames + self._held.shape[1]
        if not self._keeps:
            return (written if self._end is None else min(written, self._end)) - self._fade
        if self._end is None:
            return written
        sounding = self._fading.loud_until - self._fade if self._is_tail() and self._fading.decided else 0
        return max(sounding, min(written, self._end))

    def _is_tail(self) -> bool:
        return self._end is not None and self._fading.loud_until > self._end + self._ringing

    def _give(self, frames: int) -> None:
        """Passes on the first of what is held."""
        if frames > 0 and self._held.shape[1]:
            ready, self._held = self._held[:, :frames], self._held[:, frames:]
            self.frames += ready.shape[1]
            self._write(ready)

    def close(self) -> None:
        """The stream is over: the last frames, faded where a tail ends in them."""
        assert self._end is not None
        written: int = self.frames + self._held.shape[1]
        end = min(self._end, written)
        fade = min(self._fade, end // 2)  # of a sound shorter than its fade something is left
        if self._keeps and self._is_tail():
            self.cut_short = self._fading.loud_until == written
            end = min(self._fading.loud_until + self._fade, written)
            fade = min(self._fade, end - self._end)
        rest = self._held[:, : end - self.frames].copy()
        if self._is_tail():
            curve = _falling(min(fade, rest.shape[1]))
            rest[:, rest.shape[1] - curve.size :] *= curve
        self._held = rest
        self._give(rest.shape[1])


def _falling(frames: int) -> NDArray[np.float32]:
    """Half a cosine from just under 1 to 0, the last sample silent."""
    at = np.arange(1, frames + 1) / max(frames, 1)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * at), np.float32)
