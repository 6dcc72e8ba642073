"""Waveshapers without aliases: the curve is applied to the oversampled sound."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.biquad import Filter, high_pass
from bridge.effects.dsp.overlap import Overlapped

Wave = NDArray[np.float32]
Curve = Callable[[Any], Any]
"""An array to one of the same shape and kind."""

HALF_TAPS = 64
"""Frames of the anti-alias filter on each side."""

_WINDOW = 8192
_WORKING_RATE = 352_800
_BAND_EDGE = 0.468  # of the rate, -6 dB; the Kaiser window makes it -100 dB at 0.5

_BIAS = np.float32(0.45)
"""Where on its curve a tube rests: the second harmonic of a half-driven sine lies above the third."""

_STANDSTILL_HZ = 5.0
"""Below lies what an uneven curve adds that is no sound."""


def _tube(x: Wave) -> Wave:
    rest = np.tanh(_BIAS)
    return np.asarray((np.tanh(x + _BIAS) - rest) / (1 - rest * rest), np.float32)


def _tape(x: Wave) -> Wave:
    return np.asarray(x / np.sqrt(1 + x * x), np.float32)


def _transistor(x: Wave) -> Wave:
    return np.asarray(x / np.cbrt(np.sqrt(1 + (x * x) ** 3)), np.float32)


CURVES: dict[str, Curve] = {"soft": np.tanh, "tape": _tape, "tube": _tube, "transistor": _transistor}
"""By name; all with slope 1 and value 0 at 0. soft: hyperbolic tangent. tape: bends early and late, like the mean
curve of a magnetised tape. tube: the hyperbolic tangent around a resting point, with even harmonics. transistor:
straight until it is nearly full, then hard. Own choices of closed forms."""


def oversampling(rate: int) -> int:
    """Factor at which the curve works: at least 352.8 kHz, at least 2x."""
    factor = 2
    while rate * factor < _WORKING_RATE and factor < 16:
        factor *= 2
    return factor


_HOT_DB = (18.0, 27.0, 36.0)
"""Drives beyond each of which the working rate doubles. A driven sine of full scale crosses the middle so fast that the
curve is nearly a switch, whose harmonics fall only as 1/n until the crossing itself is resolved."""

_HARDER_DB = 6.0
"""By how much less drive the corner of a transistor does the same."""


def finer(drive: float, kind: str) -> int:
    """Factor on the working rate for a hot drive, so that aliases of a sine of full scale stay 80 dB down."""
    drive_db = 20 * np.log10(max(drive, 1.0)) + (_HARDER_DB if kind == "transistor" else 0.0)
    return 1 << sum(bool(drive_db > hot + 1e-9) for hot in _HOT_DB)


def drive_makeup(drive: float, curve: Curve = np.tanh) -> float:
    """Gain after curve(drive · x) that keeps a sine of -12 dBFS peak as loud as it was."""
    sine = 0.25 * np.sin(2 * np.pi * (np.arange(256) + 0.5) / 256)
    bent = np.asarray(curve(drive * sine), np.float64)
    if curve is _tube:  # what it adds at standstill is taken off again
        bent = bent - np.mean(bent)
    return float(np.sqrt(np.mean(sine**2) / np.mean(bent**2)))


class Saturator(Overlapped):
    """y = (1 - mix) x + mix · makeup · curve(drive · x), channel by channel.

    Only what the curve adds goes through the anti-alias filters; the linear part keeps its full band. What an uneven
    curve adds at standstill is taken off again.
    """

    def __init__(self, rate: int, channels: int, drive: float, mix: float, kind: str = "soft") -> None:
        margin = 2 * HALF_TAPS
        super().__init__(self._shape, channels, margin, _WINDOW - 2 * margin, margin)
        self._curve = CURVES[kind]
        makeup = drive_makeup(drive, self._curve)
        self._factor = oversampling(rate) * finer(drive, kind)
        self._drive = np.float32(drive)
        self._linear = np.float32(1.0 - mix + mix * makeup * drive)
        self._added = np.float32(mix * makeup)
        self._dry = np.float32(1.0 - mix)
        self._inner = slice(margin, -margin)
        uneven = kind == "tube"
        self._standstill = Filter(high_pass(_STANDSTILL_HZ, 0.5, rate), channels) if uneven else None

    def _shape(self, window: Samples) -> Samples:
        inner = window[:, self._inner]
        if not window.any() and self._standstill is None:
            return inner
        added = np.stack([self._bend(channel)[self._inner] for channel in window])
        if self._standstill is not None:
            steady = self._standstill.run(inner * self._drive + added)
            return np.asarray(inner * self._dry + self._added * steady, np.float32)
        return np.asarray(inner * self._linear + self._added * added, np.float32)

    def _bend(self, channel: Wave) -> Wave:
        """curve(drive · x) - drive · x, band-limited [shape=(frames,)]."""
        from scipy import fft

        frames, factor = len(channel), self._factor
        band = _band(frames, factor)
        fine = fft.irfft(fft.rfft(channel) * (band * np.float32(factor)), frames * factor)
        fine *= self._drive
        bent = fft.rfft(self._curve(fine) - fine)[: len(band)] * (band / np.float32(factor))
        return np.asarray(fft.irfft(bent, frames), np.float32)


@lru_cache(maxsize=4)
def _band(frames: int, factor: int) -> NDArray[np.float32]:
    """Magnitude of the linear-phase anti-alias filter over the bins of a window [shape=(frames // 2 + 1,)]."""
    at = np.arange(-HALF_TAPS * factor, HALF_TAPS * factor + 1) / factor
    taps = 2 * _BAND_EDGE * np.sinc(2 * _BAND_EDGE * at) * np.kaiser(len(at), 10.0) / factor
    circular = np.zeros(frames * factor)
    circular[np.arange(-HALF_TAPS * factor, HALF_TAPS * factor + 1)] = taps / taps.sum()
    return np.asarray(np.fft.rfft(circular).real[: frames // 2 + 1], np.float32)
