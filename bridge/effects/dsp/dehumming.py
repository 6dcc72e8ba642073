"""Mains hum taken away: every harmonic followed in strength and phase, and subtracted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.hum_track import STEPS_A_SECOND, HumTrack, Turning, turned_down
from bridge.effects.dsp.overlap import Overlapped

_REACH = 2
"""Seconds on either side from which a line's strength is told."""

_NEAR_S = 0.05
_FAINTEST = 0.1
"""A step that differs from its surroundings by less than this part of the line counts in full."""


class Dehumming:
    """Subtracts what turns with the hum: within a quarter of a hertz of each line.

    A line's strength is the mean over four seconds (Hann) of what is found against its own tracked phase, in which each
    moment counts by how little else sounds there (as in the hum meter: Kay, "Detection Theory", 1998, ch. 4). So notes
    beside a line, and beats on it, hardly move what is subtracted.
    """

    latency_frames = 0

    def __init__(self, track: HumTrack, rate: int, channels: int, frames: int, depth_db: float) -> None:
        """frames: how long the sound is. depth_db: how far the hum goes down."""
        self.warnings: tuple[str, ...] = ()
        self._track, self._rate = track, rate
        self._step = max(1, round(rate / STEPS_A_SECOND))
        self._frames = frames
        self._part = 1.0 - 10 ** (-depth_db / 20)
        self._chunk = self._step * STEPS_A_SECOND
        self._position = -_REACH * self._chunk
        self._phase = 0.0
        self._turns: list[Turning] = []
        self._lines: list[Turning] = []
        self._window = np.hanning(2 * _REACH * STEPS_A_SECOND + 3)[1:-1]
        reach = _REACH * self._chunk
        self._stream = Overlapped(self._work, channels, reach, self._chunk, reach)

    def process(self, block: Samples) -> Samples:
        return self._stream.process(block)

    def flush(self) -> Samples:
        return self._stream.flush()

    def _work(self, window: Samples) -> Samples:
        """window: what lies before, the second that is wanted, and what lies after [shape=(channels, 5 chunks)]."""
        chunk = self._chunk
        first = 0 if not self._turns else 2 * _REACH
        for index in range(first, 2 * _REACH + 1):
            self._hear(window[:, index * chunk : (index + 1) * chunk])
        strengths = self._strengths(np.concatenate(self._lines, axis=2))
        hum = self._sounding(strengths, self._turns[_REACH])
        out = window[:, _REACH * chunk : (_REACH + 1) * chunk] - self._part * hum
        self._turns, self._lines = self._turns[1:], self._lines[1:]
        return np.asarray(out, np.float32)

    def _hear(self, wave: Samples) -> None:
        """One more second: the turning phase of the fundamental in it, and each line against it."""
        at_s = (self._position + np.arange(self._chunk)) / self._rate
        speed = 2 * np.pi / self._rate * np.interp(at_s, self._track.at_s, self._track.fundamental_hz)
        phase = self._phase + np.cumsum(speed)
        self._phase = float(phase[-1] % (2 * np.pi))
        self._position += self._chunk
        turn = np.exp(1j * phase)
        self._turns.append(turn)
        # A line's lowest step of 10 ms holds half a period: the parts that turn against it cancel over the window.
        lines = [turned_down(wave, each, self._step) for each in self._harmonics(turn)]
        self._lines.append(np.array(lines).reshape(len(lines), wave.shape[0], STEPS_A_SECOND))

    def _harmonics(self, turn: Turning) -> list[Turning]:
        return [turn**order for order in self._track.harmonics]

    def _strengths(self, lines: Turning) -> Turning:
        """Of each line at each step of the middle second and one beyond on both sides
        [shape=(lines, channels, steps) -> (lines, channels, 102)]."""
        inside = self._inside(lines.shape[2])
        plain = self._mean(lines, np.broadcast_to(inside, lines.shape))
        near = round(_NEAR_S * STEPS_A_SECOND)
        rest = np.abs(lines - plain) ** 2
        kernel = np.full(2 * near + 1, 1.0 / (2 * near + 1))
        around = np.apply_along_axis(np.convolve, 2, rest, kernel, "same")
        usual = np.median(around[:, :, inside > 0], axis=2, keepdims=True)
        least = (_FAINTEST * np.abs(plain)) ** 2 + 0.05 * usual + 1e-20
        middle = slice(_REACH * STEPS_A_SECOND - 1, (_REACH + 1) * STEPS_A_SECOND + 1)
        return self._mean(lines, inside / (around + least))[:, :, middle]

    def _inside(self, steps: int) -> NDArray[np.float64]:
        """1 for steps that lie in the sound, 0 for those before its start and after its end [shape=(steps,)]."""
        last = self._position // self._step
        at = np.arange(last - steps, last)
        inside: NDArray[np.float64] = ((at >= 0) & (at < max(1, self._frames // self._step))).astype(
            np.float64
        )
        return inside

    def _mean(self, lines: Turning, weights: NDArray[np.float64]) -> Turning:
        """Over four seconds around each step."""
        from scipy.signal import oaconvolve

        window = self._window[None, None]
        above = oaconvolve(lines * weights, window, "same", axes=2)
        below = oaconvolve(weights, window, "same", axes=2)
        mean: Turning = above / np.maximum(below, 1e-30)
        return mean

    def _sounding(self, strengths: Turning, turn: Turning) -> NDArray[np.float64]:
        """The hum in the middle second, strengths drawn straight from step to step [shape=(channels, chunk)]."""
        at = (np.arange(self._chunk) + 0.5) / self._step + 0.5
        whole = at.astype(np.intp)
        part = at - whole
        hum = np.zeros((strengths.shape[1], self._chunk))
        for strength, harmonic in zip(strengths, self._harmonics(turn), strict=True):
            drawn = strength[:, whole] * (1 - part) + strength[:, whole + 1] * part
            hum += 2.0 * (drawn * harmonic).real
        return hum
