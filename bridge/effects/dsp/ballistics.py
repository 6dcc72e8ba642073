"""How fast a gain may move: attack and release as numpy runs them, without a loop over frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.compiled import lfilter

Curve = NDArray[np.float64]


class Decay:
    """Running maximum that falls exponentially: y[n] = max(x[n], y[n-1] * exp(-1/tau)).

    In the logarithmic domain that is a plain running maximum of log x[n] + n/tau, which numpy has
    (`maximum.accumulate`). n counts from the start of the stream, so any cut gives the same bits.
    """

    def __init__(self, time_constant_frames: float) -> None:
        self._slope = 1.0 / max(time_constant_frames, 1e-3)
        self._position = 0
        self._highest = -np.inf

    def run(self, x: Curve, keep: int | None = None) -> Curve:
        """x: values of at least 0 [shape=(frames,)]. keep: how many of them the stream moves on by; the rest is
        a look ahead that will be given again."""
        if not len(x):
            return x
        keep = len(x) if keep is None else keep
        line = np.arange(self._position, self._position + len(x)) * self._slope
        with np.errstate(divide="ignore"):
            highest = np.maximum(np.maximum.accumulate(np.log(x) + line), self._highest)
        self._position += keep
        if keep:
            self._highest = float(highest[keep - 1])
        return np.asarray(np.exp(highest - line), np.float64)

    def skip(self, frames: int) -> None:
        """Move on by that many frames of zeros."""
        self._position += frames


class OnePole:
    """First-order lag: y[n] = y[n-1] + (1 - exp(-1/tau)) (x[n] - y[n-1]); 63 % of a step after tau."""

    def __init__(self, time_constant_frames: float, at: float = 0.0) -> None:
        self._pole = float(np.exp(-1.0 / time_constant_frames)) if time_constant_frames > 0.05 else 0.0
        self._above, self._below = np.array([1.0 - self._pole]), np.array([1.0, -self._pole])
        self._state = np.array([at * self._pole])

    def run(self, x: Curve) -> Curve:
        if not len(x):
            return x
        out, self._state = lfilter(self._above, self._below, x, self._state)
        return np.asarray(out, np.float64)


class AttackRelease:
    """The decoupled smooth peak detector: release first, attack after.

    Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design", JAES 60 (2012), 399-408, section 4.
    Both times are time constants: 63 % of the way.
    """

    def __init__(self, attack_ms: float, release_ms: float, rate: int) -> None:
        self._release = Decay(release_ms * rate / 1000)
        self._attack = OnePole(attack_ms * rate / 1000)

    def run(self, x: Curve) -> Curve:
        """x: values of at least 0 [shape=(frames,)] -> the same, following."""
        return self._attack.run(self._release.run(x))
