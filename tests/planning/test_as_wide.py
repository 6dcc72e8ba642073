"""Wider is wider and mono is mono, whatever the effect's own judgement of the sound says."""

from __future__ import annotations

from bridge.analysis.reading import Analysis
from bridge.planning.planner import plan
from bridge.presets import load_lexicon


def width_of(words: str, **readings: float):
    analysis = Analysis.from_readings(readings, rate=48000, channels=2, frames=480000)
    outcome = plan(words, analysis, lexicon=load_lexicon())
    (step,) = outcome.plan.steps
    return step.parameters, outcome


def test_wider_never_narrows_a_sound_that_cancels_in_mono_but_says_so():
    found, outcome = width_of("wider", correlation=-0.3, side_to_mid=2.0)
    assert found["width"] > 1.0 and not found["bands"]
    assert any("cancel in mono" in text for text in outcome.warnings)


def test_wider_widens_all_where_only_the_highs_cancel():
    found, outcome = width_of(
        "wider", correlation=0.9, side_to_mid=-20.0, correlation_high=-0.2, correlation_low=0.9
    )
    assert found["width"] > 1.0 and not found["bands"]
    assert any("cancel in mono" in text for text in outcome.warnings)


def test_mono_leaves_no_band_beside_the_middle():
    found, _ = width_of(
        "make it mono", correlation=0.9, side_to_mid=-20.0, correlation_high=-0.2, correlation_low=0.9
    )
    assert found["width"] == 0.0 and not found["bands"]


def test_a_side_is_still_made_for_a_sound_that_has_none():
    found, _ = width_of("wider", correlation=1.0, side_to_mid=-60.0)
    assert found["decorrelation"] > 0.0
