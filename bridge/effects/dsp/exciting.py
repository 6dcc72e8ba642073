"""Harmonics of the upper band of a sound, as loud as asked: measured first, then made again and added."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.k_weighting import coefficients
from bridge.audio import Samples
from bridge.effects.dsp.biquad import Filter
from bridge.effects.dsp.level import Level
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.shaping import oversampling
from bridge.effects.processor import MeasuredSound, Processor
from bridge.units import gain_from_db

Wave = NDArray[np.float64]

_DRIVE = 0.7
"""Band RMS on the curve: a sine reaches 1, where the curve is bent by a quarter."""

_BIAS = 0.25
"""Of the curve: the second harmonic lies near the third, as exciters have it."""

_WIDTH = 0.3
"""Of the band's edge, as a part of its frequency."""

_HIGHEST_OF_RATE = 0.46
_FAINT = 1e-14


@dataclass
class _Powers:
    """Sums over all frames and channels. band, bent: of the band and the bent band, and of both together."""

    band: float = 0.0
    bent: float = 0.0
    both: float = 0.0


class _Bend:
    """The band above a frequency of windows of a sound, and that band bent, both without what lies below."""

    def __init__(self, rate: int, above_hz: float) -> None:
        edge_hz = min(above_hz, 0.3 * rate)
        self._half = max(64, round(4.0 * rate / (_WIDTH * edge_hz)))
        self.window = 1 << max(13, (8 * self._half - 1).bit_length())
        self.margin = 2 * self._half
        self._factor = oversampling(rate)
        at_hz = np.asarray(np.fft.rfftfreq(self.window, 1 / rate), np.float64)
        rise = (at_hz / edge_hz - 1.0 + _WIDTH / 2) / _WIDTH
        fall = (0.5 - at_hz / rate) / (0.5 - _HIGHEST_OF_RATE)
        curve = _eased(rise) * _eased(fall)
        self._mask = _short(curve, self._half)

    def band(self, channel: Samples) -> Wave:
        """The band of one window [shape=(window,)]."""
        from scipy import fft

        return np.asarray(
            fft.irfft(fft.rfft(channel.astype(np.float64)) * self._mask, self.window), np.float64
        )

    def __call__(self, channel: Samples, scale: float) -> tuple[Wave, Wave]:
        """(band, bent band) of one window [shape=(window,)], both at the level of the sound; bent of band / scale."""
        from scipy import fft

        frames, factor = self.window, self._factor
        band = fft.rfft(channel.astype(np.float64)) * self._mask
        fine = fft.irfft(band * factor, frames * factor) * (_DRIVE / scale)
        rest = math.tanh(_BIAS)
        bent = (np.tanh(fine + _BIAS) - rest) * (scale / _DRIVE / (1 - rest * rest))
        spectrum = fft.rfft(bent)[: len(band)] * (self._mask / factor)
        return fft.irfft(band, frames), fft.irfft(spectrum, frames)


def _eased(position: Wave) -> Wave:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(position, 0.0, 1.0)), np.float64)


def _short(curve: Wave, half: int) -> Wave:
    """The nearest zero-phase response that is over after `half` frames both ways."""
    size = 2 * (len(curve) - 1)
    impulse = np.fft.irfft(curve, size)
    fade = np.kaiser(2 * half + 1, 9.0)
    keep = np.zeros(size)
    keep[: half + 1], keep[-half:] = fade[half:], fade[:half]
    return np.asarray(np.fft.rfft(impulse * keep).real, np.float64)


class Exciter(Overlapped):
    """out = trim * (x + gain * (bent - linear * band)): what the curve adds to the band, without the band itself."""

    def __init__(
        self, bend: _Bend, channels: int, scale: float, linear: float, gain: float, trim: float
    ) -> None:
        super().__init__(self._add, channels, bend.margin, bend.window - 2 * bend.margin, bend.margin)
        self._bend = bend
        self._inner = slice(bend.margin, bend.window - bend.margin)
        self._scale, self._linear, self._gain, self._trim = scale, linear, gain, trim

    def _add(self, window: Samples) -> Samples:
        inner = window[:, self._inner]
        if not window.any():
            return inner
        out = inner.astype(np.float64)
        for index, channel in enumerate(window):
            band, bent = self._bend(channel, self._scale)
            out[index] += self._gain * (bent - self._linear * band)[self._inner]
        return np.asarray(self._trim * out, np.float32)


