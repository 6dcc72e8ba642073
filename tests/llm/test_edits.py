"""Conversations through a model: its edits of the plan that stands sound as the same words do offline."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bridge.analysis.reading import Analysis
from bridge.planning.context import Context
from bridge.planning.listen import intents_from_words
from bridge.planning.plan import Plan
from bridge.planning.planner import respond
from bridge.presets import load_lexicon
from tests.llm.asking import WARM, hear, number, reply, step
from tests.llm.wire import says, serving

PARTS = (("verse", 0.0, 20.0), ("chorus", 20.0, 40.0), ("verse", 40.0, 60.0), ("chorus", 60.0, 80.0))


def _sound(form: bool = False) -> Analysis:
    readings = {"integrated_loudness": -19.3, "true_peak": -6.2, "rms": -21.0, "band_low_mid": -8.0}
    plain = Analysis.from_readings(readings, rate=48000, channels=2, frames=48000 * 80)
    parts = [
        {"name": name, "start_s": start, "end_s": end, "label": name[0], "level_db": 0.0, "confidence": 0.9}
        for name, start, end in PARTS
    ]
    return Analysis(plain.readings, 48000, 2, plain.frames, {"form": parts} if form else {})


@pytest.fixture
def song() -> Context:
    return Context({"input": _sound(form=True)}, load_lexicon())


@pytest.fixture
def stems() -> Context:
    return Context({"vocals": _sound(), "drums": _sound()}, load_lexicon())


def _eq(hz: float, gain_db: float, words: str) -> dict:
    return step("band", None, kind="bell", words=words,
                parameters=[number("frequency_hz", hz), number("gain_db", gain_db)])  # fmt: skip


def _compress(words: str, **more) -> dict:
    return step("effect", "compressor", parameters=[number("ratio", 3.0)], words=words, **more)


REVERB = step("effect", "reverb", words="a bit of reverb", amount=0.5)
BOTH = ("compress 3:1, a bit of reverb", [_compress("compress 3:1"), REVERB])
CONVERSATIONS = {
    "off and on": (BOTH,
        ("bypass the reverb", [step("switch", "reverb", parameters=[number("on", 0)], words="bypass the reverb")]),
        ("turn it back on", [step("switch", "reverb", parameters=[number("on", 1)], words="turn it back on")])),
    "only": (BOTH, ("only the compressor", [step("only", None, others=["compressor"], words="only the compressor")]),
        ("even more", [step("again", None, amount=1.5, words="even more")])),
    "order": (BOTH,
        ("put the reverb before the compressor",
         [step("order", "reverb", parameters=[number("before", "compressor")], words="put the reverb before")]),
        ("without the reverb", [step("remove", "reverb", words="without the reverb")])),
    "one band": (("cut 4 dB at 300 Hz", [_eq(300.0, -4.0, "cut 4 dB at 300 Hz")]),
        ("move it to 350 Hz", [step("refine", "band", parameters=[number("at_hz", 300), number("frequency_hz", 350)],
                                    words="move it to 350 Hz")]),
        ("even more", [step("again", None, amount=1.5, words="even more")])),
    "choruses": (("3 dB louder in the chorus",
         [step("level", None, parameters=[number("gain_db", 3.0)], section="chorus", words="3 dB louder")]),
        ("a bit of reverb in the second verse", [{**REVERB, "section": "verse 2"}]),
        ("without the reverb", [step("remove", "reverb", words="without the reverb")])),
}  # fmt: skip
OF_STEMS = {
    "same": (("compress the drums 3:1", [_compress("compress the drums 3:1", where="drums")]),
        ("same on the vocals", [step("same", None, where="vocals", words="same on the vocals")]),
        ("without the compressor", [step("remove", "compressor", words="without the compressor")])),
    "move": (("a bit of reverb on the vocals", [{**REVERB, "where": "vocals"}]),
        ("move it to the drums",
         [step("same", None, where="drums", parameters=[number("move", 1)], words="move it to the drums")]),
        ("even more", [step("again", None, amount=1.5, words="even more")])),
}  # fmt: skip


def _by_the_model(turns, context: Context) -> list[Plan]:
    plans: list[Plan] = []
    answers = [says(reply(*steps)) for _, steps in turns]
    with serving(*answers) as wire:
        for words, _ in turns:
            now = replace(context, previous=plans[-1] if plans else None)
            outcome = respond(hear(wire, words, now), now, words)
            assert outcome.plan is not None, outcome
            plans.append(outcome.plan)
        assert len(wire.seen) == len(turns), "no answer had to be repaired"
    return plans


def _offline(turns, context: Context) -> list[Plan]:
    plans: list[Plan] = []
    for words, _ in turns:
        now = replace(context, previous=plans[-1] if plans else None)
        outcome = respond(intents_from_words(words, now), now, words)
        assert outcome.plan is not None, outcome
        plans.append(outcome.plan)
    return plans


def _heard(plan: Plan) -> list[tuple]:
    """What of a plan makes its sound."""
    return [(s.effect, s.where, s.parameters, s.region, s.enabled, s.wet) for s in plan.steps]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_three_turns_by_a_model_sound_as_those_without(name, song):
    turns = CONVERSATIONS[name]
    for model, offline in zip(_by_the_model(turns, song), _offline(turns, song), strict=True):
        assert _heard(model) == _heard(offline)


@pytest.mark.parametrize("name", OF_STEMS)
def test_three_turns_about_stems_by_a_model_sound_as_those_without(name, stems):
    turns = OF_STEMS[name]
    for model, offline in zip(_by_the_model(turns, stems), _offline(turns, stems), strict=True):
        assert _heard(model) == _heard(offline)


@pytest.mark.parametrize(
    ("bad", "quoted"),
    [
        (step("switch", "delay", parameters=[number("on", 0)], words="off"), "the plan has no 'delay'"),
        (step("switch", "reverb", words="off"), "the parameter on is 0 or 1"),
        (step("only", None, words="only"), "others names the effects that stay"),
        (step("order", "reverb", words="order"), "one of before and after"),
        (step("order", "reverb", parameters=[number("after", "reverb")], words="order"), "another effect"),
        (step("order", "reverb", parameters=[number("after", "the end")], words="order"), "after is one of"),
        (
            step("refine", "band", parameters=[number("at_hz", 300), number("q", 2)]),
            "no band stands at 300 Hz",
        ),
        (step("refine", "flux"), "neither band nor level nor an effect"),
        (step("same", None, words="same"), "where names the stem"),
        (step("during", None, words="then only"), "section, or start_s and end_s"),
        (step(section="guitar solo"), "section 'guitar solo' is none of"),
        (step(start_s=9.0, end_s=3.0), "start_s must lie before end_s"),
    ],
)
def test_an_edit_of_what_is_not_there_gets_a_repair_turn_that_says_so(bad, quoted, song):
    [before] = _by_the_model([BOTH], song)
    with serving(says(reply(bad)), says(WARM)) as wire:
        hear(wire, "a bit warmer", replace(song, previous=before))
        assert len(wire.seen) == 2 and quoted in wire.seen[1].body["messages"][-1]["content"]


def test_a_band_that_is_taken_away_is_gone(song):
    [before] = _by_the_model([("cut 4 dB at 300 Hz", [_eq(300.0, -4.0, "cut 4 dB at 300 Hz"), REVERB])], song)
    words = "remove the cut at 300"
    edit = step("refine", "band", parameters=[number("at_hz", 305), number("remove", 1)], words=words)
    now = replace(song, previous=before)
    with serving(says(reply(edit))) as wire:
        assert [s.effect for s in respond(hear(wire, words, now), now, words).plan.steps] == ["reverb"]


def test_an_edit_without_a_plan_before_is_none(song):
    with serving(says(reply(step("switch", "reverb"))), says(WARM)) as wire:
        hear(wire, "bypass the reverb", song)
        assert "there is none" in wire.seen[1].body["messages"][-1]["content"]


def test_a_wish_for_some_seconds_of_the_last_wishes_moves_them_there(song):
    [before] = _by_the_model([BOTH], song)
    edit = step("during", None, others=["reverb"], section="chorus", words="the reverb only in the chorus")
    now = replace(song, previous=before)
    with serving(says(reply(edit))) as wire:
        plan = respond(
            hear(wire, "the reverb only in the chorus", now), now, "the reverb only in the chorus"
        ).plan
    regions = [(s.effect, s.region and (s.region.start_s, s.region.end_s)) for s in plan.steps]
    assert [each for each in regions if each[0] == "reverb"] == [
        ("reverb", (20.0, 40.0)),
        ("reverb", (60.0, 80.0)),
    ]
    assert ("compressor", None) in regions


def test_a_part_that_the_sound_does_not_tell_is_asked_about_with_times_as_offline(song):
    said = step(
        "level", None, parameters=[number("gain_db", 3.0)], section="bridge", words="the bridge 3 dB louder"
    )
    with serving(says(reply(said))) as wire:
        outcome = respond(hear(wire, "the bridge 3 dB louder", song), song, "the bridge 3 dB louder")
    assert outcome.kind == "clarify" and outcome.plan is None
    assert {choice.words for choice in outcome.choices} >= {"from 0:20 to 0:40", "from 0:00 to 0:20"}


@pytest.mark.parametrize(("lufs", "done"), [(-7.0, True), (-20.0, False)])
def test_a_condition_is_looked_up_in_the_measurement_and_not_believed(lufs, done, song):
    sound = Analysis.from_readings({"integrated_loudness": lufs, "true_peak": -1.0}, 48000, 2, 480000)
    context = replace(song, analyses={"input": sound})
    wish = step(
        "level",
        None,
        parameters=[number("gain_db", -3.0)],
        words="3 dB quieter",
        condition="if it is too loud",
    )
    words = "3 dB quieter if it is too loud"
    with serving(says(reply(wish))) as wire:
        outcome = respond(hear(wire, words, context), context, words)
    offline = respond(intents_from_words(words, context), context, words)
    assert (outcome.kind, outcome.plan is not None) == (offline.kind, done)
    if done:
        assert _heard(outcome.plan) == _heard(offline.plan)
    assert any(f"{abs(lufs):g}" in text for text in (*outcome.warnings, outcome.answer or ""))


def test_the_prompt_tells_the_plan_before_with_what_is_off_and_when(song):
    *_, before = _by_the_model(CONVERSATIONS["off and on"][:2], song)
    in_chorus = replace(song, previous=before)
    with serving(says(reply({**_eq(300.0, -3.0, "cut"), "section": "chorus 1"})), says(WARM)) as wire:
        plan = respond(hear(wire, "in the first chorus cut 3 dB at 300 Hz", in_chorus), in_chorus, "cut").plan
        hear(wire, "a bit warmer", replace(song, previous=plan))
        task, told = (wire.seen[1].body["messages"][at]["content"] for at in (0, -1))
    steps = {item["effect"]: item for item in json.loads(told)["previous_plan"]["steps"]}
    assert steps["reverb"]["enabled"] is False and "enabled" not in steps["compressor"]
    assert (steps["equalizer"]["from_s"], steps["equalizer"]["to_s"]) == (20.0, 40.0)
    assert [item["id"] for item in steps.values()] == [s.id for s in plan.steps]
    assert "chorus 20.0 to 40.0 s" in json.loads(told)["song_parts"]
    assert "switch (subject" in task
