"""Clicks: single wrong samples, and splices without a cross-fade."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio


def plant(audio: Audio, generator: np.random.Generator) -> Audio:
    """One to six clicks, each either one to three wrong samples or a splice where 1 to 20 ms were lost.

    A wrong sample stands off by 20 to 60 % of the sound's peak; a splice jumps by at least 15 % of it, the size of
    jump that is heard through music. Neither is put into the loudest tenth of the sound, where nobody hears it.
    """
    samples = audio.samples.copy()
    peak = float(np.abs(samples).max())
    for _ in range(int(generator.integers(1, 7))):
        at = _quiet_place(samples, audio.rate, generator)
        if generator.uniform() < 0.5:
            length = int(generator.integers(1, 4))
            samples[:, at : at + length] += np.float32(
                generator.uniform(0.2, 0.6) * peak * generator.choice([-1, 1])
            )
        else:
            samples = _spliced(samples, at, audio.rate, peak, generator)
    return Audio(np.clip(samples, -1, 1), audio.rate)


def _quiet_place(samples: np.ndarray, rate: int, generator: np.random.Generator) -> int:
    """A sample in one of the nine tenths of windows of 20 ms that are not the loudest, 0.3 s off both ends."""
    window = rate // 50
    count = samples.shape[1] // window
    peaks = np.abs(samples[:, : count * window]).reshape(samples.shape[0], count, window).max(axis=(0, 2))
    heard = (peaks > 0.02 * peaks.max()) & (peaks <= np.quantile(peaks, 0.9))
    heard[:15] = heard[-20:] = False
    return int(generator.choice(np.flatnonzero(heard))) * window + int(generator.integers(window))


def _spliced(
    samples: np.ndarray, at: int, rate: int, peak: float, generator: np.random.Generator
) -> np.ndarray:
    """Leaves 1 to 20 ms out, where the jump is at least 15 % of the peak; elsewhere the wave steps aside instead."""
    for _ in range(40):
        start = at + int(generator.integers(-rate // 10, rate // 10))
        end = start + int(generator.integers(rate // 1000, rate // 50))
        if np.abs(samples[:, end] - samples[:, start - 1]).max() >= 0.15 * peak:
            gone = np.delete(samples, np.s_[start:end], axis=1)
            return np.pad(gone, ((0, 0), (0, end - start)))
    samples[:, at : at + 2] += np.float32(0.3 * peak)
    return samples
