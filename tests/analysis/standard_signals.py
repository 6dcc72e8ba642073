"""The test signals of EBU Tech 3341 and 3342 (v4, 2023) and Report ITU-R BS.2217, synthesised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bridge.analysis import Analysis, analyze
from bridge.analysis.metrics import METRICS
from bridge.audio import Audio

SILENT = None


def steps(
    parts: Sequence[tuple[float, float | None]], rate: int = 48000, hz: float = 1000.0, channels: int = 2
) -> Audio:
    """A tone in phase on all channels; parts: (seconds, dBFS peak or SILENT). The phase runs on over level steps and
    the ends of parts are rounded cumulatively."""
    ends = np.rint(np.cumsum([seconds for seconds, _ in parts]) * rate).astype(int)
    gain = np.zeros(ends[-1])
    start = 0
    for end, (_, level) in zip(ends, parts, strict=True):
        gain[start:end] = 0.0 if level is None else 10 ** (level / 20)
        start = end
    wave = gain * np.sin(2 * np.pi * hz * np.arange(gain.size) / rate)
    return Audio(np.tile(wave.astype(np.float32), (channels, 1)), rate)


def per_channel(
    levels: Sequence[float | None], seconds: float, rate: int = 48000, hz: float = 1000.0
) -> Audio:
    """One tone, a level of its own in each channel."""
    wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    gains = [0.0 if level is None else 10 ** (level / 20) for level in levels]
    return Audio((np.array(gains)[:, None] * wave).astype(np.float32), rate)


def faded_sine(part: int, amplitude: float, phase_deg: float, rate: int) -> Audio:
    """Cases 15 to 19: stereo sine at rate/part, 1 s with fades of 10 ms."""
    n = np.arange(rate)
    wave = amplitude * np.sin(2 * np.pi * n / part + np.deg2rad(phase_deg))
    ramp = np.minimum(1.0, np.minimum(n, n[::-1]) / (rate * 0.010))
    return Audio(np.tile((wave * ramp).astype(np.float32), (2, 1)), rate)


def single_period(offset: int, rate: int) -> Audio:
    """Cases 20 to 23: rate/6 at 0.5 that holds one period of rate/4 at 1.0; made at 4·rate, low-passed, decimated."""
    low = 0.5 * np.sin(2 * np.pi * np.arange(24 * 400) / 24)
    high = np.sin(2 * np.pi * np.arange(16) / 16)
    wave = np.concatenate([low, high, low])
    n = np.arange(1025) - 512
    cut = 22000 / 48000 / 4
    fir = 2 * cut * np.sinc(2 * cut * n) * np.kaiser(1025, 10)
    wave = np.convolve(wave, fir / fir.sum(), "same")[offset::4]
    ramp = np.minimum(1.0, np.minimum(np.arange(wave.size), np.arange(wave.size)[::-1]) / 200)
    return Audio(np.tile((wave * ramp).astype(np.float32), (2, 1)), rate)


LOUDNESS = ("integrated_loudness", "momentary_max", "short_term_max", "loudness_range")
BESIDES_LOUDNESS = tuple(metric.name for metric in METRICS if metric.name not in LOUDNESS)


def loudness(audio: Audio) -> Analysis:
    """The loudness readings alone: what no wanted metric needs is not run."""
    return analyze(audio, BESIDES_LOUDNESS)


def measured(audio: Audio) -> Analysis:
    return analyze(audio, without=("tempo", "key"))
