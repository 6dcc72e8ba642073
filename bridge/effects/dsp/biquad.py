"""Second-order filters: the closed forms of Robert Bristow-Johnson's Audio EQ Cookbook, and a stream through them.

All coefficients are float64 rows `[b0, b1, b2, 1, a1, a2]` as scipy's `sosfilt` takes them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.compiled import sosfilt

Coefficients = NDArray[np.float64]

BUTTERWORTH_2 = (1 / math.sqrt(2),)
# Q of the two sections of a fourth-order Butterworth: 1 / (2 cos(pi/8)) and 1 / (2 cos(3 pi/8)).
BUTTERWORTH_4 = (1 / (2 * math.cos(math.pi / 8)), 1 / (2 * math.cos(3 * math.pi / 8)))


def bell(frequency_hz: float, gain_db: float, q: float, rate: int) -> Coefficients:
    """Peaking EQ: `gain_db` at `frequency_hz`, half of it (in dB) at the edges of a band of width f/Q."""
    cos, alpha, a = _terms(frequency_hz, q, rate, gain_db)
    return _row(1 + alpha * a, -2 * cos, 1 - alpha * a, 1 + alpha / a, -2 * cos, 1 - alpha / a)


def low_shelf(frequency_hz: float, gain_db: float, q: float, rate: int) -> Coefficients:
    """`gain_db` far below `frequency_hz`, half of it (in dB) there, none far above."""
    cos, alpha, a = _terms(frequency_hz, q, rate, gain_db)
    slope = 2 * math.sqrt(a) * alpha
    return _row(
        a * ((a + 1) - (a - 1) * cos + slope),
        2 * a * ((a - 1) - (a + 1) * cos),
        a * ((a + 1) - (a - 1) * cos - slope),
        (a + 1) + (a - 1) * cos + slope,
        -2 * ((a - 1) + (a + 1) * cos),
        (a + 1) + (a - 1) * cos - slope,
    )


def high_shelf(frequency_hz: float, gain_db: float, q: float, rate: int) -> Coefficients:
    """`gain_db` far above `frequency_hz`, half of it (in dB) there, none far below."""
    cos, alpha, a = _terms(frequency_hz, q, rate, gain_db)
    slope = 2 * math.sqrt(a) * alpha
    return _row(
        a * ((a + 1) + (a - 1) * cos + slope),
        -2 * a * ((a - 1) + (a + 1) * cos),
        a * ((a + 1) + (a - 1) * cos - slope),
        (a + 1) - (a - 1) * cos + slope,
        2 * ((a - 1) - (a + 1) * cos),
        (a + 1) - (a - 1) * cos - slope,
    )


def high_pass(frequency_hz: float, q: float, rate: int) -> Coefficients:
    """12 dB an octave; -3.01 dB at `frequency_hz` where q is 1/sqrt(2)."""
    cos, alpha, _ = _terms(frequency_hz, q, rate)
    return _row((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha)


def low_pass(frequency_hz: float, q: float, rate: int) -> Coefficients:
    """12 dB an octave; -3.01 dB at `frequency_hz` where q is 1/sqrt(2)."""
    cos, alpha, _ = _terms(frequency_hz, q, rate)
    return _row((1 - cos) / 2, 1 - cos, (1 - cos) / 2, 1 + alpha, -2 * cos, 1 - alpha)


def response_db(sections: Coefficients, frequency_hz: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Gain of sections in series at each frequency, in dB [shapes=(sections, 6) and (points,) -> (points,)]."""
    turn = np.exp(-2j * np.pi * np.asarray(frequency_hz, np.float64) / rate)
    powers = np.stack([np.ones_like(turn), turn, turn**2])
    above, below = sections[:, :3] @ powers, sections[:, 3:] @ powers
    gain: NDArray[np.float64] = np.sum(20 * np.log10(np.abs(above / below) + 1e-15), axis=0)
    return gain


def _terms(frequency_hz: float, q: float, rate: int, gain_db: float = 0.0) -> tuple[float, float, float]:
    """cos(w0), alpha and A of the cookbook."""
    w0 = 2 * math.pi * frequency_hz / rate
    return math.cos(w0), math.sin(w0) / (2 * q), float(10 ** (gain_db / 40))


def _row(b0: float, b1: float, b2: float, a0: float, a1: float, a2: float) -> Coefficients:
    return np.array([b0 / a0, b1 / a0, b2 / a0, 1.0, a1 / a0, a2 / a0])


class Filter:
    """Biquads in series over a stream: float64 inside, state carried, so every cut gives the same bits."""

    latency_frames = 0

    def __init__(self, sections: Coefficients, channels: int) -> None:
        """sections: [shape=(sections, 6)]; none at all passes the sound through untouched."""
        self._sections = np.asarray(sections, np.float64).reshape(-1, 6)
        self._state = np.zeros((channels, len(self._sections), 2))

    def run(self, block: NDArray[np.floating]) -> NDArray[np.float64]:
        """The next block [shape=(channels, frames)], filtered, in float64."""
        if not len(self._sections) or not block.shape[1]:
            return block.astype(np.float64)
        out = np.array(block, np.float64, order="C")
        sosfilt(self._sections, out, self._state)
        # A decaying filter would sink into denormals, which are slow. So far below the least float32 (1e-45) that how a
        # stream is cut changes no bit of what comes out.
        self._state[np.abs(self._state) < 1e-150] = 0.0
        return out

    def process(self, block: Samples) -> Samples:
        return self.run(block).astype(np.float32) if len(self._sections) else block

    def flush(self) -> Samples:
        return np.zeros((len(self._state), 0), np.float32)
