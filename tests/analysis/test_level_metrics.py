"""AES17 level, noise floor, silence at the edges, bits really used and DR14-like range, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.analysis.metrics import METRICS
from bridge.audio import Audio
from tests.signals import pink, silence, sine, white

WANTED = (
    "rms_aes17",
    "noise_floor",
    "lead_in_silence",
    "lead_out_silence",
    "bit_depth_used",
    "dynamic_range",
)
OTHERS = tuple(metric.name for metric in METRICS if metric.name not in WANTED)


def number(audio: Audio, name: str) -> float | None:
    return analyze(audio, OTHERS).number(name)


def joined(*parts: Audio) -> Audio:
    return Audio(np.concatenate([part.samples for part in parts], axis=1), parts[0].rate)


@pytest.mark.parametrize("level", [0.0, -20.0])
def test_a_sine_reads_its_peak_by_aes17(level):
    assert number(sine(997, level, 3), "rms_aes17") == pytest.approx(level, abs=0.001)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_between_phrases_is_the_floor(seed):
    phrases = joined(white(-20, 2, seed=seed), white(-66, 1, seed=seed + 9), white(-20, 2, seed=seed))
    assert number(phrases, "noise_floor") == pytest.approx(-66, abs=0.3)


def test_digital_silence_is_no_noise_floor():
    assert number(joined(white(-40, 2), silence(2)), "noise_floor") == pytest.approx(-40, abs=0.3)


@pytest.mark.parametrize(("before", "after"), [(0.0, 0.0), (0.5, 2.0), (1.25, 0.1)])
def test_silence_at_the_edges_is_timed_to_10_ms(before, after):
    audio = joined(silence(before), white(-20, 2), silence(after))
    assert number(audio, "lead_in_silence") == pytest.approx(before, abs=0.011)
    assert number(audio, "lead_out_silence") == pytest.approx(after, abs=0.011)


@pytest.mark.parametrize("bits", [8, 12, 16, 20, 23, 24])
def test_bits_used_are_those_of_the_grid(bits):
    step = 2.0 ** (1 - bits)
    samples = (np.rint(pink(-20, 2).samples.astype(np.float64) / step) * step).astype(np.float32)
    assert number(Audio(samples, 48000), "bit_depth_used") == bits


def test_one_fine_sample_at_the_end_counts():
    samples = np.rint(white(-20, 2).samples * 2**15).astype(np.float32) / np.float32(2**15)
    samples[1, -1] = 2.0**-19
    assert number(Audio(samples, 48000), "bit_depth_used") == 20


def test_dynamic_range_of_a_steady_sine_is_0_and_of_a_square_minus_3_01():
    """DR puts a sine's RMS on its peak, so a square lies 3.01 dB above its own."""
    tone = sine(997, -6, 30)
    assert number(tone, "dynamic_range") == pytest.approx(0.0, abs=0.01)
    square = Audio(np.sign(sine(997, -6, 30, phase_deg=1).samples) * np.float32(0.5), 48000)
    assert number(square, "dynamic_range") == pytest.approx(-3.01, abs=0.01)


def test_dynamic_range_takes_the_loudest_fifth_and_the_second_peak():
    """Ten blocks: two at -20 dBFS, eight at -40; a click of full scale stands in one block and is passed over."""
    block = 35 * 4096
    gain = np.repeat([0.1] * 2 + [0.01] * 8, block)
    wave = gain * np.sin(2 * np.pi * 1000 / 48000 * np.arange(gain.size))
    wave[4 * block + 100] = 1.0
    audio = Audio(wave.astype(np.float32)[None], 48000)
    assert number(audio, "dynamic_range") == pytest.approx(0.0, abs=0.01)


def test_one_blow_that_dies_away_has_no_dynamic_range():
    """Its second loudest 3 s peak below the RMS of the loudest: the ratio would say nothing of density."""
    t = np.arange(20 * 48000) / 48000
    decay = (np.exp(-t / 1.0) * np.sin(2 * np.pi * 220 * t)).astype(np.float32)[None]
    reading = analyze(Audio(decay, 48000), ("tempo", "key"))["dynamic_range"]
    assert reading.value is None and reading.reason == "one loud moment only"
