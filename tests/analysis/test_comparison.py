"""Two sounds side by side: what differs, by how much, in which unit."""

from __future__ import annotations

import json

import numpy as np
import pytest

import bridge
from bridge.analysis import Analysis
from bridge.analysis.comparison import compare
from bridge.audio import Audio
from tests.analysis.standard_signals import measured
from tests.signals import music_like, pink

SONG = measured(music_like(8))
LOUDER = measured(Audio(music_like(8).samples * np.float32(10 ** (3 / 20)), 48000))


def test_3_db_of_gain_are_3_db_in_levels_and_nothing_in_ratios():
    compared = compare(LOUDER, SONG)
    for metric, unit in (("integrated_loudness", "LUFS"), ("rms", "dBFS"), ("true_peak", "dBTP")):
        assert compared[metric].difference == pytest.approx(3.0, abs=0.02)
        assert compared[metric].unit == unit
    assert not {"crest_factor", "plr", "side_to_mid", "spectral_tilt", "tempo", "key"} & set(
        compared.readings
    )
    assert all(abs(db) < 0.05 for db in compared.bands_db.values())


def test_a_sound_does_not_differ_from_itself():
    compared = compare(SONG, SONG)
    assert compared.readings == {}
    assert set(compared.spectrum.difference_db) <= {0.0, None}


def test_swapping_the_two_turns_every_sign():
    one, other = compare(SONG, measured(pink(-20, 8))), compare(measured(pink(-20, 8)), SONG)
    assert set(one.readings) == set(other.readings)
    for metric, pair in one.readings.items():
        if pair.difference is not None:
            assert other[metric].difference == pytest.approx(-pair.difference)
    for band, db in one.bands_db.items():
        assert other.bands_db[band] == pytest.approx(-db, abs=0.01)


def test_a_name_differs_without_a_number():
    compared = compare(Analysis.from_readings({"key": "A minor"}), Analysis.from_readings({"key": "C major"}))
    assert (compared["key"].this, compared["key"].reference, compared["key"].difference) == (
        "A minor",
        "C major",
        None,
    )


def test_what_one_of_them_does_not_have_differs_without_a_number():
    """Mono has no side; the stereo sound's width stands beside nothing."""
    mono = measured(pink(-20, 4, channels=1))
    width = compare(measured(pink(-20, 4)), mono)["width_mid"]
    assert width.reference is None and width.difference is None and isinstance(width.this, float)


def test_a_comparison_is_plain_json():
    told = json.loads(json.dumps(compare(LOUDER, SONG).to_json(), allow_nan=False))
    assert set(told) == {"readings", "spectrum", "bands_db"}
    assert set(told["readings"]["rms"]) == {"this", "reference", "difference", "unit"}
    assert len(told["spectrum"]["centre_hz"]) == len(told["spectrum"]["difference_db"])


def test_without_curves_only_readings_are_compared():
    compared = compare(Analysis.from_readings({"rms": -12.0}), Analysis.from_readings({"rms": -18.0}))
    assert compared["rms"].difference == 6.0
    assert compared.spectrum is None and compared.bands_db == {}


def test_the_library_door_compares():
    assert bridge.compare(LOUDER, SONG)["rms"].difference == pytest.approx(3.0, abs=0.02)
