"""The long-term spectrum: power per channel and the cross-power of the front pair, from Hann frames; and how both the
Bark bands and the whole spectrum go on in time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.bark import BARK_BANDS, bark_bins
from bridge.analysis.passes.snapshots import Snapshots
from bridge.analysis.series import POWER, Series
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.unmeasurable import EMPTY, SILENCE, Unmeasurable
from bridge.analysis.windows import centred_hann
from bridge.audio import Samples
from bridge.compiled import rfft

Row = NDArray[np.float64]


_THOROUGH = 128
"""Frames (11 s) that are taken at half overlap, each window at half weight: a short sound must not fall into the gap
between two windows. Over longer ones windows side by side give the same averages at half the cost."""


_FAINTEST = 1e-13
"""Stretches that stay below (-260 dBFS) count as silence: single precision has no room for what lies far below them."""

MOST_SLICES = 128
_SLICE_FRAMES = 8


class Spectrum:
    """Sums of power over frames; bin k stands for k·rate/frame Hz.

    power [shape=(channels, bins)], cross: real part of L·conj(R) [shape=(bins,)].
    bark: power of all channels in the 24 Bark bands, one column a frame of the stream, the last, padded one too
    [shape=(24, frames)].
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        bins = stream.frame // 2 + 1
        self._squares = np.zeros((stream.channels, 2 * bins))
        self._products = np.zeros(2 * bins)
        self.bark = Series(BARK_BANDS, dtype=np.float32, kept=POWER)
        self._slices = _Slices(bins)
        self.snapshots = Snapshots(stream)
        edges = bark_bins(stream.rate, stream.frame)
        self._bands = np.flatnonzero(np.diff(edges))
        self._bark_starts, self._bark_end = 2 * edges[self._bands], 2 * int(edges[-1])
        self._heard = False
        self._window = centred_hann(stream.frame)
        self._last = np.zeros((stream.channels, 0), np.float32)

    def push(self, chunk: Chunk) -> None:
        self._heard = True
        if chunk.segment_peak.max() < _FAINTEST:
            chunk = Chunk(self.stream, np.zeros_like(chunk.samples), chunk.start, chunk.valid)
        if not chunk.whole:
            self._push_tail(chunk)
            return
        self.snapshots.push(chunk)
        thorough = min(max(_THOROUGH - chunk.start // self.stream.frame, 0), chunk.frames)
        if thorough:
            self._push_overlapped(chunk.samples[:, : thorough * self.stream.frame])
        if thorough < chunk.frames:
            self._last = self._last[:, :0]
            self._keep(self._add(chunk.framed[:, thorough:] * self._window))

    def _push_overlapped(self, samples: Samples) -> None:
        joined = np.concatenate([self._last, samples], axis=1)
        frame, hop = self.stream.frame, self.stream.frame // 2
        self._last = joined[:, -hop:].copy()
        views = np.lib.stride_tricks.sliding_window_view(joined, frame, axis=1)[:, ::hop]
        power = self._add(views * (self._window * np.float32(0.5**0.5)))
        if len(power) % 2:
            self._keep(power[:1], 2)
            power = power[1:]
        self._keep(power[::2] + power[1::2])

    def _push_tail(self, chunk: Chunk) -> None:
        """The rest of the sound, in a window of its own length: a short sound has nothing else."""
        joined = np.concatenate([self._last, chunk.samples[:, : chunk.valid]], axis=1)
        frame = self.stream.frame
        power = np.zeros((1, self._products.size), np.float32)
        for start in range(0, joined.shape[1], frame):
            part = joined[:, start : start + frame]
            padded = np.zeros((joined.shape[0], 1, frame), np.float32)
            padded[:, 0, : part.shape[1]] = part * centred_hann(part.shape[1])
            power += self._add(padded)
        self._keep(power)

    def _add(self, windowed: Samples) -> Samples:
        """windowed [shape=(channels, windows, frame)] -> squares of all channels [shape=(windows, 2·bins)].

        Real and imaginary parts stay side by side until somebody asks: what runs along the memory costs least.
        """
        # Single precision, several transforms at once: five times as fast as numpy's.
        parts: Samples = rfft(windowed).view(np.float32)
        if self.stream.channels > 1:
            self._products += (parts[0] * parts[1]).sum(axis=0)
        np.multiply(parts, parts, out=parts)
        self._squares += parts.sum(axis=1)
        total: Samples = parts.sum(axis=0)
        return total

    def _keep(self, squares: Samples, gain: int = 1) -> None:
        """squares of the stream's next frames [shape=(frames, 2·bins)]; gain: 2 for a window that stands for two."""
        bark = np.zeros((BARK_BANDS, len(squares)), np.float32)
        if self._bands.size:
            bands = np.add.reduceat(squares[:, : self._bark_end], self._bark_starts, axis=1)
            bark[self._bands] = bands.T * gain
        self.bark.append(bark)
        self._slices.add(squares)

    @property
    def power(self) -> Row:
        """[shape=(channels, bins)]"""
        return _folded(self._squares)

    @property
    def cross(self) -> Row:
        """[shape=(bins,)]"""
        return _folded(self._products)

    def slices(self) -> tuple[float, Samples]:
        """Seconds of one slice, and the power of all channels in each [shape=(slices, bins)], float32.

        Slices are equally long, at most 128; the last holds what is left. They add up to `power`.
        """
        seconds = self._slices.frames * self.stream.frame / self.stream.rate
        return seconds, self._slices.values

    def total(self) -> Row:
        """Power summed over channels [shape=(bins,)]. Raises Unmeasurable for no frames and for silence."""
        if not self._heard:
            raise Unmeasurable(EMPTY)
        total: Row = self.power.sum(axis=0)
        if not total[1:].sum() > 0.0:
            raise Unmeasurable(SILENCE)
        return total

    def frequencies(self) -> Row:
        """Centre of each bin in Hz."""
        hz: Row = np.arange(self.stream.frame // 2 + 1, dtype=np.float64) * (
            self.stream.rate / self.stream.frame
        )
        return hz

    def between(self, power: Row, low_hz: float, high_hz: float) -> float:
        """Power from `low_hz` to `high_hz`; bins at the edges count by the part that lies inside."""
        return max(self.between_signed(power, low_hz, high_hz), 0.0)

    def between_signed(self, power: Row, low_hz: float, high_hz: float) -> float:
        """The same of a cross-power, which may be negative."""
        width = self.stream.rate / self.stream.frame
        high = min(max(min(high_hz, self.stream.nyquist_hz) / width + 0.5, 0.0), float(power.size))
        low = min(max(low_hz / width + 0.5, 0.0), high)
        first, last = int(low), int(high)
        inside = float(power[first:last].sum())
        if first < power.size:
            inside -= (low - first) * float(power[first])
        if last < power.size:
            inside += (high - last) * float(power[last])
        return inside


class _Slices:
    """Spectra over stretches of `frames` frames; when there are too many, each two become one."""

    def __init__(self, bins: int) -> None:
        self.frames = _SLICE_FRAMES
        self._power = np.zeros((MOST_SLICES, bins), np.float32)
        self._added = 0

    def add(self, squares: Samples) -> None:
        """Squares of the next frames [shape=(frames, 2·bins)]"""
        while len(squares):
            if self._added == MOST_SLICES * self.frames:
                self._merge()
            taken = squares[: self.frames - self._added % self.frames]
            self._power[self._added // self.frames] += _folded(taken.sum(axis=0))
            self._added += len(taken)
            squares = squares[len(taken) :]

    def _merge(self) -> None:
        half = MOST_SLICES // 2
        self._power[:half] = self._power[::2] + self._power[1::2]
        self._power[half:] = 0
        self.frames *= 2

    @property
    def values(self) -> Samples:
        """[shape=(slices, bins)]"""
        return self._power[: -(-self._added // self.frames)]


def _folded(parts: NDArray[Any]) -> NDArray[Any]:
    """Real and imaginary shares side by side [shape=(..., 2·bins)] -> their sums [shape=(..., bins)]."""
    folded: NDArray[Any] = parts[..., ::2] + parts[..., 1::2]
    return folded
