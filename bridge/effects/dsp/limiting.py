"""True-peak limiting: a gain that starts before the peak, never lets one through and adds no delay.

Two stages of the same kind: turning the gain down moves the peaks between the samples, so the second, stricter stage
catches what the first one left over.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.ballistics import Decay
from bridge.effects.dsp.intersample import HALF_TAPS, WORST_OVERSHOOT, envelope
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

    The reduction that each frame needs is held over +-LOOKAHEAD_MS, released exponentially in dB, and smoothed over
    the same +-LOOKAHEAD_MS; all channels get the same gain.
    """

    latency_frames = 0

    def __init__(self, rate: int, channels: int, ceiling: float, release_ms: float, strict: bool) -> None:
        """ceiling: amplitude, full scale 1.0. strict: as the strictest of several meters reads it."""
        self._reach = lookahead_frames(rate)
        self._margin = 2 * self._reach + HALF_TAPS
        self._ceiling = ceiling * gain_from_db(-SAFETY_DB)
        self._strictly = self._ceiling if strict else 0.0
        self._release = Decay(release_ms * rate / 1000)
        self._chunk = max(16384, 4 * self._margin) - 2 * self._margin
        self._resting = True
        self.most_db = 0.0
        self.reduction = Reduction(rate)
        overlapped = Overlapped(self._limit, channels, self._margin, self._chunk, self._margin)
        self.process, self.flush = overlapped.process, overlapped.flush

    def _limit(self, window: Samples) -> Samples:
        inner = window[:, self._margin : -self._margin]
        reduction = self._reduction_db(window)
        if reduction is None:
            self.reduction.skip(inner.shape[1])
            return inner
        self.reduction.push(reduction)
        self.most_db = max(self.most_db, float(reduction.max(initial=0.0)))
        return (inner * np.exp(reduction / -_DB)).astype(np.float32)

    def _reduction_db(self, window: Samples) -> NDArray[np.float64] | None:
        """Of the window's inner frames [shape=(chunk,)]; None where there is nothing to do."""
        if self._resting and float(np.abs(window).max()) * WORST_OVERSHOOT <= self._ceiling:
            self._release.skip(self._chunk)
            return None
        held = highest_around(needed_db(envelope(window, self._strictly), self._ceiling), self._reach)
        falling = self._release.run(held, self._chunk)
        falling[falling < QUIET_DB] = 0.0
        self._resting = not falling.any()
        return None if self._resting else smooth(falling, self._reach)


def highest_around(curve: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Maximum over +-reach frames; `2 * reach` frames fewer."""
    from scipy.ndimage import maximum_filter1d

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
        return Both(self._first.reduction, self._second.reduction, self._frames)

    def process(self, block: Samples) -> Samples:
        self._frames += block.shape[1]
        return self._second.process(self._first.process(block))

    def flush(self) -> Samples:
        last = self._second.process(self._first.flush())
        return np.concatenate([last, self._second.flush()], axis=1)
