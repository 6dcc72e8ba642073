"""A sound held against a reference: what is found is mended by asking for what the finding says."""

from __future__ import annotations

import numpy as np
import pytest

import bridge
from bridge.analysis import Target, findings
from bridge.audio import Audio
from tests.analysis.standard_signals import measured
from tests.analysis.test_spectral_shape import raised
from tests.signals import music_like, pink

PINK = pink(-26, 10)
REFERENCE = Target.of(measured(PINK), "reference.wav")


def held(audio: Audio, reference: Target = REFERENCE):
    found = findings(measured(audio), reference=reference)
    return {finding.metric: finding for finding in found if finding.code.startswith("reference_")}


def narrowed(audio: Audio, side: float) -> Audio:
    mid, half = audio.samples.mean(axis=0), side * (audio.samples[0] - audio.samples[1]) / 2
    return Audio(np.stack([mid + half, mid - half]), audio.rate)


@pytest.mark.parametrize("audio", [PINK, music_like(8)], ids=["noise", "music"])
def test_nothing_is_found_against_itself(audio):
    assert held(audio, Target.of(measured(audio), "itself")) == {}


def test_what_is_quieter_by_6_lu_is_asked_up_to_the_reference():
    found = held(Audio(PINK.samples * np.float32(0.5), 48000))
    assert set(found) == {"integrated_loudness"}
    goal = found["integrated_loudness"].remedy.parameters["target_lufs"]
    assert goal == pytest.approx(measured(PINK)["integrated_loudness"].value, abs=0.05)
    assert found["integrated_loudness"].severity == "note"


@pytest.mark.parametrize(
    ("low_hz", "high_hz", "db", "metric", "move"),
    [
        (1778, 5623, 6, "band_high_mid", "cut 3200 Hz"),
        (1778, 5623, -6, "band_high_mid", "boost 3200 Hz"),
        (56, 141, 6, "band_low", "cut 95 Hz"),
        (56, 141, -6, "band_low", "boost 95 Hz"),
        (11220, 20000, -7, "band_air", "boost 14000 Hz"),
    ],
)
def test_a_band_that_differs_is_asked_to_move_back_by_as_much_as_it_differs(
    low_hz, high_hz, db, metric, move
):
    found = held(raised(PINK, low_hz, high_hz, db))
    found.pop("integrated_loudness", None)
    assert list(found) == [metric]
    by_db = abs(found[metric].value)
    assert found[metric].remedy.words.startswith(f"{move} by {by_db:.1f}".removesuffix(".0"))
    assert found[metric].value * db > 0


def test_2_db_in_a_band_are_left_alone():
    assert held(raised(PINK, 1778, 5623, 2)) == {}


def test_a_narrow_mix_is_asked_wider():
    found = held(narrowed(PINK, 0.4))
    assert found["side_to_mid"].remedy.words == "wider"


def test_a_reference_as_good_as_mono_asks_nobody_as_good_as_mono_to_be_narrower():
    one, other = narrowed(PINK, 0.02), narrowed(PINK, 0.0001)
    assert "side_to_mid" not in held(one, Target.of(measured(other), "mono.wav"))
    assert held(PINK, Target.of(measured(other), "mono.wav"))["side_to_mid"].remedy.words == "narrower"


def test_asking_for_what_the_finding_says_meets_the_reference():
    quiet = Audio(PINK.samples * np.float32(0.5), 48000)
    words = held(quiet)["integrated_loudness"].remedy.words
    outcome = bridge.plan(words, measured(quiet), planner="offline")
    assert held(bridge.render(quiet, outcome.plan).audio) == {}


def test_a_hot_reference_asks_for_no_overs():
    """A reference that clips is no reason to clip: true peak is not expected of anyone."""
    hot = Target.of(measured(Audio(PINK.samples * np.float32(6), 48000)), "hot.wav")
    assert "true_peak" not in hot.expects
    assert held(PINK, hot)["integrated_loudness"].remedy.parameters["ceiling_dbtp"] == -1.0
