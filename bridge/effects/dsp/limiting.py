"""True-peak limiting: a gain that starts before the peak, never lets one through and adds no delay.

Two stages of the same kind: turning the gain down moves the peaks between the samples, so the second, stricter stage
catches what the first one left over.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.compiled import maximum_filter1d
from bridge.effects.dsp.ballistics import Decay
from bridge.effects.dsp.intersample import HALF_TAPS, SCREENED, envelope, highest_of
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.reduction import Both, Reduction
from bridge.units import gain_from_db

LOOKAHEAD_MS = 3.0
SAFETY_DB = 0.02  # 16 phases read a tone near the Nyquist frequency up to 0.04 dB low
QUIET_DB = 1e-3  # reductions below this are none, so that an idle limiter gives the very same samples

_DB = 20 / math.log(10)


def lookahead_frames(rate: int) -> int:
    return max(2, round(LOOKAHEAD_MS * rate / 1000))


def smooth(reduction_db: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Mean of the neighbours within +-reach frames, weighted towards the middle (two moving averages in series).

    Returns `2 * reach` frames fewer. A mean over values that each are large enough is large enough.
    """
    first, second = reach // 2, reach - reach // 2
    for half in (first, second):
        width = 2 * half + 1
        sums = np.concatenate([[0.0], np.cumsum(reduction_db)])
        reduction_db = (sums[width:] - sums[:-width]) / width
    return np.maximum(reduction_db, 0.0)


def needed_db(reached: NDArray[np.floating], ceiling: float) -> NDArray[np.float64]:
    """Reduction in dB, at least 0, that brings magnitudes down to `ceiling`."""
    return _DB * np.log(np.maximum(reached.astype(np.float64) / ceiling, 1.0))


class Stage:
    """One look-ahead limiter over a stream.

    The reduction that each hop of about 0.3 ms needs is held over +-LOOKAHEAD_MS, released exponentially in dB, and
    smoothed over the same stretch; between the middles of the hops the gain is a straight line, and all channels get
    the same. It is held one hop longer than it is smoothed, so that both ends of each line are low enough.
    """

    latency_frames = 0

    def __init__(self, rate: int, channels: int, ceiling: float, release_ms: float, strict: bool) -> None:
        """ceiling: amplitude, full scale 1.0. strict: as the strictest of several meters reads it."""
        self.hop = hop_frames(rate)
        self._reach = max(2, round(LOOKAHEAD_MS * rate / 1000 / self.hop))
        self._ceiling, self._strict = ceiling * gain_from_db(-SAFETY_DB), strict
        self._release = Decay(release_ms * rate / 1000 / self.hop)
        margin = 2 * self._reach * self.hop + HALF_TAPS
        margin += -margin % SCREENED
        self._spare = (margin - HALF_TAPS) // self.hop - 2 * self._reach
        self._chunk = 16384 * max(1, -(-6 * margin // 16384))
        self._inner = slice(margin, -margin)
        self._ramp = _ramp(self.hop)
        self._resting = True
        self.most_db = 0.0
        self.reduction = Reduction(rate / self.hop)
        overlapped = Overlapped(self._limit, channels, margin, self._chunk, margin)
        self.process, self.flush = overlapped.process, overlapped.flush

    def _limit(self, window: Samples) -> Samples:
        inner = window[:, self._inner]
        reduction = self._reduction_db(window)
        if reduction is None:
            self.reduction.skip(self._chunk // self.hop)
            return inner
        self.reduction.push(reduction[1:-1])
        self.most_db = max(self.most_db, float(reduction.max(initial=0.0)))
        gain = np.exp(reduction / -_DB).astype(np.float32)
        return inner * (sliding_window_view(gain, 3) @ self._ramp).ravel()

    def _reduction_db(self, window: Samples) -> NDArray[np.float64] | None:
        """Of the window's inner hops and one on each side [shape=(hops + 2,)]; None where there is nothing to do."""
        reached = highest_of(envelope(window, self._ceiling, self._strict), self.hop)
        hops = self._chunk // self.hop
        if self._resting and float(reached.max()) <= self._ceiling:
            self._release.skip(hops)
            return None
        needed = needed_db(reached[self._spare : len(reached) - self._spare], self._ceiling)
        falling = self._release.run(highest_around(needed, self._reach), hops)
        falling[falling < QUIET_DB] = 0.0
        self._resting = not falling.any()
        return None if self._resting else smooth(falling, self._reach - 1)


def hop_frames(rate: int) -> int:
    """Frames from one value of the gain to the next: a power of two, 0.25 to 0.37 ms."""
    return 1 << max(0, (rate // 2700).bit_length() - 1)


def _ramp(hop: int) -> NDArray[np.float32]:
    """What the gains of a hop and of its two neighbours count for in each of its frames [shape=(3, hop)]. Dyadic
    numbers, so that a gain of 1 stays exactly that."""
    late = (np.arange(hop) + 0.5) / hop - 0.5
    return np.array([np.maximum(-late, 0), 1 - np.abs(late), np.maximum(late, 0)], np.float32)


def highest_around(curve: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Maximum over +-reach frames; `2 * reach` frames fewer."""
    return np.asarray(maximum_filter1d(curve, 2 * reach + 1)[reach:-reach], np.float64)


class Limiting:
    """The limiter that promises a ceiling: a fast stage and a strict one."""

    latency_frames = 0

    def __init__(self, rate: int, channels: int, ceiling_dbtp: float, release_ms: float) -> None:
        ceiling = gain_from_db(ceiling_dbtp)
        self._first = Stage(rate, channels, ceiling, release_ms, strict=False)
        self._second = Stage(rate, channels, ceiling, release_ms, strict=True)
        self._frames = 0

    @property
    def most_db(self) -> float:
        """Deepest gain reduction so far, in dB."""
        return self._first.most_db + self._second.most_db

    @property
    def reduction(self) -> Both:
        """Over time, of both stages together."""
        return Both(self._first.reduction, self._second.reduction, -(-self._frames // self._first.hop))

    def process(self, block: Samples) -> Samples:
        self._frames += block.shape[1]
        return self._second.process(self._first.process(block))

    def flush(self) -> Samples:
        last = self._second.process(self._first.flush())
        return np.concatenate([last, self._second.flush()], axis=1)
