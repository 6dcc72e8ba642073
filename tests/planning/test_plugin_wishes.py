"""Wishes about plugins and compressors as people say them: what is done is what was said, and what is not is told."""

from __future__ import annotations

import pytest

from bridge.effects import BY_NAME
from bridge.planning.clamp import clamp
from bridge.rendering.missing import told
from tests.planning.casebook import SOUNDS
from tests.planning.test_plugins import names, settings
from tests.planning.zam import outcome_of

SONG, MONO = SOUNDS["song"], SOUNDS["mono"]
BEAT = SOUNDS["beat"]
"""At 100 BPM."""


def turns(*wishes: str, sound=SONG):
    outcome = None
    for words in wishes:
        outcome = outcome_of(words, sound, outcome.plan if outcome else None)
    return outcome


def only(outcome, effect: str) -> dict:
    (step,) = (step for step in outcome.plan.steps if step.effect == effect)
    return step.parameters


# -- which part of the sound ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["use ZamCompX2 on the mids only", "compress the mids with ZamCompX2", "ZamCompX2 on the mid only"],
)
def test_the_mids_of_a_stereo_sound_are_compressed_and_not_boosted(words):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == ["ZamCompX2"]
    assert outcome.plan.steps[0].part == "mid"


def test_mids_that_may_be_the_middle_frequencies_are_told():
    assert any(
        "was read as the mid of the stereo sound" in text
        for text in outcome_of("compress the mids", SONG).warnings
    )
    assert not outcome_of("compress the mid", SONG).warnings


@pytest.mark.parametrize(
    "words",
    ["use ZamCompX2 on the highs", "compress the bass", "compress the highs only", "saturate the highs"],
)
def test_an_area_beside_a_processor_asks_for_no_boost_and_what_is_not_done_is_told(words):
    outcome = outcome_of(words, SONG)
    assert "equalizer" not in names(outcome)
    assert any("works on all of the sound, not on the" in warning for warning in outcome.warnings)


@pytest.mark.parametrize(
    ("words", "effect"), [("fade out the bass", "fade"), ("slow down the highs", "time_stretch")]
)
def test_an_area_beside_a_wish_about_time_asks_for_no_boost(words, effect):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == [effect]
    assert any("done to all of the sound" in warning for warning in outcome.warnings)


def test_mids_of_a_mono_sound_are_no_part_of_a_pair():
    outcome = outcome_of("compress the mids", MONO)
    assert names(outcome) == ["compressor"] and outcome.plan.steps[0].part == "all"
    assert any("not on the mids alone" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("words", ["compress it and more bass", "compress and boost the mids by 2 dB"])
def test_a_band_that_is_asked_for_beside_a_compressor_is_still_a_band(words):
    assert names(outcome_of(words, SONG)) == ["equalizer", "compressor"]


# -- how much of it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "parallel compression, 30% mix",
        "parallel compression 30%",
        "30% parallel compression",
        "parallel compression with 30% mix",
    ],
)
def test_a_number_says_more_than_the_word_parallel(words):
    outcome = outcome_of(words, SONG)
    assert only(outcome, "compressor")["mix"] == 0.3 and outcome.unsupported == ()


def test_parallel_compression_without_a_number_is_half_of_it():
    assert only(outcome_of("parallel compression", SONG), "compressor")["mix"] == 0.5


def test_the_mix_of_parallel_compression_holds_for_a_plugin_too():
    outcome = outcome_of("parallel compression with ZamCompX2, 30% mix", SONG)
    assert outcome.plan.steps[0].wet == pytest.approx(0.3) and outcome.unsupported == ()


def reductions_db(*wishes: str) -> list[float]:
    """After each turn, what the compressor takes of a steady tone at -10 dBFS by its static curve, in dB."""
    taken, outcome = [], None
    for words in wishes:
        outcome = outcome_of(words, SONG, outcome.plan if outcome else None)
        made = BY_NAME["compressor"].model_validate(only(outcome, "compressor"))
        taken.append((-10 - made.threshold_db) * (1 - 1 / made.ratio))
    return taken


