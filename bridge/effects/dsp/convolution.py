"""Convolution with a long response, in equal parts: a stream in bounded memory.

Uniformly partitioned overlap-save: Wefers, "Partitioned convolution algorithms for real-time auralization" (Aachen,
2015), chapter 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.dsp.overlap import Overlapped

Route = tuple[int, int, int]
"""(channel in, channel out, which response)."""

_PART = 8192


class Convolver(Overlapped):
    """out = dry * x + wet * sum over the routes of response * x, sample by sample from the first one: no delay.

    The parts follow the stream's own grid, and their products are added in a fixed order: the same bits however the
    stream is cut. Memory: eight bytes a frame of response and route, and as many a channel.
    """

    def __init__(
        self,
        responses: Sequence[NDArray[Any]],
        routes: Sequence[Route],
        channels: int,
        gains: tuple[float, float],
    ) -> None:
        """responses: [shape=(frames,)] each. gains: dry and wet."""
        super().__init__(self._convolve, channels, 0, _PART, 0)
        self._parts = [_spectra(np.asarray(response, np.float32)) for response in responses]
        self._routes = tuple(routes)
        self._dry, self._wet = (np.float32(gain) for gain in gains)
        most = max(len(parts) for parts in self._parts)
        self._heard = np.zeros(
            (channels, most, _PART + 1), np.complex64
        )  # spectra of the last blocks, a ring
        self._before = np.zeros((channels, _PART), np.float32)
        self._turn = 0
        self.warnings: tuple[str, ...] = ()

    def _convolve(self, block: Samples) -> Samples:
        from scipy import fft

        self._heard[:, self._turn] = fft.rfft(np.concatenate([self._before, block], axis=1), axis=1)
        self._before = block.copy()
        totals = np.zeros((block.shape[0], _PART + 1), np.complex64)
        for into, out, which in self._routes:
            heard, parts = self._heard[into], self._parts[which]
            for index, part in enumerate(parts):
                totals[out] += part * heard[self._turn - index]
        self._turn = (self._turn + 1) % self._heard.shape[1]
        wet = fft.irfft(totals, 2 * _PART, axis=1)[:, _PART:]
        return np.asarray(self._dry * block + self._wet * wet.astype(np.float32), np.float32)


def _spectra(response: NDArray[np.float32]) -> NDArray[np.complex64]:
    """The response in parts, each as the spectrum of twice its length [shape=(parts, _PART + 1)]."""
    from scipy import fft

    count = max(1, -(-len(response) // _PART))
    padded = np.zeros(count * _PART, np.float32)
    padded[: len(response)] = response
    return np.asarray(fft.rfft(padded.reshape(count, _PART), 2 * _PART, axis=1), np.complex64)
