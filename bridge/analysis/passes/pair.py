"""How left and right stand to each other in phase: their complex cross-spectrum, from some of the frames.

Every frame of the first 5 s and one in 32 after that: phase is a matter of the whole sound, and a transform of every
frame for it would cost as much as all levels together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.bark import BARK_EDGES_HZ
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable
from bridge.analysis.windows import hann
from bridge.compiled import rfft

_ALL_OF = 64
_ONE_IN = 32

_SHARED_BANDS = 4
"""A pure tone has one phase and fits every delay modulo its period, or none where the sides' tones differ: only what
both sides have in several Bark bands tells one delay from the others."""

_PRESENT, _ALIKE = 1e-4, 0.02
"""A band is shared where it holds so much of either side's power, and where their cross-power is so much of it."""


class Pair:
    """cross: sum of L·conj(R) [complex, shape=(bins,)]; power: those of L and of R [shape=(2, bins)]."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        bins = stream.frame // 2 + 1
        self.cross = np.zeros(bins, np.complex128)
        self.power = np.zeros((2, bins))
        self._heard = False
        self._window = hann(stream.frame)

    def push(self, chunk: Chunk) -> None:
        if self.stream.channels < 2:
            return
        self._heard = True
        first = chunk.start // self.stream.frame
        for index in range(chunk.frames):
            if first + index < _ALL_OF or (first + index) % _ONE_IN == 0:
                self._add(chunk.framed[:2, index])

    def _add(self, frame: NDArray[np.float32]) -> None:
        left, right = rfft(frame * self._window)
        self.cross += left * right.conj()
        self.power[0] += left.real**2 + left.imag**2
        self.power[1] += right.real**2 + right.imag**2

    def _check(self) -> None:
        if self.stream.channels < 2:
            raise Unmeasurable("mono")
        if not self._heard:
            raise Unmeasurable(EMPTY)
        power = self.power.sum(axis=1)
        if not power.max() > 0.0:
            raise Unmeasurable(SILENCE)
        if not power.min() > 1e-9 * power.max():
            raise Unmeasurable("one channel is silent")

    def angle_deg(self, low_hz: float, high_hz: float) -> float:
        """Median of the angle between L and R over the bins from `low_hz` to `high_hz`, weighted by their
        cross-power: 0 alike, 90 unrelated or a quarter turn, 180 opposed.

        Raises Unmeasurable for mono, no frames, silence, a silent channel and an empty band.
        """
        self._check()
        hz = np.arange(self.cross.size) * (self.stream.rate / self.stream.frame)
        inside = (hz >= low_hz) & (hz <= min(high_hz, self.stream.nyquist_hz))
        weight = np.abs(self.cross[inside])
        if not weight.sum() > 1e-6 * np.abs(self.cross).sum() or not weight.sum() > 0.0:
            raise Unmeasurable("nothing in this band")
        angle = np.abs(np.angle(self.cross[inside], deg=True))
        order = np.argsort(angle, kind="stable")
        half = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
        return float(angle[order[min(int(half), angle.size - 1)]])

    def _shared_bands(self) -> int:
        hz = np.arange(self.cross.size) * (self.stream.rate / self.stream.frame)
        starts = np.unique(np.searchsorted(hz, BARK_EDGES_HZ[:-1]).clip(max=hz.size - 1))
        powers = np.add.reduceat(self.power, starts, axis=1)
        alike = np.add.reduceat(np.abs(self.cross), starts) > _ALIKE * np.sqrt(powers[0] * powers[1])
        present = (powers > _PRESENT * powers.sum(axis=1, keepdims=True)).all(axis=0)
        return int((alike & present).sum())

    def delay(self, longest_s: float) -> tuple[int, float]:
        """Samples by which R comes later than L (negative: earlier), and how clearly: 1 for a pure delay of one sound.

        Cross-correlation weighted by coherence over magnitude (Hannan and Thomson's processor, in Knapp and Carter,
        "The generalized correlation method for estimation of time delay", IEEE Trans. ASSP 24(4), 1976), so that
        bass, which has no place in time, does not drown the rest. Raises Unmeasurable like `angle_deg`, and where fewer
        than four Bark bands are shared.
        """
        self._check()
        if self._shared_bands() < _SHARED_BANDS:
            raise Unmeasurable("left and right share too few bands")
        product = self.power[0] * self.power[1]
        floor = 1e-12 * float(product.max())
        coherence = np.abs(self.cross) ** 2 / np.maximum(product, floor)
        magnitude = np.abs(self.cross)
        weighted = np.where(magnitude > 0.0, self.cross / np.maximum(magnitude, 1e-300), 0.0) * coherence
        if not coherence.sum() > 0.0:
            raise Unmeasurable("left and right have nothing in common")
        lags = np.fft.irfft(weighted, self.stream.frame) * self.stream.frame / (2.0 * coherence.sum())
        reach = max(1, min(round(longest_s * self.stream.rate), self.stream.frame // 4))
        window = np.concatenate([lags[-reach:], lags[: reach + 1]])
        at = int(np.abs(window).argmax())
        return reach - at, float(min(1.0, abs(window[at])))
