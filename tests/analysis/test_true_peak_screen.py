"""The true peak is evaluated in few places only; the figure is that of evaluating it everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis.interpolation import interpolator
from bridge.analysis.passes import Passes
from bridge.analysis.stream import Chunk, Stream
from bridge.audio import Audio
from tests.signals import music_like, sine, white


def _everywhere(audio: Audio) -> float:
    """All 4x values by plain convolution in double precision, zeros on both sides."""
    phases = [np.array([1.0]), *interpolator(4, 12).filters]
    return max(
        float(np.abs(np.convolve(wave, phase[::-1])).max())
        for wave in audio.samples.astype(np.float64)
        for phase in phases
    )


def _screened(audio: Audio, at_once: int) -> float:
    """`at_once`: frames pushed together."""
    stream = Stream(audio.rate, audio.channels)
    passes = Passes(stream, ("true_peak",))
    padded = np.pad(audio.samples, ((0, 0), (0, -audio.frames % stream.frame)))
    for start in range(0, padded.shape[1], at_once * stream.frame):
        part = padded[:, start : start + at_once * stream.frame]
        passes.push(Chunk(stream, part, start, part.shape[1]))
    return passes.true_peak.peak()


def _burst(seed: int) -> Audio:
    """Quiet noise with one stretch of samples that alternate in pairs: far higher between than on them; anywhere, also
    over the edges of segments and frames."""
    generator = np.random.default_rng(seed)
    samples = white(-60, 2, seed=seed).samples.copy()
    start = int(generator.choice([512, 4096, 65536, int(generator.integers(100, 90_000))])) - 12
    samples[int(generator.integers(2)), start : start + 24] = 0.5 * np.tile([1, 1, -1, -1], 6)
    return Audio(samples, 48000)


SOUNDS = {
    "music": lambda seed: music_like(4, 44100, seed=seed),
    "master": lambda seed: Audio(
        (0.89 * np.tanh(music_like(4, 48000, 6.0, seed=seed).samples)).astype(np.float32), 48000
    ),
    "noise": lambda seed: white(-12, 2, 8000, seed=seed),
    "low tone": lambda seed: sine(40 + seed, -1, 2),
    "burst": _burst,
    "very low rate": lambda seed: white(-12, 20, 300, 1, seed=seed),
}


@pytest.mark.parametrize("at_once", [1, 16])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sound", SOUNDS)
def test_screened_and_everywhere_read_the_same(sound, seed, at_once):
    audio = SOUNDS[sound](seed)
    assert _screened(audio, at_once) == pytest.approx(_everywhere(audio), rel=3e-6)
