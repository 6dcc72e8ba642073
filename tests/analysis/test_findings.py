"""Rules find planted faults, keep quiet on clean sound, and name a remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from bridge.analysis import Analysis, findings
from bridge.analysis.target import Target
from bridge.audio import Audio
from bridge.errors import BadInput
from tests.analysis.standard_signals import measured
from tests.signals import music_like, pink, silence, sine, white

TARGETS = Path(__file__).parents[2] / "presets" / "targets"


def codes(audio: Audio, target: Target | None = None) -> set[str]:
    return {finding.code for finding in findings(measured(audio), target)}


def load(name: str) -> Target:
    return Target.from_dict(name, tomllib.loads((TARGETS / f"{name}.toml").read_text("utf-8")))


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_clean_noise_and_tones_have_no_fault(seed):
    assert codes(pink(-20, 10, seed=seed)) == set()
    assert codes(white(-20, 10, seed=seed)) == set()


def test_silence_is_named():
    assert codes(silence(3)) == {"silence"}
    assert codes(silence(0)) == {"silence"}


def test_overs_are_found_and_limited_below_minus_1():
    found = findings(measured(Audio(np.clip(music_like(4).samples * 3, -1, 1), 48000)))
    over = next(f for f in found if f.code == "over_full_scale")
    assert over.severity == "fault"
    assert over.remedy.effect == "limiter"
    assert over.remedy.parameters == {"ceiling_dbtp": -1.0}


def test_dc_is_found():
    audio = pink(-20, 5)
    assert "dc_offset" in codes(Audio(audio.samples + np.float32(0.02), audio.rate))


def test_an_inverted_channel_is_found():
    mono = pink(-20, 5, channels=1).samples[0]
    assert "inverted_channel" in codes(Audio(np.stack([mono, -mono]), 48000))


def test_mono_as_stereo_is_found():
    mono = pink(-20, 5, channels=1).samples[0]
    assert "mono_as_stereo" in codes(Audio(np.stack([mono, mono]), 48000))


@pytest.mark.parametrize(
    ("code", "band"), [("mud", (170, 380)), ("harsh", (2200, 4800)), ("boom", (65, 145))]
)
def test_a_raised_band_is_named(code, band):
    audio = pink(-26, 10)
    spectrum = np.fft.rfft(audio.samples)
    hz = np.fft.rfftfreq(audio.frames, 1 / audio.rate)
    spectrum[:, (hz > band[0]) & (hz < band[1])] *= 10 ** (12 / 20)
    raised = Audio(np.fft.irfft(spectrum, audio.frames).astype(np.float32), audio.rate)
    assert codes(raised) == {code}


def test_a_target_names_what_is_missed_and_the_way_there():
    analysis = Analysis.from_readings({"integrated_loudness": -9.2, "true_peak": -0.2})
    found = {f.metric: f for f in findings(analysis, load("spotify"))}
    assert set(found) == {"integrated_loudness", "true_peak"}
    assert found["integrated_loudness"].remedy.words == "-14 LUFS, ceiling -1 dBTP"
    assert found["integrated_loudness"].expected == "-15 to -13 LUFS"
    assert "4.8" not in found["true_peak"].sentence
    assert found["true_peak"].severity == "fault"


def test_a_target_that_is_met_finds_nothing():
    analysis = Analysis.from_readings({"integrated_loudness": -14.1, "true_peak": -1.2})
    assert findings(analysis, load("spotify")) == ()


def test_what_the_target_misses_comes_first_and_then_the_faults():
    audio = Audio(np.clip(sine(300, 6, 4).samples, -1, 1), 48000)
    found = findings(measured(audio), load("ebu_r128"))
    asked = [f.code.startswith("target_") for f in found]
    assert asked == sorted(asked, reverse=True) and {True, False} <= set(asked)
    for part in (True, False):
        order = [f.severity for f, was in zip(found, asked, strict=True) if was is part]
        assert order == sorted(order, key=["fault", "warning", "note"].index)


def test_several_platforms_each_name_what_they_miss():
    analysis = Analysis.from_readings({"integrated_loudness": -9.2, "true_peak": -1.2})
    said = [f.sentence for f in findings(analysis, load("spotify"), others=(load("ebu_r128"),))]
    assert len(said) == 2 and "Spotify" in said[0] and "EBU" in said[1]


@pytest.mark.parametrize("path", sorted(TARGETS.glob("*.toml")), ids=lambda p: p.stem)
def test_every_target_loads_and_says_its_source(path):
    target = load(path.stem)
    assert target.source
    assert target.date[:2] in ("19", "20")
    assert target.expects


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "source missing"),
        ({"kind": "wish"}, "kind"),
        ({"expects": {"loudnes": {"low": 1}}}, "loudnes"),
        ({"expects": {"rms": {"low": 2, "high": 1}}}, "rising"),
        ({"expects": {"rms": {"hi": 1}}}, "hi"),
    ],
)
def test_a_broken_target_is_named(change, message):
    data = {"title": "T", "kind": "genre", "source": "s", "date": "2026-01", "expects": {"rms": {"aim": -18}}}
    with pytest.raises(BadInput, match=message):
        Target.from_dict("broken", data | change)


@pytest.mark.parametrize(("strict", "found"), [(0.008, set()), (0.3, {"over_full_scale"})])
def test_a_hundredth_of_a_db_over_full_scale_is_no_fault(strict, found):
    analysis = Analysis.from_readings({"sample_peak": 0.0, "true_peak": 0.0, "true_peak_strict": strict})
    assert {f.code for f in findings(analysis)} == found


def test_one_place_is_said_in_the_singular():
    readings = {"sample_peak": -0.2, "true_peak": 0.4, "inter_sample_overs": 1.0, "clicks": 1.0}
    said = " ".join(f.sentence for f in findings(Analysis.from_readings(readings)))
    assert "in 1 place:" in said and "Clicks in 1 place:" in said
