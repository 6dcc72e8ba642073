"""Safety bounds: what no number passes, wherever it comes from (engineering judgement, by effect)."""

from __future__ import annotations

import pytest

from bridge.planning.clamp import clamp
from tests.planning.casebook import outcome_of

BOUNDS = (
    ("equalizer", "bands.0.gain_db", 9, 18, {"bands": [{"kind": "bell", "frequency_hz": 1000.0, "gain_db": None}]}),
    ("gain", "gain_db", 12, 24, {"gain_db": None}),
    ("compressor", "ratio", None, 20, {"ratio": None}),
    ("compressor", "makeup_db", None, 12, {"makeup_db": None}),
    ("limiter", "ceiling_dbtp", None, -0.1, {"ceiling_dbtp": None}),
    ("reverb", "mix", 0.6, 1.0, {"mix": None}),
    ("pitch_shift", "semitones", 12, 24, {"semitones": None}),
    ("time_stretch", "speed", 2.0, 4.0, {"speed": None}),
    ("stereo_width", "width", None, 2.0, {"width": None}),
    ("loudness", "target_lufs", None, -6, {"target_lufs": None}),
)  # fmt: skip
"""effect, parameter, soft and hard upper end, and the parameters with a hole for the number."""


def _with(parameters: dict[str, object], value: float) -> dict[str, object]:
    return {
        k: [dict(b, gain_db=value) for b in v] if isinstance(v, list) else value
        for k, v in parameters.items()
    }


def _got(parameters: dict[str, object], path: str) -> float:
    at: object = parameters
    for name in path.split("."):
        at = at[int(name)] if isinstance(at, list | tuple) else at[name]  # type: ignore[index]
    return float(at)  # type: ignore[arg-type]


@pytest.mark.parametrize(("effect", "path", "soft", "hard", "parameters"), BOUNDS)
def test_a_number_of_the_user_reaches_the_hard_end_and_no_further(effect, path, soft, hard, parameters):
    held = clamp(effect, _with(parameters, 999.0), (path,), 48000)
    assert _got(held.parameters, path) == pytest.approx(hard)
    assert held.held[path] == 999.0
    assert held.warnings


@pytest.mark.parametrize(
    ("effect", "path", "soft", "hard", "parameters"), [b for b in BOUNDS if b[2] is not None]
)
def test_a_judgement_stays_in_the_soft_span(effect, path, soft, hard, parameters):
    assert _got(clamp(effect, _with(parameters, 999.0), (), 48000).parameters, path) == pytest.approx(soft)


@pytest.mark.parametrize(
    ("words", "effect", "name", "hard"),
    [
        ("boost 99 dB at 1 kHz", "equalizer", "bands.0.gain_db", 18),
        ("gain +99 dB", "gain", "gain_db", 24),
        ("ratio 99:1", "compressor", "ratio", 20),
        ("pitch it up 99 semitones", "pitch_shift", "semitones", 24),
        ("stereo width 900 %", "stereo_width", "width", 2),
        ("0 LUFS", "loudness", "target_lufs", -6),
    ],
)
def test_words_reach_no_further_either_and_are_told(words, effect, name, hard):
    outcome = outcome_of(words)
    assert outcome.plan is not None
    step = next(step for step in outcome.plan.steps if step.effect == effect)
    assert _got(step.parameters, name) == pytest.approx(hard)
    assert any("held at" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("words", ["6 dB louder", "boost 9 dB at 100 Hz", "much brighter and 3 dB louder"])
def test_what_may_pass_full_scale_gets_a_ceiling(words):
    plan = outcome_of(words, "loud").plan
    assert plan is not None
    assert plan.steps[-1].effect == "limiter"
    assert plan.steps[-1].parameters["ceiling_dbtp"] <= -0.1


@pytest.mark.parametrize(
    "words",
    ["louder and quieter", "brighter but darker", "-14 LUFS but don't get louder", "-9 LUFS, -20 LUFS"],
)
def test_contradictions_are_asked_about_with_both_sides_as_choices(words):
    outcome = outcome_of(words)
    assert outcome.kind == "clarify"
    assert len(outcome.choices) == 2