def exciter(sound: MeasuredSound, above_hz: float, harmonics_db: float) -> Processor:
    """The processor that adds harmonics `harmonics_db` below the band above `above_hz` of this very sound.

    Two passes over the sound: how strong the band is, and what the curve then makes of it.
    """
    bend = _Bend(sound.rate, above_hz)
    strength = _strength(sound, bend)
    if strength is None:
        return Level(0.0, sound.channels)
    powers = _Powers()
    weighted = _Weighted(sound.rate, sound.channels)
    _each(sound, bend, lambda window, inner: _weigh(bend, strength, powers, weighted, window, inner))
    linear = powers.both / powers.band
    made = powers.bent - linear * powers.both
    if made <= _FAINT * powers.band:
        return Level(0.0, sound.channels)
    gain = gain_from_db(harmonics_db) * math.sqrt(powers.band / made)
    return Exciter(bend, sound.channels, strength, linear, gain, weighted.trim(gain, linear))


def _each(sound: MeasuredSound, bend: _Bend, hear: Callable[[Samples, slice], None]) -> None:
    """The sound in the windows in which it will be rendered; `hear` gets the window and which frames of it are new."""
    inner = slice(bend.margin, bend.window - bend.margin)

    def work(window: Samples) -> Samples:
        if window.any():
            hear(window, inner)
        return window[:, inner]

    cutter = Overlapped(work, sound.channels, bend.margin, bend.window - 2 * bend.margin, bend.margin)
    for block in sound.blocks():
        cutter.process(block)
    cutter.flush()


def _strength(sound: MeasuredSound, bend: _Bend) -> float | None:
    """RMS of the band over all channels; None for one that is not there."""
    totals = [0.0, 0.0]

    def add(window: Samples, inner: slice) -> None:
        for channel in window:
            band, whole = bend.band(channel)[inner], channel[inner].astype(np.float64)
            totals[0] += float(band @ band)
            totals[1] += float(whole @ whole)

    _each(sound, bend, add)
    if totals[0] <= _FAINT * totals[1]:
        return None
    return math.sqrt(totals[0] / (sound.frames * sound.channels))


def _weigh(
    bend: _Bend, scale: float, powers: _Powers, weighted: _Weighted, window: Samples, inner: slice
) -> None:
    parts = []
    for channel in window:
        band, bent = (part[inner] for part in bend(channel, scale))
        powers.band += float(band @ band)
        powers.bent += float(bent @ bent)
        powers.both += float(band @ bent)
        parts.append((band, bent))
    weighted.push(
        window[:, inner].astype(np.float64),
        np.stack([band for band, _ in parts]),
        np.stack([bent for _, bent in parts]),
    )


class _Weighted:
    """How the three parts of the result add up to loudness: sums of products of their K-weighted frames."""

    def __init__(self, rate: int, channels: int) -> None:
        sections = np.array([[b0, b1, b2, 1.0, a1, a2] for b0, b1, b2, a1, a2 in coefficients(rate)])
        self._filters = [Filter(sections, channels) for _ in range(3)]
        self._products = np.zeros((3, 3))

    def push(self, *parts: Wave) -> None:
        heard = [one.run(part) for one, part in zip(self._filters, parts, strict=True)]
        for i in range(3):
            for j in range(3):
                self._products[i, j] += float(np.sum(heard[i] * heard[j]))

    def trim(self, gain: float, linear: float) -> float:
        """What keeps the loudness of x + gain (bent - linear band) at that of x."""
        shares = np.array([1.0, -gain * linear, gain])
        after = float(shares @ self._products @ shares)
        before = float(self._products[0, 0])
        return math.sqrt(before / after) if after > 0 and before > 0 else 1.0
