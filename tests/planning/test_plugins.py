"""Plugins from words: which effect they play, with which numbers, and what is said where they cannot."""

from __future__ import annotations

import json

import pytest

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.planning.listen import intents_from_words
from bridge.planning.planner import respond
from tests.planning.casebook import SOUNDS
from tests.planning.casebook import outcome_of as without_plugins
from tests.planning.zam import context, outcome_of, record

SONG, MONO, STEMS = SOUNDS["song"], SOUNDS["mono"], SOUNDS["stems"]


def played(outcome) -> list[tuple[str, str]]:
    """(effect or plugin, place) of every step."""
    steps = outcome.plan.steps if outcome.plan else ()
    return [
        (step.parameters["plugin"]["name"] if step.effect == "hosted_plugin" else step.effect, step.where)
        for step in steps
    ]


def names(outcome) -> list[str]:
    return [name for name, _ in played(outcome)]


def settings(outcome, name: str) -> dict:
    return next(
        step.parameters["parameters"]
        for step in outcome.plan.steps
        if step.effect == "hosted_plugin" and step.parameters["plugin"]["name"] == name
    )


PHRASES = {
    "use my ZamCompX2 for compression": ["ZamCompX2"],
    "use ZamCompX2 for the compression": ["ZamCompX2"],
    "use ZamCompX2 to compress": ["ZamCompX2"],
    "use ZamCompX2 as the compressor": ["ZamCompX2"],
    "compress gently with ZamCompX2": ["ZamCompX2"],
    "compress gently using my ZamCompX2": ["ZamCompX2"],
    "compression by ZamCompX2": ["ZamCompX2"],
    "compress it through ZamCompX2, then -16 LUFS": ["ZamCompX2", "loudness"],
    "use ZamCompX2": ["ZamCompX2"],
    "ZamCompX2, please": ["ZamCompX2"],
    "compress, ZamCompX2 instead of the built-in compressor": ["ZamCompX2"],
    "replace the compressor with ZamCompX2": ["ZamCompX2"],
    "use ZamCompX2 for gentle compression": ["ZamCompX2"],
    "EQ with ZamEQ2: cut 3 dB at 250 Hz": ["ZamEQ2"],
    "cut 3 dB at 250 Hz with ZamEQ2": ["ZamEQ2"],
    "use ZamEQ2 to cut 3 dB at 250 Hz": ["ZamEQ2"],
    "use ZamEQ2 to boost 2.5 dB at 3k, -14 LUFS": ["ZamEQ2", "loudness"],
    "use ZamEQ2 for the EQ and cut 3 dB at 250 Hz": ["ZamEQ2"],
    "cut 3 dB at 250 Hz, use ZamEQ2 for the EQ": ["ZamEQ2"],
    "warmer, but use ZamEQ2 for the EQ": ["ZamEQ2", "saturation"],
    "warmer with ZamEQ2": ["ZamEQ2", "saturation"],
    "cut 3 dB at 250 Hz and a high-pass at 80 Hz with ZamEQ2": ["ZamEQ2", "equalizer"],
    "gate it with ZamGateX2": ["ZamGateX2"],
    "use ZamGateX2 as a gate": ["ZamGateX2"],
    "ZaMaximX2 as the limiter, -14 LUFS": ["ZaMaximX2", "loudness"],
    "-14 LUFS, limit with ZaMaximX2": ["ZaMaximX2", "loudness"],
    "limit to -6 dBTP with ZaMaximX2": ["ZaMaximX2"],
    "echo with ZamDelay, 300 ms": ["ZamDelay"],
    "use ZamDelay for a delay of 120 ms": ["ZamDelay"],
    "podcast chain, but use ZamCompX2 for compression": ["equalizer", "de_esser", "ZamCompX2", "loudness"],
    "a high-pass at 80 Hz, then ZamCompX2, then -16 LUFS": ["equalizer", "ZamCompX2", "loudness"],
    "compress with ZamCompX2, EQ with ZamEQ2: cut 3 dB at 250 Hz": ["ZamEQ2", "ZamCompX2"],
    "gate with ZamGateX2, compress with ZamCompX2, -16 LUFS": ["ZamGateX2", "ZamCompX2", "loudness"],
    "use ZamPhono": ["ZamPhono"],
    "run the song through ZamCompX2": ["ZamCompX2"],
    "louder with ZaMaximX2": ["gain", "ZaMaximX2"],
    "use ZamEQ2": ["ZamEQ2"],
    "use ZaMaximX2": ["ZaMaximX2"],
}


@pytest.mark.parametrize("words", PHRASES)
def test_the_plugin_that_was_named_plays_and_nothing_is_left_unheard(words):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == PHRASES[words]
    assert outcome.unsupported == ()


