"""Words for stems together, from the sentence to the steps at each stem."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bridge.analysis import analyze, analyze_sound
from bridge.analysis.together import analyze_together
from bridge.audio import Audio
from bridge.planning.context import Context
from bridge.planning.listen import intents_from_words
from bridge.planning.planner import respond
from bridge.presets import load_lexicon
from bridge.presets.roles import load_roles
from bridge.rendering.mixdown import Mixdown
from tests import signals
from tests.planning.mixing.test_mixing import band_noise


@cache
def sounds():
    snare = band_noise(150, 8000, -34, 5)
    room = np.zeros_like(snare.samples)
    room[:, 96:] = -0.5 * snare.samples[:, :-96]
    return {
        "lead_vox": band_noise(250, 4000, -22, 1),
        "gtr": band_noise(200, 5000, -18, 2),
        "snare": snare,
        "room": Audio(room, snare.rate),
    }


@cache
def heard():
    return analyze_together(sounds())


class Ensemble:
    """Stems that are no files: heard side by side, summed with gains, and like no reference."""

    def together(self):
        return heard()

    def bus(self, stems):
        raise AssertionError("nobody asked for a bus")

    def mixed(self, gains_db):
        return analyze_sound(Mixdown(sounds(), gains_db=gains_db), without=("tempo", "key"))

    def likeness(self):
        return None


@cache
def context():
    analyses = {name: analyze(each, without=("tempo", "key")) for name, each in sounds().items()}
    return Context(analyses, load_lexicon("en"), roles=load_roles(), ensemble=Ensemble())


def plan_in(words, given):
    return respond(intents_from_words(words, given), given, words)


def steps(words):
    outcome = plan_in(words, context())
    assert outcome.plan is not None, outcome
    assert not outcome.unsupported, outcome.unsupported
    return outcome.plan.steps


@pytest.mark.parametrize(
    "words", ["balance the stems", "give me a rough mix", "mix the stems", "balance the levels of the tracks"]
)
def test_a_balance_moves_stems_by_their_roles_and_says_why(words):
    made = {step.where: step for step in steps(words) if step.effect == "gain"}
    assert made["lead_vox"].parameters["gain_db"] > 0 > made["gtr"].parameters["gain_db"]
    assert "taken for lead vocal, by its name" in made["lead_vox"].reason


@pytest.mark.parametrize(
    "words",
    [
        "make room for the lead vox in the gtr",
        "carve space for the lead vox in the gtr",
        "unmask the lead vox in the gtr",
    ],
)
def test_room_for_one_stem_is_made_in_the_ones_that_are_named(words):
    (step,) = steps(words)
    assert (step.effect, step.where) == ("equalizer", "gtr")
    assert all(-4.0 <= band["gain_db"] < 0 for band in step.parameters["bands"])
    assert (
        step.evidence[0].metric == "masking:lead_vox" and step.evidence[0].threshold < step.evidence[0].value
    )


def test_without_a_name_the_voice_gets_the_room():
    assert {step.evidence[0].metric for step in steps("unmask")} == {"masking:lead_vox"}


def test_room_is_made_at_the_levels_that_a_balance_before_gives():
    alone = steps("unmask the lead vox")[0].evidence[0].value
    both = next(
        step for step in steps("balance the stems, unmask the lead vox") if step.effect == "equalizer"
    )
    assert both.evidence[0].value < alone - 0.1  # the balance lifts the voice over the guitar by itself


def test_a_balance_lowers_all_stems_instead_of_limiting_one():
    loud = {
        name: Audio(each.samples * np.float32(10 ** (9 / 20)), each.rate) for name, each in sounds().items()
    }
    analyses = {name: analyze(each, without=("tempo", "key")) for name, each in loud.items()}

    class Loud(Ensemble):
        def mixed(self, gains_db):
            return analyze_sound(Mixdown(loud, gains_db=gains_db), without=("tempo", "key"))

    given = Context(analyses, load_lexicon("en"), roles=load_roles(), ensemble=Loud())
    outcome = plan_in("balance the stems", given)
    made = outcome.plan.steps
    assert {step.effect for step in made} == {"gain"}
    gains = {step.where: step.parameters["gain_db"] for step in made}
    assert all(analyses[name].number("true_peak") + gain <= -0.9 for name, gain in gains.items() if gain > 0)
    usual = {step.where: step.parameters["gain_db"] for step in steps("balance the stems")}
    lowered = [gains.get(name, 0.0) - usual[name] for name in usual]
    assert np.ptp(lowered) == pytest.approx(0.0, abs=0.15)
    assert "headroom" in " ".join(outcome.warnings) or "together" in " ".join(outcome.warnings)


@pytest.mark.parametrize(
    "words", ["balance the stems, gtr 2 dB louder", "gtr 2 dB louder, balance the stems"]
)
def test_a_said_level_rules_over_the_balance_beside_it(words):
    """The balance alone turns the guitar down under the voice."""
    alone = {step.where: step.parameters["gain_db"] for step in steps("balance the stems")}
    assert alone["gtr"] < -1.0 < 1.0 < alone["lead_vox"]
    outcome = plan_in(words, context())
    made = {step.where: step.parameters["gain_db"] for step in outcome.plan.steps}
    assert made["gtr"] == pytest.approx(2.0, abs=0.05)
    others = {name: made.get(name, 0.0) - alone.get(name, 0.0) for name in ("lead_vox", "snare", "room")}
    assert np.ptp(list(others.values())) < 0.7  # less than 0.5 dB is not moved
    assert any("gtr would go -" in text and "comes first" in text for text in outcome.warnings)


def test_a_said_level_that_goes_the_balance_s_way_comes_on_top_of_it():
    alone = {step.where: step.parameters["gain_db"] for step in steps("balance the stems")}
    both = {
        step.where: step.parameters["gain_db"] for step in steps("balance the stems, lead vox 2 dB louder")
    }
    assert both["lead_vox"] - both["gtr"] == pytest.approx(alone["lead_vox"] - alone["gtr"] + 2.0, abs=0.11)


def test_microphones_of_one_source_are_put_in_time_and_polarity():
    made = {step.effect: step for step in steps("align the room to the snare")}
    assert {step.where for step in made.values()} == {"room"}
    assert made["align"].parameters["shift_ms"] == pytest.approx(-2.0, abs=0.005)
    assert made["channels"].parameters["invert"] is True


def test_without_names_what_comes_first_waits_for_what_comes_last():
    made = {step.effect: step for step in steps("align the microphones")}
    assert made["align"].where == "snare" and made["align"].parameters["shift_ms"] == pytest.approx(
        2.0, abs=0.005
    )


@pytest.mark.parametrize("verb", ["nudge", "move", "shift"])
@pytest.mark.parametrize(("way", "shift_ms"), [("2 ms later", 2.0), ("1.5 ms earlier", -1.5)])
def test_a_time_that_is_said_is_taken_as_it_is(verb, way, shift_ms):
    (step,) = steps(f"{verb} the room {way}")
    assert (step.effect, step.where, step.parameters["shift_ms"]) == ("align", "room", shift_ms)


def test_a_room_is_a_reverb_also_beside_a_stem_of_that_name():
    (step,) = steps("put the lead vox in a big room")
    assert (step.effect, step.where) == ("reverb", "lead_vox")


def test_stems_that_have_nothing_in_common_are_left_alone():
    outcome = plan_in("align the gtr to the lead vox", context())
    assert outcome.kind == "no_op" and "no two of these stems" in outcome.answer


@pytest.mark.parametrize("words", ["balance the stems", "unmask the vocal", "align the mics"])
def test_one_sound_alone_has_no_stems_to_mix(words):
    alone = Context({"input": analyze(signals.music_like(3.0), without=("tempo", "key"))}, load_lexicon("en"))
    outcome = plan_in(words, alone)
    assert outcome.kind == "unsupported" and "several stems" in " ".join(outcome.unsupported)
