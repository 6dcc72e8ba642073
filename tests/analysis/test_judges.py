"""A second opinion on music-like sound: pyloudnorm with De Man's filters, soxr for true peak."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
import soxr

from bridge.analysis import Analyzer
from bridge.audio import Audio
from tests.analysis.standard_signals import BESIDES_LOUDNESS, measured
from tests.benchmarks import ebur128
from tests.signals import music_like, pink, white

SOUNDS = {
    "music": lambda rate: music_like(5, rate),
    "white": lambda rate: white(-20, 5, rate),
    "pink": lambda rate: pink(-25, 5, rate),
}


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000])
@pytest.mark.parametrize("name", SOUNDS)
def test_integrated_loudness_agrees_with_pyloudnorm(name, rate):
    audio = SOUNDS[name](rate)
    judge = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(
        audio.samples.T.astype(np.float64)
    )
    assert measured(audio).number("integrated_loudness") == pytest.approx(judge, abs=0.001)


def low_passed(audio: Audio, share_of_nyquist: float) -> Audio:
    spectrum = np.fft.rfft(audio.samples.astype(np.float64))
    spectrum[:, int(share_of_nyquist * spectrum.shape[1]) :] = 0
    return Audio(np.fft.irfft(spectrum, audio.frames).astype(np.float32), audio.rate)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
@pytest.mark.parametrize("name", SOUNDS)
def test_strict_true_peak_agrees_with_ideal_interpolation(name, rate):
    """Zero-padding the spectrum of the whole sound is the ideal low-pass; silence around it, since it is circular.

    Sound in the last 8 % below half the rate is left out: there every filter that ends rolls off.
    """
    audio = low_passed(SOUNDS[name](rate), 0.92)
    padded = np.pad(audio.samples.astype(np.float64), ((0, 0), (rate, rate)))
    dense = np.fft.irfft(np.fft.rfft(padded), 16 * padded.shape[1]) * 16
    judge = 20 * np.log10(np.abs(dense).max())
    analysis = measured(audio)
    assert analysis.number("true_peak_strict") == pytest.approx(judge, abs=0.05)
    assert analysis.number("true_peak") < judge + 0.05


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
@pytest.mark.parametrize("name", SOUNDS)
def test_true_peak_agrees_with_16x_soxr_below_its_roll_off(name, rate):
    audio = low_passed(SOUNDS[name](rate), 0.84)
    dense = soxr.resample(audio.samples.T.astype(np.float64), rate, 16 * rate, quality="VHQ")
    judge = 20 * np.log10(np.abs(dense).max())
    analysis = measured(audio)
    assert analysis.number("true_peak_strict") == pytest.approx(judge, abs=0.03)
    assert judge - 0.5 < analysis.number("true_peak") < judge + 0.03


@pytest.mark.skipif(not ebur128.available(), reason="libebur128 is not installed")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_loudness_range_agrees_with_libebur128_at_its_step(seed):
    """It takes a window a second where Tech 3342 v4 wants ten: at its own step the same, at ours about the same."""
    audio = music_like(40, seed=seed)
    steps = np.repeat(np.random.default_rng(seed).uniform(-20, 0, 20), audio.frames // 20)
    samples = (audio.samples * 10 ** (steps / 20)).astype(np.float32)
    judge = ebur128.Ebur128(2, 48000)
    judge.push(samples.T)
    analyzer = Analyzer(48000, 2, BESIDES_LOUDNESS)
    analyzer.push(samples)
    ended = analyzer._ended().loudness
    assert ended.integrated() == pytest.approx(judge.integrated(), abs=0.001)
    assert ended.range_lu(per_s=1) == pytest.approx(judge.range_lu(), abs=0.001)
    assert ended.range_lu() == pytest.approx(judge.range_lu(), abs=1.0)
    judge.close()
