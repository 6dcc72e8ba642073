"""The tracks of an album against their medians: the odd one is named, a varied album is left alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bridge.analysis import Analysis
from bridge.analysis.album import compare_all
from bridge.audio import Audio
from bridge.errors import BadInput
from tests.analysis.standard_signals import measured
from tests.analysis.test_spectral_shape import raised
from tests.signals import pink, silence


def tracks(metric: str, *values: float | None) -> dict[str, Analysis]:
    return {f"track {n}": Analysis.from_readings({metric: value}) for n, value in enumerate(values, 1)}


def test_a_track_4_lu_louder_than_the_median_is_named():
    album = compare_all(tracks("integrated_loudness", -12.0, -12.4, -8.0, -11.8))
    assert [(o.name, o.metric) for o in album.outliers] == [("track 3", "integrated_loudness")]
    assert album.outliers[0].sentence == (
        "track 3 is 3.9 LU louder than the median (-8.0 against -11.9 LUFS)."
    )
    assert album.medians["integrated_loudness"] == pytest.approx(-11.9)


@pytest.mark.parametrize(
    ("metric", "values", "words"),
    [
        ("spectral_tilt", (-5.0, -5.1, -8.0), "darker"),
        ("side_to_mid", (-12.0, -3.0, -12.5), "wider"),
        ("plr", (9.0, 9.5, 15.0), "more dynamic"),
        ("true_peak", (-1.0, -1.0, -6.0), "lower in true peak"),
        ("loudness_range", (4.0, 5.0, 14.0), "more varied in loudness"),
    ],
)
def test_what_stands_apart_is_said_in_words(metric, values, words):
    (outlier,) = compare_all(tracks(metric, *values)).outliers
    assert words in outlier.sentence


def test_an_album_that_varies_by_intent_has_no_outlier():
    assert compare_all(tracks("integrated_loudness", -20.0, -16.0, -12.0, -8.0)).outliers == ()


def test_tracks_alike_have_no_outlier():
    assert compare_all(tracks("integrated_loudness", -12.0, -11.0, -13.0)).outliers == ()


def test_among_tracks_that_are_as_good_as_mono_none_is_narrow():
    assert compare_all(tracks("side_to_mid", -36.0, -40.0, -110.0)).outliers == ()


def test_of_two_neither_is_the_odd_one():
    assert compare_all(tracks("integrated_loudness", -20.0, -8.0)).outliers == ()


def test_a_track_of_silence_is_no_outlier_and_spoils_no_median():
    sounds = {f"track {n}": measured(pink(-20, 4, seed=n)) for n in range(3)}
    album = compare_all({**sounds, "silence": measured(silence(4))})
    assert "silence" not in [o.name for o in album.outliers]
    assert album.medians["rms"] == pytest.approx(-20.0, abs=0.1)


def test_a_dark_track_is_named_by_the_band_that_it_lacks():
    """Levels do not matter: the third track is also half as loud."""
    sounds = [pink(-20, 8, seed=n) for n in range(4)]
    sounds[2] = Audio(raised(sounds[2], 1778, 5623, -9).samples * np.float32(0.9), 48000)
    album = compare_all({f"track {n}": measured(sound) for n, sound in enumerate(sounds)})
    tones = [o for o in album.outliers if o.metric.startswith("band_")]
    assert [(o.name, o.metric) for o in tones] == [("track 2", "band_high_mid")]
    assert tones[0].difference == pytest.approx(-9.0, abs=0.3)


def test_an_album_is_plain_json_and_needs_a_sound():
    told = json.dumps(
        compare_all(tracks("integrated_loudness", -12.0, -12.0, -8.0)).to_json(), allow_nan=False
    )
    assert json.loads(told)["outliers"][0]["difference"] == 4.0
    with pytest.raises(BadInput, match="at least one"):
        compare_all({})


def test_tracks_that_differ_throughout_have_no_odd_one_but_a_spread_that_is_said():
    album = compare_all(tracks("integrated_loudness", -14.8, -17.0, -20.0, -22.5, -25.3))
    assert album.outliers == ()
    spread = album.spreads["integrated_loudness"]
    assert spread.width == pytest.approx(10.5) and spread.severity == "warning"
    assert spread.sentence == (
        "Loudness differs by 10.5 LU between tracks: loudest is track 1 (-14.8 LUFS), softest track 5 (-25.3 LUFS)."
    )


def test_a_spread_of_two_lu_is_told_as_a_number_only():
    spread = compare_all(tracks("integrated_loudness", -14.0, -16.0)).spreads["integrated_loudness"]
    assert spread.width == pytest.approx(2.0) and spread.sentence == ""
