"""Hostile sound through the whole path: readings, explanations, curves, findings and JSON hold numbers or reasons."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.analysis import Analysis, Analyzer, analyze, findings
from bridge.analysis.meter import Meter
from bridge.analysis.metrics import METRICS
from bridge.audio import Audio
from bridge.errors import BadInput
from tests.signals import rng, silence, sine, white

NO_NUMBER = re.compile(r"\b(nan|inf|infinity)\b", re.IGNORECASE)
LONGEST_CPU_S = 5.0
"""None of these sounds is longer than 7 s of stereo at 48 kHz or as much in other shapes."""


def audio(samples: np.ndarray, rate: int = 8000) -> Audio:
    with np.errstate(over="ignore"):
        return Audio(np.ascontiguousarray(np.atleast_2d(samples)).astype(np.float32), rate)


def noise(frames: int, channels: int = 2) -> np.ndarray:
    return 0.1 * rng(7).standard_normal((channels, frames))


def both(wave: np.ndarray) -> np.ndarray:
    return np.tile(wave, (2, 1))


N = 8000 * 7
T = np.arange(N)

LENGTHS = {f"{frames} frames": audio(noise(frames), 48000) for frames in (0, 1, 2, 3, 255, 4095, 4096, 4097)}
SHAPES = {
    f"{channels} channels at {rate} Hz": audio(noise(min(rate * 4, 100_000), channels), rate)
    for channels, rate in (
        (1, 1), (2, 10), (2, 399), (1, 800), (2, 1400), (3, 8000), (6, 8000), (33, 8000), (2, 11025), (2, 22050),
        (2, 192000), (1, 768000),
    )
}  # fmt: skip
LEVELS = {
    "silence": audio(np.zeros((2, N))),
    "minus zero": audio(np.full((2, N), -0.0)),
    "denormal noise": audio(noise(N) * 1e-39),
    "noise of 1e-30": audio(noise(N) * 1e-30),
    "noise of 1e8": audio(noise(N) * 1e8),
    "noise of 1e38": audio(noise(N) * 1e39),
    "largest floats": audio(both((-1.0) ** T) * 3.4e38),
    "one infinite sample": audio(np.where(T == 5000, np.inf, noise(N))),
    "nothing but NaN": audio(np.full((2, N), np.nan)),
    "NaN at the end": audio(np.where(T == N - 1, np.nan, noise(N))),
    "last bit of 16": audio(rng().integers(-1, 2, (2, N)) * 2.0**-15),
    "a spike in next to nothing": audio(np.where(T == N // 2, 1.0, noise(N) * 1e-8)),
}
WAVES = {
    "DC": audio(np.full((2, N), 0.3)),
    "DC at full scale, opposed": audio(np.array([[1.0], [-1.0]]) * np.ones((1, N))),
    "alternating full scale": audio(both((-1.0) ** T)),
    "a ramp": audio(both(np.linspace(-1, 1, N))),
    "square": audio(both(np.where(T // 80 % 2, 1.0, -1.0))),
    "equal blocks": audio(np.tile(noise(1024), (1, 50))),
    "an impulse at the start": audio(both(T == 0)),
    "an impulse at the end": audio(both(T == N - 1)),
    "impulses": audio(both(T % 800 == 0)),
    "gaps": audio(np.where(T % 1600 < 400, 0.0, noise(N))),
    "1 Hz": sine(1.0, 0, 7, 8000),
    "just below Nyquist": sine(3999.0, 0, 7, 8000),
    "50 Hz": sine(50.0, 0, 7, 8000),
}
SIDES = {
    "left alone": audio(noise(N) * [[1.0], [0.0]]),
    "a faint right": audio(noise(N) * [[1.0], [1e-25]]),
    "inverted": audio(noise(N, 1) * [[1.0], [-1.0]]),
    "twice the same": audio(both(noise(N, 1))),
    "5.1 with one channel": audio(np.concatenate([np.zeros((5, N)), noise(N, 1)])),
}
SOUNDS = LENGTHS | SHAPES | LEVELS | WAVES | SIDES


def words(analysis: Analysis) -> list[str]:
    """Everything that people read of it."""
    said = [
        metric.explain(value)
        for metric in METRICS
        if metric.name in analysis and (value := analysis[metric.name].value) is not None
    ]
    for finding in findings(analysis):
        said += [finding.sentence, finding.expected, finding.remedy.words if finding.remedy else ""]
    return said


def hold(analysis: Analysis) -> None:
    """Values are finite, missing ones have a reason, JSON is strict, and no sentence says nan or inf."""
    for reading in analysis.readings.values():
        if reading.value is None:
            assert reading.reason
        elif not isinstance(reading.value, str):
            assert np.isfinite(reading.value), reading
    assert [text for text in words(analysis) if NO_NUMBER.search(text)] == []
    text = json.dumps(analysis.to_json(), allow_nan=False)
    assert Analysis.from_json(json.loads(text)) == analysis
    json.dumps([finding.to_json() for finding in findings(analysis)], allow_nan=False)


@pytest.mark.parametrize("name", SOUNDS)
def test_any_sound_gives_values_or_reasons_in_bounded_time(name):
    started = time.process_time()
    analysis = analyze(SOUNDS[name])
    assert list(analysis.readings) == [metric.name for metric in METRICS]
    hold(analysis)
    assert time.process_time() - started < LONGEST_CPU_S


@pytest.mark.parametrize("rate", [0, -1, 2**31, 2**40])
def test_a_rate_that_no_converter_has_is_refused_before_memory_is_asked_for(rate):
    with pytest.raises(BadInput, match=f"{rate} Hz"):
        Analyzer(rate, 2)


@pytest.mark.parametrize("name", LEVELS | WAVES | SIDES)
def test_the_live_meter_shows_numbers_or_nothing(name):
    sound = SOUNDS[name]
    meter = Meter(sound.rate, sound.channels)
    for block in sound.blocks(1000):
        meter.push(block)
    json.dumps(asdict(meter.snapshot(final=True)), allow_nan=False)


PARTS = {
    "silence": lambda n, g: np.zeros(n),
    "noise": lambda n, g: g.standard_normal(n),
    "held": lambda n, g: np.full(n, g.uniform(-1, 1)),
    "tone": lambda n, g: np.sin(np.arange(n) * g.uniform(0, np.pi)),
    "full scale": lambda n, g: np.sign(g.standard_normal(n)),
    "impulse": lambda n, g: np.arange(n) == n // 2,
}


@settings(max_examples=25, deadline=None)
@given(
    parts=st.lists(st.tuples(st.sampled_from(sorted(PARTS)), st.integers(0, 30_000)), max_size=5),
    exponent=st.sampled_from([0, 0, 0, -3, -12, -30, -42, 5, 8]),
    sides=st.lists(st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-20]), min_size=1, max_size=7),
    rate=st.sampled_from([1, 500, 2000, 8000, 8001, 44100, 48000, 96000, 384000]),
    seed=st.integers(0, 1000),
)
def test_whatever_is_strung_together_holds_and_does_not_depend_on_the_blocks(
    parts, exponent, sides, rate, seed
):
    generator = np.random.default_rng(seed)
    wave = np.concatenate([np.zeros(0)] + [PARTS[name](length, generator) for name, length in parts])
    made = audio(np.outer(sides, wave) * 10.0**exponent, rate)
    expected = analyze(made, without=("tempo", "key"))
    hold(expected)
    analyzer = Analyzer(made.rate, made.channels, without=("tempo", "key"))
    start = 0
    while start < made.frames:
        size = int(generator.integers(0, 20_000))
        analyzer.push(made.samples[:, start : start + size])
        start += size
    assert analyzer.result() == expected


NUMBERS_OF_SILENCE = {"duration", "dc_offset", "dc_offset_worst"}
"""Silence has a length, and its middle is at zero; anything else would be made up."""


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_silence_and_nothing_have_no_value_but_a_reason(metric):
    for sound in (silence(0), silence(8, 8000)):
        reading = SILENT[sound.frames][metric.name]
        if metric.name not in NUMBERS_OF_SILENCE:
            assert (reading.value, bool(reading.reason)) == (None, True)


SILENT = {sound.frames: analyze(sound) for sound in (silence(0), silence(8, 8000))}


def test_a_tenth_of_a_second_is_too_short_for_what_needs_more():
    analysis = analyze(white(-20, 0.1))
    for name, needs in (("integrated_loudness", "0.4 s"), ("loudness_range", "3 s"), ("hum", "6 s")):
        assert analysis[name].value is None
        assert needs in analysis[name].reason
