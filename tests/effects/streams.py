"""A processor driven as the renderer drives it: blocks in, delay removed."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio, Samples
from bridge.effects.effect import Effect
from bridge.effects.processor import Processor


def through(processor: Processor, samples: Samples, cuts: list[int] | None = None) -> Samples:
    """All that comes out, delay included. cuts: sizes of the blocks, repeated as needed; None is one block."""
    out, start, turn = [], 0, 0
    while start < samples.shape[1]:
        size = samples.shape[1] if cuts is None else cuts[turn % len(cuts)]
        out.append(processor.process(samples[:, start : start + size].copy()))
        start, turn = start + size, turn + 1
    return np.concatenate([*out, processor.flush()], axis=1)


def apply(effect: Effect, audio: Audio, tail_s: float = 0.0) -> Samples:
    """The effect's sound in time with the input, `tail_s` longer."""
    padded = np.pad(audio.samples, ((0, 0), (0, round(tail_s * audio.rate))))
    processor = effect.processor(audio.rate, audio.channels, audio if effect.hears_first else None)
    return through(processor, padded)[:, processor.latency_frames :]


def impulse(seconds: float, rate: int = 48000, channels: int = 1, level: float = 1.0) -> Audio:
    samples = np.zeros((channels, round(seconds * rate)), np.float32)
    samples[:, 0] = level
    return Audio(samples, rate)


def level_db(samples: Samples) -> float:
    """RMS in dBFS."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-30))
