"""Laws over the registry: what holds for every metric, also for one that is added tomorrow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.analysis import Analysis, Analyzer, analyze, findings
from bridge.analysis.metric import Metric
from bridge.analysis.metrics import BY_NAME, METRICS, unit_of
from bridge.audio import Audio
from bridge.errors import BadInput
from tests.analysis.corpus.judge import spoilt
from tests.analysis.corpus.plants import PLANTS
from tests.analysis.standard_signals import measured
from tests.signals import music_like, silence, white

DOUBLE_DB = 20 * np.log10(2)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_a_metric_says_its_source_its_unit_and_what_it_tells(metric):
    assert metric.name == metric.name.lower()
    assert unit_of(metric.name) == metric.unit
    assert len(metric.source) > 8
    assert metric.sentence.endswith(".")


def test_names_are_unique():
    assert len(BY_NAME) == len(METRICS)


def test_an_unknown_name_is_bad_input():
    with pytest.raises(BadInput, match="loudnes"):
        unit_of("loudnes")
    with pytest.raises(BadInput):
        Analysis.from_readings({"loudnes": 1.0})


def test_an_analysis_of_readings_alone_has_their_units():
    analysis = Analysis.from_readings({"integrated_loudness": -9.2, "tempo": None})
    assert analysis["integrated_loudness"].unit == "LUFS"
    assert analysis["tempo"].reason


@pytest.fixture(scope="module")
def music() -> Audio:
    audio = music_like(16, 44100)  # the dynamic range needs 15 s
    return Audio(np.ascontiguousarray(audio.samples[:, :-1234]), 44100)


@pytest.fixture(scope="module")
def whole(music) -> Analysis:
    return analyze(music)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_every_metric_explains_what_it_read(metric, whole):
    reading = whole[metric.name]
    assert reading.value is not None, reading.reason
    sentence = metric.explain(reading.value)
    assert sentence.endswith(".")
    assert "nan" not in sentence


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), longest=st.sampled_from([7, 512, 3000, 20_000, 200_000]))
def test_readings_have_the_same_bits_however_the_blocks_are_cut(seed, longest):
    audio = music_like(4.2, 44100)
    if longest == 7:
        audio = Audio(audio.samples[:, :9001], 44100)
    expected = measured(audio)
    generator = np.random.default_rng(seed)
    analyzer = Analyzer(audio.rate, audio.channels, without=("tempo", "key"))
    start = 0
    while start < audio.frames:
        size = int(generator.integers(0, longest))
        analyzer.push(audio.samples[:, start : start + size])
        start += size
    assert analyzer.result() == expected


def test_tempo_and_key_do_not_depend_on_the_cutting(music, whole):
    analyzer = Analyzer(music.rate, music.channels)
    for start in range(0, music.frames, 7777):
        analyzer.push(music.samples[:, start : start + 7777])
    result = analyzer.result()
    assert (result["tempo"], result["key"]) == (whole["tempo"], whole["key"])


def test_reading_in_between_changes_nothing(music, whole):
    analyzer = Analyzer(music.rate, music.channels, without=("tempo", "key"))
    for start in range(0, music.frames, 50_001):
        analyzer.push(music.samples[:, start : start + 50_001])
        analyzer.result()
    assert analyzer.result() == measured(music)


def test_reset_forgets(music):
    analyzer = Analyzer(music.rate, music.channels, without=("tempo", "key"))
    analyzer.push(music.samples)
    analyzer.reset()
    analyzer.push(music.samples[:, :100_000])
    assert analyzer.result() == measured(Audio(music.samples[:, :100_000], music.rate))


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_gain_law(metric, whole, doubled):
    obey(metric, whole[metric.name].value, doubled[metric.name].value)


def obey(metric: Metric, quiet: float | str | None, loud: float | str | None) -> None:
    """`loud` is what the metric reads of the same sound 6.02 dB up."""
    assert type(quiet) is type(loud), metric.name
    if quiet is None or isinstance(quiet, str) or loud is None or isinstance(loud, str):
        assert loud == quiet, metric.name
    elif metric.law == "level":
        assert loud - quiet == pytest.approx(DOUBLE_DB, abs=1e-3), metric.name
    elif metric.law == "linear":
        assert loud == pytest.approx(2 * quiet, rel=1e-5), metric.name
    elif metric.law == "rising":
        assert loud >= quiet, metric.name
    else:
        assert loud == pytest.approx(quiet, abs=1e-3, rel=1e-5), metric.name


@pytest.fixture(scope="module")
def doubled(music) -> Analysis:
    return analyze(Audio(music.samples * np.float32(2), music.rate))


OF_LEVEL = {"over_full_scale", "inter_sample_overs", "few_bits"}
"""Findings that 6 dB may bring or take away: of peaks, and of the grid, which gets finer when samples are halved."""


OF_THE_GRID = {"bit_depth_used", "clipped_tops"}
"""Half a step of 16 bits is a step of 17; below 12 bits flat tops are not looked for."""


@pytest.mark.parametrize("code", PLANTS)
def test_a_fault_is_the_same_fault_6_db_down_and_in_any_blocks(code, quiet):
    """Findings with their places, curves of faults and of tone; halving rounds nothing, so they are exactly alike."""
    loud = spoilt(code, quiet, 440, 1)
    analysis = measured(loud)
    halved = measured(Audio(loud.samples * np.float32(0.5), loud.rate))
    assert told(halved) == told(analysis)
    for metric in METRICS:
        if metric.name in analysis and metric.name not in OF_THE_GRID:
            obey(metric, halved[metric.name].value, analysis[metric.name].value)
    assert halved.curves.get("spectrum") == analysis.curves.get("spectrum")
    analyzer = Analyzer(loud.rate, loud.channels, without=("tempo", "key"))
    for start in range(0, loud.frames, 9999):
        analyzer.push(loud.samples[:, start : start + 9999])
    assert analyzer.result() == analysis


def told(analysis: Analysis) -> list[tuple[str, float | None]]:
    return sorted((f.code, f.at_s) for f in findings(analysis) if f.code not in OF_LEVEL)


@pytest.fixture(scope="module")
def quiet() -> Audio:
    audio = music_like(8, 44100, level_dbfs_peak=-9.0)
    fade = np.minimum(1, np.minimum(np.arange(audio.frames), np.arange(audio.frames)[::-1]) / 4410)
    return Audio((audio.samples * fade).astype(np.float32), audio.rate)


def test_silence_has_no_level_and_says_so():
    analysis = measured(silence(8))
    levels = [metric.name for metric in METRICS if metric.law == "level" and metric.name in analysis]
    for name in levels:
        assert analysis[name].value is None
        assert analysis[name].reason == "silence"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e20])
def test_what_is_not_finite_is_counted_and_named(value):
    samples = white(-20, 2).samples.copy()
    samples[1, 5000:5003] = value
    analysis = measured(Audio(samples, 48000))
    for name, reading in analysis.readings.items():
        if name != "duration":
            assert reading.value is None
            assert "3 samples are not finite" in reading.reason


def test_a_block_of_the_wrong_shape_is_refused():
    analyzer = Analyzer(48000, 2)
    with pytest.raises(BadInput, match="2 channels"):
        analyzer.push(np.zeros((1, 100), np.float32))
    with pytest.raises(BadInput):
        Analyzer(0, 2)


def test_an_analysis_survives_json(whole):
    import json

    assert Analysis.from_json(json.loads(json.dumps(whole.to_json()))) == whole
