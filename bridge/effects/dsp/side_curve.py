"""Width by frequency: the side of each left-right pair through one zero-phase curve, and a side made from the mid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.compiled import irfft, rfft
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.sides import PAIRS

Spectrum = NDArray[np.float64]

BASS_HZ = (140.0, 220.0)
"""Where widening that names no frequency sets in: nothing at the lower one and below, all of it at the upper one."""

_HALF_S = 0.05
"""Of the filter: fine enough for a third of an octave at 120 Hz."""

_EDGE_OCTAVES = 1 / 3
"""Over which one band goes over into the next."""

_SEED, _SMEAR_S = 440, 0.006
"""Of the made side: long enough that the two ears hear two sounds, too short for an echo."""


def width_curve(
    at_hz: Spectrum, width: float, bands: Sequence[tuple[float, float]], mono_below_hz: float
) -> Spectrum:
    """Gain of the side [shape as `at_hz`]: `width` below the lowest band, then each band's own from there on."""
    curve = np.full(at_hz.shape, float(width))
    if width > 1.0:
        low, high = BASS_HZ
        curve = 1.0 + (width - 1.0) * _rise(at_hz, low, high)
    for above_hz, gain in sorted(bands):
        edge = 2 ** (_EDGE_OCTAVES / 2)
        share = _rise(at_hz, above_hz / edge, above_hz * edge)
        curve = curve * (1 - share) + gain * share
    if mono_below_hz > 0:  # the magnitude of a fourth-order Butterworth high-pass
        curve = curve / np.sqrt(1 + (mono_below_hz / np.maximum(at_hz, 1e-3)) ** 8)
    return curve


def _rise(at_hz: Spectrum, low_hz: float, high_hz: float) -> Spectrum:
    """From 0 at `low_hz` to 1 at `high_hz`, half a cosine over the octaves between."""
    octaves = np.log2(np.maximum(at_hz, 1e-3) / low_hz) / np.log2(high_hz / low_hz)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(octaves, 0.0, 1.0)), np.float64)


class SideCurve(Overlapped):
    """L += c and R -= c with c = (curve - 1) * side + decorrelation * D * mid: L + R is never touched.

    D has no gain above the bass and a phase that wanders (an own smear of 6 ms), so that a sound that is the same left
    and right gets a side as loud as its mid at `decorrelation` 1. Nothing is delayed.
    """

    def __init__(
        self,
        rate: int,
        channels: int,
        width: float,
        bands: Sequence[tuple[float, float]] = (),
        mono_below_hz: float = 0.0,
        decorrelation: float = 0.0,
    ) -> None:
        half = max(8, round(_HALF_S * rate))
        window = 1 << (8 * half - 1).bit_length()
        super().__init__(self._widen, channels, half, window - 2 * half, half)
        self._pairs = PAIRS.get(channels, ())
        self._inner = slice(half, window - half)
        at_hz = np.asarray(np.fft.rfftfreq(window, 1 / rate), np.float64)
        self._side = _short(width_curve(at_hz, width, bands, mono_below_hz) - 1.0, half)
        self._mid = _short(decorrelation * _smear(at_hz, rate), half) if decorrelation else None
        plural = "" if channels == 1 else "s"
        text = f"there is no width to change in a sound of {channels} channel{plural}"
        self.warnings = () if self._pairs else (text,)

    def _widen(self, window: Samples) -> Samples:
        out = window[:, self._inner].copy()
        for left, right in self._pairs:
            if not (window[left].any() or window[right].any()):
                continue
            change = self._change(window[left].astype(np.float64), window[right].astype(np.float64))
            out[left] = out[left] + change
            out[right] = out[right] - change
        return out

    def _change(self, left: Spectrum, right: Spectrum) -> Spectrum:
        spectrum = rfft(0.5 * (left - right)) * self._side
        if self._mid is not None:
            spectrum = spectrum + rfft(0.5 * (left + right)) * self._mid
        return np.asarray(irfft(spectrum, len(left))[self._inner], np.float64)


def _short(curve: NDArray[np.complexfloating] | Spectrum, half: int) -> NDArray[np.complex128]:
    """The nearest response that is over after `half` frames both ways, so that no window wraps around."""
    size = 2 * (len(curve) - 1)
    impulse = np.fft.irfft(curve, size)
    fade = np.kaiser(2 * half + 1, 6.0)
    keep = np.zeros(size)
    keep[: half + 1], keep[-half:] = fade[half:], fade[:half]
    return np.asarray(np.fft.rfft(impulse * keep), np.complex128)


def _smear(at_hz: Spectrum, rate: int) -> NDArray[np.complex128]:
    """An all-pass with a wandering phase above BASS_HZ [shape as `at_hz`]; the same at every call."""
    size = 2 * (len(at_hz) - 1)
    frames = round(_SMEAR_S * rate)
    noise = np.random.default_rng(_SEED).standard_normal(max(frames, 4))
    response = np.fft.rfft(noise * np.exp(-4.0 * np.arange(len(noise)) / len(noise)), size)
    return np.asarray(response / np.abs(response) * _rise(at_hz, *BASS_HZ), np.complex128)
