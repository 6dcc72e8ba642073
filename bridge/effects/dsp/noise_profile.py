"""The spectrum of the steady noise under a sound: found in what is quietest, or measured where it stands alone.

Noise is told from quiet music by three marks, band by band. Its level stands still: the quietest blocks lie within what
chance allows. Its bins flutter: the power of a bin of Gaussian noise is exponentially distributed, that of a held tone
hardly moves. And it has no lines: a bin far over its neighbours is a tone. A band without the marks is left alone.

Sources: R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics", IEEE
Trans. Speech Audio Proc. 9 (2001), for the quietest values and their bias; the marks are own definitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.frames import Frames, components
from bridge.effects.dsp.noise_gaps import Gaps
from bridge.effects.processor import Sound

Rows = NDArray[np.float64]

QUIETEST = 0.10
"""The share of the blocks whose level is taken for the noise's."""

_BLOCK = 8
"""Frames that make a block: 0.12 s."""

_BLOCKS = 8
_FEWEST_BLOCKS = 8
_BIAS = 10**0.227
"""By how much the tenth part of blocks of noise lies below its mean (measured on noise, with these windows)."""

_DOF_8_BINS = 18.5
"""Degrees of freedom, in pairs, of a block over eight bins (measured on noise)."""

_FLUTTER_DB = -1.0
"""What a block's geometric mean over time lies below its mean for noise: -2 dB. Held tones: 0."""

_LOWEST_DB, _LEVELS = -180, 220
_LINE = 2.0
_NEIGHBOURS = 0.08
_DOUBT = 25.0
"""dB by which a band's noise is taken for lower, for each dB that its quietest blocks are more restless than noise."""

_LEAST_SPREAD = 0.35
"""Of what chance spreads: held tones stand stiller."""

_BELIEVED_DB, _BROAD, _ALONE_DB = 6.0, 0.4, 50.0

_CHANCE_DB = 0.5
"""A single band is judged by so much more mildly than with its neighbours."""

_TINY = 1e-30


@dataclass(frozen=True)
class NoiseProfile:
    """power: of the noise in each bin of each component (`Frames`), in full-scale units [shape=(channels, bins)].

    shared: bins in which two channels are taken apart into mid and side [shape=(bins,)]. snr_db: the sound's power
    over that of the noise, None where no noise was found.
    """

    power: Rows
    shared: NDArray[np.bool_]
    snr_db: float | None


def find_profile(sound: Sound, frames: Frames) -> NoiseProfile | None:
    """What stands still under all of the sound, read once; None for sounds under a second and for silence."""
    found = _Quietest(frames, sound.channels)
    for window in _windows(sound, frames):
        found.add(window)
    return found.profile(sound.rate)


def measure_profile(sound: Sound, frames: Frames, start_s: float, seconds: float) -> NoiseProfile | None:
    """The mean spectrum of a stretch where nothing but noise stands; None where it holds no whole frame."""
    first, last = round(start_s * sound.rate), round((start_s + seconds) * sound.rate)
    parts, at = [np.zeros((sound.channels, 0), np.float32)], 0
    total = 0.0
    for block in sound.blocks():
        parts.append(block[:, max(0, first - at) : max(0, last - at)])
        total += float(np.sum(block.astype(np.float64) ** 2))
        at += block.shape[1]
    wave = np.concatenate(parts, axis=1)
    if wave.shape[1] < frames.length or not wave.any():
        return None
    count = (wave.shape[1] - frames.length) // frames.hop + 1
    power = np.mean(frames.powers(wave[:, : frames.length + (count - 1) * frames.hop]), axis=1)
    noise = float(np.mean(wave.astype(np.float64) ** 2)) * at * sound.channels
    snr = 10 * np.log10(max(total / noise - 1.0, 1e-3)) if noise else None
    return NoiseProfile(power, np.zeros(power.shape[1], np.bool_), None if snr is None else float(snr))


def _windows(sound: Sound, frames: Frames) -> Iterator[Samples]:
    """Stretches of `_BLOCKS` blocks of frames each, on a grid of their own; the last one may hold fewer blocks."""
    step = frames.hop * _BLOCK
    reach = frames.length - frames.hop + step * _BLOCKS
    held = np.zeros((sound.channels, 0), np.float32)
    for block in sound.blocks():
        held = np.concatenate([held, block], axis=1)
        while held.shape[1] >= reach:
            yield held[:, :reach]
            held = held[:, step * _BLOCKS :]
    left = (held.shape[1] - (frames.length - frames.hop)) // step
    if left > 0:
        yield held[:, : frames.length - frames.hop + step * left]


