"""A sound in bands that add up to it exactly, each turned by its own gain: no phase is moved, nothing is delayed.

The bands are weights of the spectrum and not filters in series: where every gain is 1 the same samples come out, and
a step that is only partly wet does not comb. An echo ahead of an onset stays within half a period of the lowest edge
and as far down as the gains of neighbouring bands differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.reduction import Reduction

Wave = NDArray[np.float64]
Weights = Callable[[Wave], list[Wave]]
Gains = Callable[[list[Wave]], tuple[Wave, Wave]]

_PERIODS = 2.6
"""Of the lowest edge: after so many the response of a fourth-order edge has fallen by 100 dB."""


def crossover_weights(at_hz: Wave, edges_hz: Sequence[float]) -> list[Wave]:
    """Magnitudes of Linkwitz-Riley bands of fourth order (24 dB an octave, -6 dB at each edge), which add up to 1.

    S. Linkwitz, "Active Crossover Networks for Noncoincident Drivers", JAES 24 (1976), 2-8, taken without its phase.
    edges_hz: rising. One band more than there are edges, low to high [shape as `at_hz`].
    """
    bands, left = [], np.ones(at_hz.shape)
    for edge_hz in edges_hz:
        low = 1.0 / (1.0 + (at_hz / edge_hz) ** 4)
        bands.append(left * low)
        left = left * (1.0 - low)
    return [*bands, left]


class BandGain(Overlapped):
    """out = sound + sum over the bands of (gain - 1) * band.

    `gains` is handed the bands of the next frames, [shape=(channels, chunk)] each, in order and without gaps, and
    gives amplitude factors and what of them is reduction in dB, [shape=(bands, chunk)] both. `ahead_s` hands it the
    bands so much earlier than the sound.
    """

    def __init__(
        self,
        rate: int,
        channels: int,
        weights: Weights,
        gains: Gains,
        *,
        lowest_hz: float,
        names: tuple[str, ...],
        ahead_s: float = 0.0,
    ) -> None:
        """weights: frequencies in Hz -> one magnitude per band. names: of the bands that are turned; bands that come
        after them are only listened to. lowest_hz: where the lowest edge lies."""
        half = max(8, round(_PERIODS / lowest_hz * rate))
        self._ahead = round(ahead_s * rate)
        reach = half + self._ahead
        window = 1 << (8 * reach - 1).bit_length()
        super().__init__(self._turn, channels, half, window - half - reach, reach)
        at_hz = np.asarray(np.fft.rfftfreq(window, 1 / rate), np.float64)
        self._weights = [_short(curve, half) for curve in weights(at_hz)]
        self._inner = slice(half, window - reach)
        self._heard = slice(half + self._ahead, window - half)
        self._gains = gains
        self._count = len(names)
        self.reduction = Reduction(rate, names)
        self.warnings: tuple[str, ...] = ()
        self.unreached: str | None = None

    def process(self, block: Samples) -> Samples:
        self.reduction.frames += block.shape[1]
        return super().process(block)

    def _turn(self, window: Samples) -> Samples:
        from scipy import fft

        inner = window[:, self._inner]
        if window.any():
            spectrum = fft.rfft(window.astype(np.float64), axis=1)
            bands = [fft.irfft(spectrum * weight, window.shape[1], axis=1) for weight in self._weights]
        else:
            bands = [np.zeros(window.shape)] * len(self._weights)
        factors, reduction_db = self._gains([band[:, self._heard] for band in bands])
        self.reduction.push(reduction_db)
        if (factors == 1.0).all():
            return inner
        change = sum((factors[k] - 1.0) * bands[k][:, self._inner] for k in range(self._count))
        return np.asarray(inner + change, np.float32)


def _short(curve: Wave, half: int) -> Wave:
    """The nearest real response that is over after `half` frames both ways, so that no window wraps around."""
    size = 2 * (len(curve) - 1)
    impulse = np.fft.irfft(curve, size)
    # Whole to the middle and faded out from there, where it has fallen by 50 dB: slopes stay what they are.
    fade = 0.5 + 0.5 * np.cos(np.pi * np.clip(2 * np.arange(half + 1) / half - 1, 0, 1))
    keep = np.zeros(size)
    keep[: half + 1], keep[-half:] = fade, fade[:0:-1]
    return np.asarray(np.fft.rfft(impulse * keep).real, np.float64)
