"""Roles, balance and unmasking, as calculations on measured stems."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.analysis import analyze
from bridge.analysis.reading import Analysis
from bridge.analysis.together import analyze_together
from bridge.analysis.together.stems import measured
from bridge.audio import Audio
from bridge.planning.mixing.balance import MOST_DB, balance
from bridge.planning.mixing.bells import MOST_CUT_DB
from bridge.planning.mixing.groups import groups_of
from bridge.planning.mixing.role import role_of
from bridge.planning.mixing.unmask import MOST_CUTS, MOST_LOSS_LU, unmask
from bridge.planning.plan import Plan, Step
from bridge.presets.roles import load_roles
from bridge.rendering.render import render
from tests import signals

ROLES = load_roles()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("LeadVox_03", "lead_vocal"), ("Lead Vocal Dbl", "lead_vocal"), ("vox bgv", "backing_vocal"),
        ("01 Kick In", "kick"), ("Bass Drum", "kick"), ("snare-top", "snare"), ("hh", "hat"), ("OH L", "overheads"),
        ("DrumBus", "drums"), ("BassDI", "bass"), ("808", "bass"), ("SynthBass", "bass"), ("gtr2", "guitar"),
        ("E Gtr Solo", "guitar"), ("Piano", "keys"), ("Strings Low", "strings"), ("synth pad", "pad"),
        ("Gesang", "lead_vocal"), ("Batterie", "drums"), ("Audio 7", "other"), ("Brassica", "other"),
    ],
)  # fmt: skip
def test_what_a_stem_is_called_says_its_role(name, role):
    assert role_of(name, None, ROLES).role.name == role


def test_where_the_name_says_nothing_a_clear_sound_does():
    bass = analyze(signals.sine(60, -12, 3.0), without=("tempo", "key"))
    assert (role_of("Audio 1", bass, ROLES).role.name, role_of("Audio 1", bass, ROLES).by) == (
        "bass",
        "sound",
    )
    noise = analyze(signals.pink(-20, 3.0), without=("tempo", "key"))
    assert role_of("Audio 2", noise, ROLES).by == "nothing"


def test_words_of_roles_are_lower_case_and_belong_to_one_role_each():
    words = [word for role in ROLES.values() for word in role.words]
    assert len(words) == len(set(words)) and all(word == word.lower() for word in words)


def groups(*names):
    return groups_of({name: role_of(name, None, ROLES) for name in names})


def test_stems_that_people_call_by_one_name_are_a_group():
    found = groups("kick", "snare", "hh", "gtr1", "gtr2", "LeadVox", "bgv L", "bgv R", "bass")
    assert found["drums"] == ("kick", "snare", "hh")
    assert found["vocals"] == ("LeadVox", "bgv L", "bgv R")
    assert found["guitars"] == ("gtr1", "gtr2") and found["backing vocals"] == ("bgv L", "bgv R")
    assert "basss" not in found and "bass" not in found


def test_a_stem_keeps_its_own_name_to_itself():
    assert "drums" not in groups("drums", "kick", "vocal")


def test_nothing_is_grouped_where_nothing_is_known():
    assert not groups("Audio 1", "Audio 2")


def levels(**lufs):
    return {
        name: Analysis.from_readings({} if value is None else {"integrated_loudness": value})
        for name, value in lufs.items()
    }


def moves(stems):
    return balance(stems, {name: role_of(name, None, ROLES) for name in stems})


def test_planted_gains_on_a_balanced_mix_are_taken_back():
    names = ["vocal", "kick", "bass", "gtr", "keys"]
    fits = {name: -16.0 - role_of(name, None, ROLES).role.under_lu for name in names}
    planted = dict(zip(names, [5.0, -5.0, 4.0, -3.0, 0.0], strict=True))
    found = moves(levels(**{name: fits[name] + planted[name] for name in names}))
    left = [found[name].gain_db + planted[name] for name in names]
    assert np.ptp(left) == pytest.approx(
        0.0, abs=0.15
    )  # one common gain, by which the mix stays as loud as it was
    power = sum(10 ** ((fits[name] + planted[name]) / 10) for name in names)
    after = sum(10 ** ((fits[name] + planted[name] + found[name].gain_db) / 10) for name in names)
    assert 10 * np.log10(after / power) == pytest.approx(0.0, abs=0.15)


def test_two_of_one_role_share_its_place():
    one, two = moves(levels(vocal=-20.0, gtr=-20.0)), moves(levels(vocal=-20.0, gtr1=-20.0, gtr2=-20.0))
    apart = one["gtr"].gain_db - one["vocal"].gain_db
    assert two["gtr1"].gain_db - two["vocal"].gain_db == pytest.approx(apart - 3.0, abs=0.15)


def test_a_silent_stem_is_left_alone_and_no_move_is_larger_than_a_balance():
    found = moves(levels(vocal=-60.0, drums=-12.0, pad=None))
    assert "pad" not in found
    assert found["vocal"].held or found["drums"].held
    assert found["vocal"].balance_db == MOST_DB and found["drums"].balance_db == -MOST_DB


def test_no_stem_is_held_where_all_moves_fit_into_the_span():
    names = ["vocal", "kick", "bass", "gtr", "keys"]
    fits = {name: -16.0 - role_of(name, None, ROLES).role.under_lu for name in names}
    planted = dict(zip(names, [10.0, 10.0, 10.0, -10.0, -9.0], strict=True))
    found = moves(levels(**{name: fits[name] + planted[name] for name in names}))
    assert not any(move.held for move in found.values())
    left = [found[name].gain_db + planted[name] for name in names]
    assert np.ptp(left) == pytest.approx(0.0, abs=0.15)


def band_noise(low_hz, high_hz, level_db, seed, seconds=12.0, rate=48000):
    import scipy.signal

    noise = np.random.default_rng(seed).standard_normal((2, round(seconds * rate)))
    shaped = scipy.signal.sosfilt(
        scipy.signal.butter(2, [low_hz, high_hz], "band", fs=rate, output="sos"), noise
    )
    shaped *= 10 ** (level_db / 20) / np.sqrt(np.mean(shaped**2))
    return Audio(shaped.astype(np.float32), rate)


def test_cuts_for_a_hidden_stem_do_on_the_sound_what_was_foreseen_and_stay_gentle():
    vocal = band_noise(300, 3000, -24, 1)
    sounds = {"vocal": vocal, "gtr": band_noise(150, 6000, -20, 2), "keys": band_noise(200, 4000, -24, 3)}
    stream, stems = measured(sounds, {})
    powers = {stem.name: stem.bark for stem in stems}
    found = unmask(powers.pop("vocal"), powers, stream.frame / stream.rate, stream.rate)
    assert found.cuts and found.after < found.before
    after = dict(sounds)
    for name, bands in found.cuts.items():
        assert len(bands) <= MOST_CUTS and all(-MOST_CUT_DB <= band.gain_db < 0 for band in bands)
        step = Step(id="e", effect="equalizer", parameters={"bands": [band.model_dump() for band in bands]})
        after[name] = render(sounds[name], Plan(steps=(step,))).audio
        lost = analyze(sounds[name]).number("integrated_loudness") - analyze(after[name]).number(
            "integrated_loudness"
        )
        assert lost <= MOST_LOSS_LU + 0.1 and lost == pytest.approx(found.loss_lu[name], abs=0.1)
    lost = {m.masked: m.lost for m in analyze_together(after).against_others}
    assert lost["vocal"] == pytest.approx(found.after, abs=0.03)


def test_a_stem_that_nothing_hides_gets_no_room():
    high, low = band_noise(4000, 8000, -20, 1), band_noise(60, 200, -20, 2)
    stream, stems = measured({"high": high, "low": low}, {})
    found = unmask(stems[0].bark, {"low": stems[1].bark}, stream.frame / stream.rate, stream.rate)
    assert not found.cuts and found.before < 0.05