@pytest.mark.parametrize(
    ("words", "plain", "theirs"),
    [
        (
            "compress gently with ZamCompX2",
            "compress gently",
            {"threshold_db", "ratio", "attack_ms", "release_ms"},
        ),
        ("compress 4:1 with ZamCompX2", "compress 4:1", {"threshold_db", "ratio", "release_ms", "attack_ms"}),
        ("gate it with ZamGateX2", "gate it", {"threshold_db", "attack_ms", "release_ms"}),
    ],
)
def test_a_plugin_gets_the_numbers_of_the_built_in_effect(words, plain, theirs):
    built_in = without_plugins(plain).plan.steps[0].parameters
    got = outcome_of(words, SONG).plan.steps[0].parameters["parameters"]
    assert {name: got[name] for name in theirs} == {name: built_in[name] for name in theirs}


def test_an_equaliser_s_band_goes_into_the_plugin_s_band():
    got = settings(outcome_of("EQ with ZamEQ2: cut 3 dB at 250 Hz", SONG), "ZamEQ2")
    assert (got["frequency_1_hz"], got["boost_cut_1_db"]) == (250, -3)
    assert got["boost_cut_2_db"] == got["boost_cut_l_db"] == got["boost_cut_h_db"] == 0


@pytest.mark.parametrize("words", ["EQ with ZamEQ2: cut 3 dB at 250 Hz", "EQ it, cut 3 dB at 250 Hz"])
def test_eq_before_a_band_names_the_tool_and_asks_for_no_corrections_of_its_own(words):
    heard = outcome_of(words, SONG).plan.intents
    assert [intent.operation for intent in heard if intent.operation != "play"] == ["band"]


@pytest.mark.parametrize(("said", "attack_ms"), [("50 ms", 50), ("0.05 s", 50), ("5", 5)])
def test_a_parameter_of_the_plugin_takes_a_number_in_its_own_unit(said, attack_ms):
    got = settings(outcome_of(f"ZamCompX2 with attack {said}", SONG), "ZamCompX2")
    assert got["attack_ms"] == attack_ms


def test_make_up_that_is_measured_is_measured_around_the_plugin_and_its_own_stays_at_0_db():
    got = outcome_of("compress 4:1 with ZamCompX2", SONG).plan.steps[0]
    assert got.parameters["keep_loudness"] and "as loud as before" in got.reason
    assert got.parameters["parameters"]["makeup_db"] == 0


@pytest.mark.parametrize("words", ["ZamCompX2 with makeup 5", "compress with ZamCompX2, 5 dB make-up"])
def test_a_make_up_that_was_said_is_set_and_not_measured(words):
    got = outcome_of(words, SONG).plan.steps[0]
    assert got.parameters["parameters"]["makeup_db"] == 5
    assert not got.parameters["keep_loudness"] and "make-up +5.0 dB" in got.reason


def test_a_number_said_to_the_plugin_is_the_one_that_its_reason_tells():
    got = outcome_of("ZamCompX2 with ratio 3", SONG).plan.steps[0]
    assert got.parameters["parameters"]["ratio"] == 3
    assert "3:1 above" in got.reason and "2:1" not in got.reason


def test_what_was_asked_for_is_told_before_what_is_always_set_so():
    """Of "compress" the threshold is what people look for; a filter at 20000 Hz is not at 2e+04."""
    got = outcome_of("compress 4:1 with ZamCompX2", SONG).plan.steps[0]
    assert HostedPlugin.model_validate(got.parameters).describe().startswith("ZamCompX2: threshold_db ")
    delay = outcome_of("ZamDelay, 300 ms", SONG).plan.steps[0]
    assert "e+" not in HostedPlugin.model_validate(delay.parameters).describe()
    assert delay.parameters["parameters"]["lpf_hz"] == 20000


def test_its_own_parameters_overrule_what_the_map_gives():
    got = settings(outcome_of("use ZamCompX2 with threshold -20, ratio 8 and slew 3", SONG), "ZamCompX2")
    assert (got["threshold_db"], got["ratio"], got["slew"]) == (-20, 8, 3)
    assert got["attack_ms"] == 10  # of the built-in's judgement


def test_bands_that_a_plugin_lacks_stay_with_the_built_in_and_that_is_said():
    outcome = outcome_of("cut 3 dB at 250 Hz and a high-pass at 80 Hz with ZamEQ2", SONG)
    hosted, built_in = outcome.plan.steps
    assert [band["kind"] for band in built_in.parameters["bands"]] == ["high_pass"]
    assert "250 Hz" in hosted.reason and "250 Hz, Q" not in built_in.reason
    assert any("ZamEQ2 has no band for high-pass at 80 Hz" in warning for warning in outcome.warnings)


def test_what_a_plugin_cannot_do_is_said():
    warnings = outcome_of("gate it with ZamGateX2", SONG).warnings
    assert any("-80 dB is held at -50 dB" in warning for warning in warnings)
    warnings = outcome_of("gate it with ZamGateX2, ratio 4:1", SONG).warnings
    assert "ZamGateX2 has nothing for ratio = 4.0." in warnings