class _Quietest:
    """Histograms of the power of every bin, levels and flutter of every band in every block. Two channels are looked at
    as left and right and as mid and side."""

    def __init__(self, frames: Frames, channels: int) -> None:
        self._frames = frames
        self._looked = 4 if channels == 2 else channels
        self._channels = channels
        self._edges = _band_edges(frames.bins)
        self._gaps = Gaps(frames, self._looked)
        self._counts = np.zeros((self._looked, frames.bins, _LEVELS), np.int32)
        self._means = np.zeros((self._looked, frames.bins))
        self._levels: list[NDArray[np.float32]] = []
        self._flutter: list[NDArray[np.float32]] = []
        self._blocks = 0

    def add(self, wave: Samples) -> None:
        self._gaps.add(wave)
        power = self._frames.powers(components(wave) if self._looked == 4 else wave)
        blocks = power.reshape(self._looked, -1, _BLOCK, self._frames.bins)
        mean = blocks.mean(axis=2)
        still = np.log(blocks + _TINY).mean(axis=2) - np.log(mean + _TINY)
        bands = np.add.reduceat(mean, self._edges[:-1], axis=2)
        flutter = np.add.reduceat(still, self._edges[:-1], axis=2) / np.diff(self._edges)
        self._levels.append((10 * np.log10(bands + _TINY)).astype(np.float32))
        self._flutter.append((10 / np.log(10) * flutter).astype(np.float32))
        self._means += mean.sum(axis=1)
        self._blocks += mean.shape[1]
        self._count(mean)

    def _count(self, mean: Rows) -> None:
        """Three bins together, in steps of 1 dB; digital silence counts for nothing."""
        padded = np.pad(mean, ((0, 0), (0, 0), (1, 1)), mode="edge")
        smooth = (padded[:, :, :-2] + mean + padded[:, :, 2:]) / 3
        place = np.clip(np.ceil(10 * np.log10(smooth + _TINY)) - _LOWEST_DB, 0, _LEVELS - 1).astype(np.intp)
        row, bins = np.ogrid[: self._looked, : self._frames.bins]
        for block in range(mean.shape[1]):
            self._counts[row, bins, place[:, block]] += 1

    def profile(self, rate: int) -> NoiseProfile | None:
        heard = self._blocks - int(self._counts[:, :, 0].max(axis=1).min())
        if heard < _FEWEST_BLOCKS:
            return None
        power = np.array([self._noise(row) for row in range(self._looked)])
        most = self._gaps.most(rate)
        if most is not None:
            power = np.minimum(power, most)
        mean = self._means / self._blocks
        shared = np.zeros(self._frames.bins, np.bool_)
        if self._looked == 4:
            # What two channels share is worth turning where it leaves less behind: the coding gain of the turn.
            shared = mean[2] * mean[3] < mean[0] * mean[1]
            power, mean = (np.where(shared, each[2:], each[:2]) for each in (power, mean))
        noise = float(power.sum())
        snr = 10 * np.log10(max(float(mean.sum()) / noise - 1.0, 1e-3)) if noise > 0 else None
        return NoiseProfile(power, shared, None if snr is None else float(snr))

    def _noise(self, row: int) -> Rows:
        """Power of one component's noise in each bin."""
        quiet = _without_lines(_BIAS * self._quantile(row))
        doubt = self._doubt_db(row)
        return quiet * 10 ** (-np.repeat(doubt, np.diff(self._edges)) / 10)

    def _quantile(self, row: int) -> Rows:
        """The tenth part of the blocks of each bin, digital silence left out, between the steps of the histogram."""
        counts = self._counts[row].astype(np.float64)
        counts[:, 0] = 0.0
        below = np.cumsum(counts, axis=1)
        wanted = QUIETEST * below[:, -1:]
        step = np.argmax(below >= np.maximum(wanted, 1e-9), axis=1)
        at = np.arange(step.size)
        inside = counts[at, step]
        part = np.where(inside > 0, (wanted[:, 0] - (below[at, step] - inside)) / np.maximum(inside, 1), 0.0)
        level = _LOWEST_DB + step - 1 + part
        return np.where(below[:, -1] > 0, 10 ** (level / 10), 0.0)

    def _doubt_db(self, row: int) -> Rows:
        """By how much less noise is believed in, in each band [shape=(bands,)]."""
        levels = np.concatenate([each[row] for each in self._levels])
        flutter = np.concatenate([each[row] for each in self._flutter])
        heard = levels.max(axis=1) > _LOWEST_DB
        levels, flutter = levels[heard], flutter[heard]
        if len(levels) < _FEWEST_BLOCKS:
            return np.full(self._edges.size - 1, 400.0)
        low, high = np.percentile(levels, (2.0, 12.0), axis=0)
        chance = 10 / np.log(10) / np.sqrt(_DOF_8_BINS / 8 * np.diff(self._edges))
        over = high - low - (1.15 * chance + 0.15)
        restless = np.maximum(_smooth(over), over - _CHANCE_DB)
        still = _smooth(
            np.array([f[v <= at].mean() for f, v, at in zip(flutter.T, levels.T, high, strict=True)])
        )
        held = np.clip(1.0 - (high - low) / (_LEAST_SPREAD * chance), 0.0, 1.0)
        doubt: Rows = _DOUBT * (
            np.clip(restless, 0.0, 4.0) + np.clip(2 * (still - _FLUTTER_DB), 0.0, 4.0) + 2 * held
        )
        # Noise is broad: where most bands have none, the few that seem to are chance.
        believed = float(np.mean(doubt < _BELIEVED_DB))
        return doubt + _ALONE_DB * max(0.0, 1.0 - believed / _BROAD)


def _band_edges(bins: int) -> NDArray[np.intp]:
    """First bins of bands of a third of an octave, of six bins at least, and one past the last."""
    edges = [1]
    while edges[-1] < bins:
        edges.append(max(edges[-1] + 6, round(edges[-1] * 2 ** (1 / 3))))
    edges = [0, *(edge for edge in edges[1:] if edge < bins - 5), bins]
    return np.array(edges, np.intp)


def _smooth(values: Rows) -> Rows:
    """Means of five neighbours: chance in one band is held against those beside it."""
    padded = np.pad(values.astype(np.float64), 2, mode="edge")
    mean: Rows = np.convolve(padded, np.full(5, 0.2), "valid")
    return mean


def _without_lines(power: Rows) -> Rows:
    """No bin by more than 3 dB over the median of its neighbours."""
    from scipy.ndimage import median_filter

    middle = power.copy()
    size, start = 9, 0
    while start < power.size:
        end = min(power.size, max(start + 64, 2 * start))
        size = max(9, 2 * int(_NEIGHBOURS * start) + 1)
        middle[start:end] = median_filter(power, size, mode="nearest")[start:end]
        start = end
    held: Rows = np.minimum(power, _LINE * middle)
    return held