@pytest.mark.parametrize(
    "first", ["compress 4:1 at -24 dB", "compress 4:1", "compress gently", "compress 3 dB"]
)
def test_more_compression_takes_more_and_even_more_takes_more_again(first):
    one, two, three, four = reductions_db(first, "more compression", "even more", "more compression")
    assert one + 0.5 < two and two + 0.5 < three and three + 0.5 < four


def test_less_compression_takes_less_and_then_more_gives_it_back():
    one, two, three = reductions_db("compress 4:1 at -24 dB", "less compression", "a lot more compression")
    assert two < one - 0.5 and three > two


def test_the_ratio_that_was_said_stays_when_more_compression_is_wanted():
    outcome = turns("compress 4:1 at -24 dB", "more compression", "even more")
    assert only(outcome, "compressor")["ratio"] == 4
    assert "threshold 6.0 dB lower than -24 dBFS" in outcome.plan.steps[0].reason


def test_more_compression_moves_the_threshold_of_a_plugin_too():
    first, then = (
        turns("compress 4:1 at -24 dB with ZamCompX2"),
        turns("compress 4:1 at -24 dB with ZamCompX2", "more compression"),
    )
    assert settings(then, "ZamCompX2")["threshold_db"] == settings(first, "ZamCompX2")["threshold_db"] - 3


def test_more_compression_after_a_plugin_alone_takes_more_each_time():
    wishes = ("use ZamCompX2", "more compression", "more compression", "more compression")
    made = [settings(turns(*wishes[:count]), "ZamCompX2") for count in range(1, 5)]
    taken = [(-5 - each["threshold_db"]) * (1 - 1 / each["ratio"]) for each in made]
    assert taken == sorted(taken) and len(set(taken)) == 4


def test_more_compression_ends_at_the_lowest_threshold_and_a_turn_without_effect_says_so():
    wishes = ["compress 4:1 at -50 dB"] + ["more compression"] * 4
    assert only(turns(*wishes), "compressor")["threshold_db"] == -60
    outcome = turns(*wishes, "more compression")
    assert outcome.kind == "no_op" and "nothing changes" in outcome.answer


@pytest.mark.parametrize("who", ["", " with ZamCompX2"])
def test_a_measured_make_up_that_may_lift_peaks_over_full_scale_gets_a_limiter(who):
    """10:1 at -50 dBFS takes most of the mean level; an onset that is over before the attack gets all of it back."""
    assert names(outcome_of(f"compress 10:1 at -50 dB, attack 50 ms{who}", SONG))[-1] == "limiter"
    assert "limiter" not in names(outcome_of(f"compress gently{who}", SONG))


def test_a_make_up_that_was_said_is_set():
    made = only(outcome_of("compress with 3 dB make-up", SONG), "compressor")
    assert (made["makeup_db"], made["auto_makeup"]) == (3, False)


# -- which plugin -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "ZamCompX2 then ZamCompX2 with ratio 2",
        "use ZamCompX2 twice",
        "ZamCompX2 -> ZamCompX2",
        "use ZamCompX2 and ZamCompX2",
    ],
)
def test_a_plugin_that_shall_play_twice_and_plays_once_is_told(words):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == ["ZamCompX2"]
    assert any("ZamCompX2 plays once" in warning for warning in outcome.warnings)


def test_a_plugin_that_is_named_again_to_set_it_is_nothing_to_warn_of():
    assert outcome_of("compress with ZamCompX2, ZamCompX2 with ratio 3", SONG).warnings == ()


def test_a_graphic_equalizer_without_a_map_that_plays_flat_is_told():
    outcome = outcome_of("use ZamGEQ31 with 1 kHz down 3 dB", SONG)
    assert names(outcome) == ["equalizer", "ZamGEQ31"]
    assert any(
        "ZamGEQ31 plays as it stands" in text and "built-in equalizer" in text for text in outcome.warnings
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("use the zam equalizer", "ZamEQ2"),
        ("I'd like some ZamTube on this", "ZamTube"),
        ("I would like ZamCompX2 on it", "ZamCompX2"),
    ],
)
def test_a_plugin_that_is_asked_for_in_passing_plays(words, name):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == [name] and outcome.unsupported == ()


def test_a_sound_like_a_plugin_is_no_wish_for_the_plugin():
    assert "ZamTube" not in names(outcome_of("warm like ZamTube", SONG))


