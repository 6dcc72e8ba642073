"""Polarity and delay between two microphones of one source, told jointly, or that the stems are unrelated.

Generalised cross-correlation with phase transform (C. Knapp, G. Carter, "The generalized correlation method for
estimation of time delay", IEEE Trans. ASSP 24, 1976): what both microphones hear of one source has a phase that
falls steadily with frequency, whatever their equalizers do to its level. Windows add up as phases, so that only what
keeps its delay remains; the sign of the highest peak is the polarity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.complex64]

FARTHEST_MS = 30.0
"""Ten metres of air: farther microphones hear the room, and no delay mends that."""

WINDOWS = 16
"""Loud windows that are heard for each pair; fewer than _FEWEST tell nothing."""

_FEWEST = 3
_FEWEST_BINS = 64
_LOWEST_HZ, _HIGHEST_SHARE = 60.0, 0.42
_FLOOR = 1e-6
"""Bins 60 dB below the strongest hold noise and dither, which would count like music once whitened."""

_NEAR_MS = 0.5
_AGREEING, _CLEAR, _HEIGHT = 0.35, 0.1, 0.15
"""What makes a pair related: the share of windows that agree by themselves, how far the next peak beyond 0.5 ms lies
below the highest, and how much of all phases agrees. Separate stems of rendered songs stay below 0.12 in the last."""

_WHITENING = 0.7
"""1 gives every frequency the same say, and then a neighbour's bleed, weak but broad, outvotes a source of few tones; 0
none, and tones repeat themselves. In between the louder source wins (D. Rabinkin et al., "A DSP implementation of
source location using microphone arrays", JASA 99, 1996)."""


@dataclass(frozen=True)
class Alignment:
    """How the second stem lies to the first.

    related: whether both hear one source. delay_samples (to a tenth), delay_ms: how much later the second comes.
    inverted: its polarity is opposite. confidence 0..1: the share of agreeing windows, times how clear the peak is.
    reason: why there is no answer, where there is none.
    """

    related: bool
    delay_samples: float | None = None
    delay_ms: float | None = None
    inverted: bool | None = None
    confidence: float = 0.0
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "related": self.related,
            "delay_samples": self.delay_samples,
            "delay_ms": self.delay_ms,
            "inverted": self.inverted,
            "confidence": self.confidence,
            **({"reason": self.reason} if self.reason else {}),
        }


def window_frames(rate: int) -> int:
    """A power of two of at least 0.5 s, so that 30 ms of shift leave nearly all of it in common."""
    return 1 << int(np.ceil(np.log2(0.5 * rate)))


class Correlator:
    """Hears the loud windows of one pair and keeps the phases, not the windows."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._frames = window_frames(rate)
        hz = np.fft.rfftfreq(self._frames, 1 / rate)
        self._used = (hz >= _LOWEST_HZ) & (hz <= _HIGHEST_SHARE * rate)
        self._sum = np.zeros(hz.size, np.complex128)
        self._peaks: list[tuple[int, float]] = []

    def push(self, first: Spectrum, second: Spectrum) -> None:
        """Spectra of one Hann window of both [shape=(frames // 2 + 1,)]."""
        cross = _whitened(first, second, self._used)
        if cross is None:
            return
        self._sum += cross
        self._peaks.append(self._highest(self._correlation(cross))[:2])

    def _correlation(self, cross: NDArray[np.complex128]) -> NDArray[np.float64]:
        """At delays of -reach..reach samples [shape=(2 * reach + 1,)], 1 where every phase agrees."""
        around = np.fft.irfft(cross, self._frames) * (self._frames / 2.0)
        reach = self._reach
        return np.concatenate([around[-reach:], around[: reach + 1]])

    @property
    def _reach(self) -> int:
        return int(FARTHEST_MS / 1000 * self._rate)

    def _highest(self, correlation: NDArray[np.float64]) -> tuple[int, float, float]:
        """Delay in samples of the highest magnitude, its signed height, and the next highest one apart from it."""
        size = np.abs(correlation)
        top = int(size.argmax())
        near = round(_NEAR_MS / 1000 * self._rate)
        rest = np.concatenate([size[: max(0, top - near)], size[top + near + 1 :]])
        return top - self._reach, float(correlation[top]), float(rest.max())

    def read(self) -> Alignment:
        if len(self._peaks) < _FEWEST:
            return Alignment(False, reason="they hardly sound at the same time")
        delay, height, next_height = self._highest(self._correlation(self._sum / len(self._peaks)))
        agreeing = np.mean([abs(at - delay) <= 2 and (peak > 0) == (height > 0) for at, peak in self._peaks])
        clear = 1.0 - next_height / abs(height)
        confidence = float(agreeing * clear)
        if agreeing < _AGREEING or clear < _CLEAR or abs(height) < _HEIGHT:
            return Alignment(False, confidence=round(confidence, 3), reason="unrelated")
        exact = self._between(delay)
        return Alignment(
            True,
            round(exact, 2),
            round(1000 * exact / self._rate, 4),
            height < 0,
            round(confidence, 3),
        )

    def _between(self, delay: int) -> float:
        """The peak between samples: the correlation of the same phases, a tenth of a sample apart, and a parabola."""
        steps = np.arange(-10, 11) / 10.0
        turn = 2 * np.pi * np.arange(self._sum.size) / self._frames
        bins = np.flatnonzero(self._sum)
        turned = np.exp(1j * np.outer(delay + steps, turn[bins]))
        heights = np.abs((turned @ self._sum[bins]).real)
        top = int(np.clip(heights.argmax(), 1, steps.size - 2))
        low, middle, high = heights[top - 1 : top + 2]
        bend = 2 * middle - low - high
        return float(delay + steps[top] + (0.05 * (high - low) / bend if bend > 0 else 0.0))


def _whitened(first: Spectrum, second: Spectrum, used: NDArray[np.bool_]) -> NDArray[np.complex128] | None:
    """Phases of second against first where both sound, their sizes evened and 1 in all; None where one is silent."""
    cross = second.astype(np.complex128) * np.conj(first)
    powers = [np.abs(one) ** 2 for one in (first, second)]
    heard = used.copy()
    for power in powers:
        heard &= power > _FLOOR * power[used].max()
    size = np.abs(cross)
    heard &= size > 0
    if int(heard.sum()) < _FEWEST_BINS:
        return None
    weighted = np.where(heard, cross / np.where(size > 0, size, 1.0) ** _WHITENING, 0.0)
    return np.asarray(weighted / np.abs(weighted).sum())
