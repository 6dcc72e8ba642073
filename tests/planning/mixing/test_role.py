"""What a stem plays, by names as people write them and by sound."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.planning.mixing.role import role_of
from bridge.presets.roles import load_roles
from tests import signals

ROLES = load_roles()
NAMES = tomllib.loads((Path(__file__).parent / "track_names.toml").read_text("utf-8"))


def right(names):
    """Share of names whose role is told."""
    asked = [(name, role) for role, each in names.items() for name in each]
    return float(np.mean([role_of(name, None, ROLES).role.name == role for name, role in asked]))


def test_names_in_many_languages_say_the_role():
    assert sum(len(each) for names in NAMES.values() for each in names.values()) > 400
    assert right(NAMES["known"]) >= 0.98


def test_names_that_the_words_were_not_made_for_say_the_role_nine_times_in_ten():
    assert right(NAMES["fresh"]) >= 0.9


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Drum OH", "overheads"), ("Drum Room", "room"), ("Perc Loop", "percussion"), ("Drum Loop", "drums"),
        ("Background Vocals", "backing_vocal"), ("Backing Track", "other"), ("Leadgitarre", "guitar"),
        ("Brassica", "other"), ("Flöte", "brass"), ("FLO\u0308TE 1", "brass"), ("ベース DI", "bass"),
        ("12 String", "guitar"), ("", "other"), ("٣", "other"), ("🎸", "other"),
    ],
)  # fmt: skip
def test_the_more_particular_word_wins_accents_and_case_do_not_count(name, role):
    assert role_of(name, None, ROLES).role.name == role


def struck(low_hz, seconds=4.0, rate=48000):
    """Short strokes twice a second: a falling tone where low_hz is given, else noise above 7 kHz."""
    import scipy.signal

    t = np.arange(round(0.12 * rate)) / rate
    noise = np.random.default_rng(1).standard_normal(t.size) * np.exp(-60 * t)
    if low_hz:
        stroke = np.sin(2 * np.pi * low_hz * t) * np.exp(-30 * t)
    else:
        stroke = scipy.signal.sosfilt(scipy.signal.butter(4, 7000, "high", fs=rate, output="sos"), noise)
    out = np.zeros((1, round(seconds * rate)), np.float32)
    for at in range(0, out.shape[1] - t.size, rate // 2):
        out[0, at : at + t.size] = 0.5 * stroke
    return out


@pytest.mark.parametrize(("low_hz", "role"), [(60.0, "kick"), (None, "hat")])
def test_strokes_at_one_end_of_the_spectrum_are_a_kick_or_hats(low_hz, role):
    from bridge.audio import Audio

    found = role_of("Audio 1", analyze(Audio(struck(low_hz), 48000), without=("tempo", "key")), ROLES)
    assert (found.role.name, found.by) == (role, "sound")


def test_a_name_is_believed_whatever_it_sounds_like():
    bass = analyze(signals.sine(60, -12, 3.0), without=("tempo", "key"))
    assert role_of("flute", bass, ROLES).role.name == "brass"