@pytest.mark.parametrize(
    ("words", "effect"),
    [
        ("use FabFilter Pro-DS", "de_esser"),
        ("use Waves SSL G-Master Buss Compressor", "compressor"),
        ("use FabFilter Pro-MB", "multiband_compressor"),
        ("use Ozone 11 Maximizer", "loudness"),
    ],
)
def test_a_product_that_is_missing_gives_way_to_the_effect_that_does_the_same(words, effect):
    outcome = outcome_of(words, SONG)
    assert names(outcome) == [effect] and outcome.unsupported == ()


def test_a_compressor_is_not_said_to_play_what_a_de_esser_does():
    (warning,) = outcome_of("use FabFilter Pro-DS", SONG).warnings
    assert "ZamComp" not in warning and warning.endswith("the built-in de-esser plays.")


def test_which_compressors_there_are_is_answered_with_plugins():
    outcome = outcome_of("which compressors do I have?", SONG)
    assert outcome.kind == "answer"
    assert "ZamComp, ZamCompX2" in outcome.answer and "LUFS" not in outcome.answer


def test_which_de_essers_there_are_is_answered_though_no_plugin_is_one():
    assert outcome_of("what de-essers do I have?", SONG).answer == "De-esser: the built-in one."


def test_de_essing_the_highs_is_nothing_to_warn_of():
    outcome = outcome_of("de-ess the highs", SONG)
    assert names(outcome) == ["de_esser"] and outcome.warnings == ()


def test_a_request_that_refuses_is_not_told_that_the_built_in_plays():
    outcome = outcome_of("use FabFilter Pro-C 2", SONG)
    (refused,) = told(outcome, "refuse")
    assert "plays" not in refused and "nothing is rendered" in refused
    assert told(outcome, "substitute") == outcome.warnings


# -- numbers that nobody said -----------------------------------------------------------------------------------------


def test_a_number_that_the_user_said_and_that_is_held_is_told():
    assert any("is held at" in text for text in outcome_of("cut 40 dB at 250 Hz", SONG).warnings)


def test_a_judgement_that_is_held_within_its_span_is_kept_and_not_told():
    """Nobody has said that number."""
    bands = {"bands": [{"kind": "bell", "frequency_hz": 500, "gain_db": -40}]}
    judged, said = clamp("equalizer", bands), clamp("equalizer", bands, said=("bands.0.gain_db",))
    assert judged.held and not judged.warnings
    assert said.held and said.warnings


# -- rooms and tempo --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "low_s", "high_s"),
    [
        ("a room reverb", 0.65, 1.2),
        ("add a chamber", 1.0, 2.0),
        ("a plate reverb", 1.2, 2.5),
        ("a hall reverb", 1.8, 3.0),
        ("a cathedral reverb", 4.0, 10.0),
    ],
)
def test_a_room_that_is_named_lasts_as_such_rooms_do_whatever_the_tempo(words, low_s, high_s):
    """Concert halls that are loved last for about 2 s, cathedrals for 4 s and more, damped plates for 1.5 to 2.5 s."""
    assert all(
        low_s <= only(outcome_of(words, sound), "reverb")["decay_s"] <= high_s for sound in (SONG, BEAT)
    )


def test_a_decay_that_was_said_wins_over_the_room():
    assert only(outcome_of("a hall reverb of 1.2 s", SONG), "reverb")["decay_s"] == 1.2


@pytest.mark.parametrize("words", ["remove the room", "less hall reverb", "no plate"])
def test_a_room_that_is_not_wanted_is_none(words):
    assert "reverb" not in names(outcome_of(words, SONG))


def test_a_tempo_that_is_half_of_the_measured_one_is_told_in_numbers_with_the_way_on():
    outcome = outcome_of("bring it to 50 bpm", BEAT)
    assert outcome.kind == "no_op"
    assert "it measures 100 BPM" in outcome.answer and '"half speed"' in outcome.answer
    assert only(outcome_of("half speed", BEAT), "time_stretch")["speed"] == 0.5
    assert "it measures 100 BPM already" in outcome_of("100 bpm", BEAT).answer
