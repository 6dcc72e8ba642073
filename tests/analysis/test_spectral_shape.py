"""Spectra laid over each other in level: what is louder is no different, what is raised stands out alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bridge.analysis.spectral_shape import Shape, align
from bridge.audio import Audio
from tests.analysis.standard_signals import measured
from tests.signals import pink, white


def shape(audio: Audio) -> Shape:
    found = Shape.of(measured(audio).curves)
    assert found is not None
    return found


def raised(audio: Audio, low_hz: float, high_hz: float, db: float) -> Audio:
    spectrum = np.fft.rfft(audio.samples)
    hz = np.fft.rfftfreq(audio.frames, 1 / audio.rate)
    spectrum[:, (hz > low_hz) & (hz < high_hz)] *= 10 ** (db / 20)
    return Audio(np.fft.irfft(spectrum, audio.frames).astype(np.float32), audio.rate)


PINK = pink(-26, 10)


@pytest.mark.parametrize("gain", [0.1, 0.5, 2.0])
def test_the_same_sound_at_another_level_has_the_same_shape(gain):
    aligned = align(shape(Audio(PINK.samples * np.float32(gain), 48000)), shape(PINK))
    assert all(abs(difference) < 0.05 for difference in aligned.difference_db)
    assert all(abs(db) < 0.05 for db in aligned.bands_db.values())


@pytest.mark.parametrize("db", [-9.0, 6.0, 12.0])
def test_a_raised_region_stands_out_by_what_it_was_raised_and_nothing_else_moves(db):
    """1778 to 5623 Hz are all third octaves that touch the high mids; the bands beside them share two of these."""
    aligned = align(shape(raised(PINK, 10**3.25, 10**3.75, db)), shape(PINK))
    assert aligned.bands_db["band_high_mid"] == pytest.approx(db, abs=0.2)
    assert all(abs(aligned.bands_db[f"band_{name}"]) < 0.2 for name in ("sub", "low", "low_mid", "air"))


def test_a_boosted_bass_does_not_push_the_rest_down():
    """12 dB at 63 to 100 Hz change the whole power of pink noise by 3 dB, and yet only the bass differs."""
    aligned = align(shape(raised(PINK, 56, 112, 12)), shape(PINK))
    assert abs(aligned.bands_db["band_mid"]) < 0.2
    assert aligned.bands_db["band_low"] > 9


def test_white_noise_rises_3_db_an_octave_over_pink():
    aligned = align(shape(white(-26, 10)), shape(PINK))
    found = dict(zip(aligned.centre_hz, aligned.difference_db, strict=True))
    for octaves in (-3, -2, -1, 1, 2, 3):
        nearest = min(found, key=lambda hz: abs(math.log2(hz / 1000) - octaves))
        exact = math.log2(nearest / 1000)
        assert found[nearest] == pytest.approx(10 * math.log10(2) * exact, abs=0.5)


def test_where_both_are_faint_nothing_is_compared():
    low = raised(PINK, 8000, 24000, -200)
    aligned = align(shape(low), shape(raised(PINK, 8000, 24000, -190)))
    found = dict(zip(aligned.centre_hz, aligned.difference_db, strict=True))
    assert found[15848.9] is None
    assert found[1000.0] == pytest.approx(0, abs=0.05)
    assert "band_air" not in aligned.bands_db


def test_what_only_one_of_them_has_is_told_as_far_as_the_floor():
    """A brick wall at 8 kHz takes the top octave down to the floor at 70 dB below the loudest band, no further."""
    aligned = align(shape(raised(PINK, 8000, 24000, -200)), shape(PINK))
    assert -75 < aligned.bands_db["band_air"] < -50


def test_a_spectrum_of_nothing_has_no_shape():
    assert Shape.of({}) is None
    empty = Shape((100.0, 1000.0), (None, None))
    assert align(empty, empty) is None
    assert align(shape(PINK), empty) is None


def test_a_low_rate_is_compared_where_both_reach():
    """8 kHz hold no highs: those bands are left out, not guessed."""
    aligned = align(shape(pink(-26, 10, rate=8000)), shape(PINK))
    assert {"band_low", "band_low_mid", "band_mid"} <= set(aligned.bands_db)
    assert "band_high" not in aligned.bands_db and "band_air" not in aligned.bands_db
