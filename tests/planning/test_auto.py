"""The auto tools: every one by its words, in the library, and what they say with numbers."""

from __future__ import annotations

import pytest

import bridge
from bridge.analysis import analyze
from bridge.analysis.reading import Analysis
from bridge.effects import BY_NAME
from bridge.errors import BadInput
from bridge.planning.auto.tools import TOOLS, effect_of
from tests import signals
from tests.planning.casebook import outcome_of

READINGS: dict[str, float | str | None] = {
    "rms": -27.0, "true_peak": -0.2, "true_peak_strict": -0.2, "sample_peak": -0.4, "crest_factor": 18.0,
    "integrated_loudness": -22.0, "loudness_range": 6.0, "onset_rate": 3.0, "tempo": 119.6, "tempo_confidence": 0.9,
    "key": "A minor", "key_confidence": 0.9, "tuning": 30.0, "spectral_tilt": -8.0, "correlation": 0.99,
    "side_to_mid": -20.0, "hiss": -60.0, "hiss_unrest": 0.5, "noise_floor": -55.0, "band_sub": -3.0, "band_low": -12.0,
}  # fmt: skip
IN_NEED = Analysis.from_readings(READINGS, rate=48000, channels=2, frames=48000 * 60)

WORDS = {
    "gain": ["autogain", "auto gain", "AutoGain", "automatic gain staging"],
    "equalizer": ["auto eq", "AutoEQ", "fix the tone", "balance the spectrum", "auto equalizer"],
    "compressor": ["autocompressor", "auto compressor", "automatic compression"],
    "limiter": ["AutoLimiter", "auto limiter"],
    "reverb": ["auto reverb", "AutoReverb"],
    "delay": ["auto delay", "auto echo"],
    "denoise": ["auto noise reduction", "AutoNoiseReduction", "auto denoise"],
    "enhancer": ["auto enhancer", "auto enhance"],
    "stereo_width": ["auto stereo widener", "AutoStereoWidener", "auto width"],
    "pitch_corrector": ["autotune", "auto pitch corrector", "AutoPitchCorrector"],
    "time_stretch": ["auto time stretcher", "AutoTimeStretcher", "auto time stretch"],
}


def heard(words: str, analysis: Analysis = IN_NEED):
    return bridge.plan(words, analysis, planner="offline")


@pytest.mark.parametrize(("effect", "words"), [(e, w) for e, many in WORDS.items() for w in many])
def test_every_tool_is_called_by_its_names(effect, words):
    outcome = heard(words)
    assert outcome.kind == "plan" and effect in [step.effect for step in outcome.plan.steps], outcome
    assert not outcome.unsupported


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_in_the_library_gives_one_step_with_its_reason_in_numbers(tool):
    outcome = bridge.auto(tool, IN_NEED)
    assert outcome.kind == "plan", outcome
    step = next(step for step in outcome.plan.steps if step.effect == TOOLS[tool])
    told = BY_NAME[TOOLS[tool]].decides_by
    assert {item.metric for item in step.evidence} >= {metric for metric in told if metric in READINGS}
    assert tool in step.reason and any(letter.isdigit() for letter in step.reason)


CALM = Analysis.from_readings(
    {
        "rms": -18.0, "true_peak": -6.2, "true_peak_strict": -6.2, "sample_peak": -6.3, "crest_factor": 11.0,
        "integrated_loudness": -14.0, "loudness_range": 6.0, "onset_rate": 3.0, "tempo": None, "tempo_confidence": 0.1,
        "key": None, "key_confidence": 0.1, "spectral_tilt": -4.0, "correlation": 0.6, "side_to_mid": -8.0,
        "correlation_low": 0.9, "correlation_high": 0.5, "hiss": -95.0, "hiss_unrest": 0.5, "noise_floor": -90.0,
        "band_sub": -20.0, "band_low": -8.0,
    },
    rate=48000, channels=2, frames=48000 * 60,
)  # fmt: skip


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "AutoReverb"])
def test_a_sound_that_needs_nothing_is_left_alone_with_the_numbers_why(tool):
    outcome = bridge.auto(tool, CALM)
    assert outcome.kind == "no_op" and outcome.plan is None, outcome
    assert any(letter.isdigit() for letter in outcome.answer) or "no spectrum" in outcome.answer, (
        outcome.answer
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_silence_is_left_alone(tool):
    outcome = bridge.auto(tool, analyze(signals.silence(2.0), ("tempo", "key")))
    assert outcome.kind == "no_op" and "silen" in outcome.answer


def test_nothing_is_asked_for_with_an_amount_of_0():
    assert bridge.auto("AutoReverb", IN_NEED, amount=0.0).kind == "no_op"


def test_a_tool_that_there_is_not_and_an_amount_out_of_bounds_are_refused():
    with pytest.raises(BadInput, match="AutoEQ"):
        bridge.auto("AutoMagic", IN_NEED)
    with pytest.raises(BadInput, match="0 to 2"):
        bridge.auto("AutoEQ", IN_NEED, amount=3.0)
    with pytest.raises(BadInput, match="no target"):
        bridge.auto("AutoEQ", IN_NEED, target="polka of the moon")


@pytest.mark.parametrize("spelt", ["AutoEQ", "auto_eq", "auto-eq", "auto eq", "equalizer"])
def test_a_tool_is_called_as_it_is_spelt(spelt):
    assert effect_of(spelt) == "equalizer"


def test_a_share_is_how_far_it_goes_and_other_numbers_are_the_effects():
    full, half = (heard(words).plan.steps[0].parameters for words in ("auto reverb", "auto reverb 50 %"))
    assert half["mix"] == pytest.approx(full["mix"] / 2, abs=0.01)
    told = heard("auto compressor 4:1").plan.steps[0]
    assert told.effect == "compressor" and told.parameters["ratio"] == 4


@pytest.mark.parametrize("words", ["eq it for rock", "auto eq for hip hop", "auto eq for a rock song"])
def test_a_genre_behind_for_is_what_the_equalizer_goes_by(words):
    music = analyze(signals.pink(-20, 6.0), ("tempo", "key"))
    outcome = bridge.plan(words, music, planner="offline")
    (step,) = (step for step in outcome.plan.steps if step.effect == "equalizer")
    assert "the curve of" in step.reason and not outcome.unsupported


def test_names_of_genres_elsewhere_are_what_they_were():
    assert outcome_of("more metal").kind != "plan" or all(
        step.effect != "equalizer" or "the curve of" not in step.reason
        for step in outcome_of("more metal").plan.steps
    )


def test_a_tool_can_be_taken_back():
    first = heard("auto reverb, auto delay").plan
    again = bridge.plan("without the reverb", IN_NEED, previous=first, planner="offline").plan
    assert [step.effect for step in again.steps if step.effect in ("reverb", "delay")] == ["delay"]


def test_each_stem_is_judged_by_itself():
    outcome = bridge.auto("AutoGain", {"loud": CALM, "faint": IN_NEED})
    assert {step.where for step in outcome.plan.steps} == {"faint", "mix"}
