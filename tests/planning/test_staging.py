"""Gain staging where the sound is out of reach."""

from __future__ import annotations

import bridge

WORDS = "gain staging to -18 dBFS RMS with true peak at most -6 dBTP"


def test_a_sound_too_quiet_to_stage_says_so_and_blames_nobody() -> None:
    """-60 dBFS to -18 dBFS is 42 dB; gain ends at 24."""
    made = bridge.plan(WORDS, bridge.Analysis.from_readings({"rms": -60.0, "true_peak": -50.0}))
    assert made.plan is not None
    assert made.plan.steps[0].parameters["gain_db"] == 24
    assert "too quiet" in made.warnings[0] and "+42.0 dB" in made.warnings[0]
    assert not any("you named" in warning for warning in made.warnings)


def test_a_sound_within_reach_is_not_called_too_quiet() -> None:
    made = bridge.plan(WORDS, bridge.Analysis.from_readings({"rms": -41.9, "true_peak": -35.0}))
    assert made.plan is not None
    assert made.plan.steps[0].parameters["gain_db"] == 23.9
    assert not any("too quiet" in warning for warning in made.warnings)


def test_a_sound_that_its_peaks_hold_back_is_not_called_too_quiet() -> None:
    """At -60 dBFS RMS with peaks at -20 dBTP, the ceiling of -6 dBTP leaves 14 dB."""
    made = bridge.plan(WORDS, bridge.Analysis.from_readings({"rms": -60.0, "true_peak": -20.0}))
    assert made.plan is not None
    assert made.plan.steps[0].parameters["gain_db"] == 14
    assert not any("too quiet" in warning for warning in made.warnings)
