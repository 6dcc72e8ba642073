"""A planted fault is found, its words are handed to the planner, and what is rendered is mended."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

import bridge
from bridge.analysis import analyze, findings
from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.planning.plan import Plan
from tests import signals
from tests.analysis.corpus.mixes import clean_mix, must_have_sources
from tests.analysis.corpus.plants import PLANTS
from tests.analysis.corpus.recordings import recording

WITHOUT = ("tempo", "key")


@lru_cache(maxsize=4)
def mix(number: int) -> Audio:
    must_have_sources()
    return clean_mix(31, number)[1]


def spoilt(code: str, number: int) -> Audio:
    return PLANTS[code](mix(number), np.random.default_rng([31, number]))


def heard(audio: Audio) -> tuple[Analysis, dict[str, Finding]]:
    analysis = analyze(audio, WITHOUT)
    return analysis, {finding.code: finding for finding in findings(analysis)}


def remedy(code: str, audio: Audio) -> tuple[Plan, Finding]:
    analysis, found = heard(audio)
    assert code in found, f"{code} was not found"
    outcome = bridge.plan(found[code].remedy.words, analysis)
    assert outcome.plan is not None and not outcome.unsupported, outcome
    return outcome.plan, found[code]


def level_db(audio: Audio) -> float:
    """RMS of the second half, when filters have settled."""
    half = audio.samples[:, audio.frames // 2 :].astype(np.float64)
    return float(10 * np.log10(np.mean(half**2)))


@pytest.mark.real
def test_hum_goes_and_the_low_e_beside_it_stays():
    audio = spoilt("hum", 1)
    plan, before = remedy("hum", audio)
    mended = bridge.render(audio, plan).audio
    assert heard(mended)[0].number("hum") <= max(5.0, before.value - 10.0)
    for neighbour in (41.2, 73.42, 82.41, 110.0, 130.81):
        tone = signals.sine(neighbour, -26, audio.seconds, audio.rate).samples[:, : audio.frames]
        beside = bridge.render(Audio(audio.samples + tone, audio.rate), plan).audio.samples - mended.samples
        assert abs(level_db(Audio(beside, audio.rate)) - level_db(Audio(tone, audio.rate))) < 1.0


@pytest.mark.real
def test_a_channel_that_was_turned_over_is_turned_back():
    audio = spoilt("inverted_channel", 0)
    plan, before = remedy("inverted_channel", audio)
    analysis, after = heard(bridge.render(audio, plan).audio)
    assert before.value < -0.5 and analysis.number("correlation") == pytest.approx(-before.value, abs=0.01)
    assert "inverted_channel" not in after


TONES = {"boom", "mud", "boxy", "harsh", "thin", "dull"}


@pytest.mark.real
@pytest.mark.parametrize("code", ["mud", "boom", "harsh"])
def test_a_tone_that_is_mended_makes_no_other_fault(code):
    audio = spoilt(code, 0)
    _, before = heard(audio)
    plan, _ = remedy(code, audio)
    _, after = heard(bridge.render(audio, plan).audio)
    assert code not in after and not TONES & set(after) - set(before)


@pytest.mark.real
@pytest.mark.parametrize("code", ["low_end_cancels", "over_full_scale", "dc_offset"])
def test_bass_overs_and_offset_are_gone_once_their_words_are_followed(code):
    audio = spoilt(code, 1)
    plan, _ = remedy(code, audio)
    _, after = heard(bridge.render(audio, plan).audio)
    assert code not in after


@pytest.mark.real
def test_noise_goes_from_under_a_drum_loop_by_7_db_and_its_loudness_stays():
    wave, rate = recording("loop_tabla")
    hiss = 10 ** (-48 / 20) * signals.rng(2).standard_normal(wave.shape)
    audio = Audio((0.5 * wave + hiss).astype(np.float32), rate)
    before, _ = heard(audio)
    plan, _ = remedy("broadband_noise", audio)
    mended = bridge.render(audio, plan).audio
    after, _ = heard(mended)
    rest = mended.samples - 0.5 * wave
    assert after.number("hiss") <= before.number("hiss") - 7.0  # the loop itself hisses 11 dB below the noise
    assert 10 * np.log10(np.mean(hiss**2) / np.mean(rest.astype(np.float64) ** 2)) >= 7.0
    assert after.number("integrated_loudness") == pytest.approx(before.number("integrated_loudness"), abs=0.5)


@pytest.mark.real
def test_clicks_are_gone_once_they_were_mended():
    audio = spoilt("clicks", 1)
    plan, before = remedy("clicks", audio)
    analysis, _ = heard(bridge.render(audio, plan).audio)
    assert before.value >= 1 and analysis.number("clicks") == 0


@pytest.mark.real
def test_flat_tops_are_round_again_and_stay_under_full_scale():
    wave, rate = recording("ambi_choir")
    loud = wave / np.abs(wave).max()
    audio = Audio(np.clip(loud, -0.7, 0.7).astype(np.float32), rate)
    plan, before = remedy("clipped_tops", audio)
    analysis, _ = heard(bridge.render(audio, plan).audio)
    assert before.value >= 3 and analysis.number("clipped_tops") == 0
    assert analysis.number("true_peak") <= 0.0


@pytest.mark.real
@pytest.mark.parametrize("code", ["imbalance", "cut_start", "cut_end"])
def test_sides_and_edges_are_mended_by_the_words_of_their_remedy(code):
    audio = spoilt(code, 0)
    plan, _ = remedy(code, audio)
    _, after = heard(bridge.render(audio, plan).audio)
    assert code not in after