def test_the_stereo_version_plays_on_stereo_sound_and_the_named_one_on_mono():
    stereo, mono = (outcome_of("use my ZamComp for compression", sound) for sound in (SONG, MONO))
    assert names(stereo) == ["ZamCompX2"] and names(mono) == ["ZamComp"]
    assert "ZamComp is mono; ZamCompX2 plays, so that the image stays." in stereo.warnings
    assert mono.warnings == ()


def test_a_mono_dynamics_plugin_alone_on_stereo_sound_warns_of_the_image():
    outcome = outcome_of("compress with ZamComp", SONG, records=(record("ZamComp"),))
    assert names(outcome) == ["ZamComp"]
    assert any("the image may move" in warning for warning in outcome.warnings)


def test_a_mono_equaliser_on_stereo_sound_is_nothing_to_warn_of():
    assert outcome_of("cut 3 dB at 250 Hz with ZamEQ2", SONG).warnings == ()


def test_a_limiter_plugin_limits_before_the_loudness_step_as_low_as_that_lifts():
    outcome = outcome_of("ZaMaximX2 as the limiter, -14 LUFS", SONG)  # -19.3 LUFS, so 5.3 dB up to -1 dBTP
    assert settings(outcome, "ZaMaximX2")["output_ceiling_db"] == pytest.approx(-6.3)
    assert outcome.plan.steps[-1].parameters["ceiling_dbtp"] == -1


def test_a_plugin_plays_only_where_it_was_asked_for():
    outcome = outcome_of("compress the vocals with ZamCompX2, compress the drums", STEMS)
    assert sorted(played(outcome)) == [("ZamCompX2", "vocals"), ("compressor", "drums")]


# -- over several turns -------------------------------------------------------------------------------------------


def turns(*wishes: str):
    outcome = None
    for words in wishes:
        outcome = outcome_of(words, SONG, outcome.plan if outcome else None)
    return outcome


def test_saying_later_who_plays_changes_nothing_else():
    before, after = turns("compress gently"), turns("compress gently", "use ZamCompX2 for the compression")
    assert names(after) == ["ZamCompX2"]
    assert settings(after, "ZamCompX2")["ratio"] == before.plan.steps[0].parameters["ratio"]


def test_more_of_it_stays_with_the_plugin():
    outcome = turns("compress gently with ZamCompX2", "more compression")
    assert names(outcome) == ["ZamCompX2"] and settings(outcome, "ZamCompX2")["ratio"] > 1.5
    outcome = turns("compress gently with ZamCompX2", "ratio 6:1")
    assert names(outcome) == ["ZamCompX2"] and settings(outcome, "ZamCompX2")["ratio"] == 6


@pytest.mark.parametrize(
    "words",
    [
        "don't use ZamCompX2 any more",
        "without ZamCompX2",
        "remove ZamCompX2",
        "don't use ZamCompX2 for compression",
        "stop using ZamCompX2",
        "drop ZamCompX2",
        "no ZamCompX2",
        "use the built-in compressor again",
    ],
)
def test_a_plugin_that_is_sent_away_leaves_the_wish_to_the_built_in(words):
    outcome = turns("compress gently with ZamCompX2", words)
    assert names(outcome) == ["compressor"]
    assert outcome.plan.steps[0].parameters == turns("compress gently").plan.steps[0].parameters


def test_all_plugins_can_be_sent_away_at_once_and_one_more_can_come():
    outcome = turns("compress gently with ZamCompX2, cut 3 dB at 250 Hz with ZamEQ2", "no plugins")
    assert names(outcome) == ["equalizer", "compressor"]
    assert names(turns("compress with ZamCompX2", "use ZamGateX2 too")) == ["ZamGateX2", "ZamCompX2"]


def test_sending_away_either_version_is_enough():
    assert names(turns("use my ZamComp for compression, warmer", "don't use ZamComp any more"))[-2:] == [
        "compressor",
        "saturation",
    ]
    assert "compressor" in names(turns("use my ZamComp for compression", "don't use ZamCompX2 any more"))


def test_a_wish_without_a_compressor_has_no_plugin_either():
    outcome = turns("compress with ZamCompX2, -16 LUFS", "no compression")
    assert names(outcome) == ["loudness"]


# -- laws -----------------------------------------------------------------------------------------------------------


def test_the_same_words_give_the_same_bytes():
    one, two = (outcome_of("warmer with ZamEQ2, compress with ZamComp", SONG) for _ in range(2))
    assert json.dumps(one.to_json()) == json.dumps(two.to_json())


def test_plans_without_plugins_are_what_they_were_before_any_was_installed():
    for words in ("warmer, compress gently, -14 LUFS", "cut 3 dB at 250 Hz", "use a plugin"):
        assert outcome_of(words, SONG).plan == without_plugins(words).plan


def test_long_requests_about_plugins_are_read_in_linear_time():
    import time

    def seconds(count: int) -> float:
        where = context(SONG)
        words = "compress with ZamComp " * count
        start = time.process_time()
        respond(intents_from_words(words, where), where, words)
        return time.process_time() - start

    seconds(20)
    assert seconds(1200) < 20 * max(0.02, seconds(120))
