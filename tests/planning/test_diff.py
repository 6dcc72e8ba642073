"""What changed between two plans: completely, with units, and in as few moves as there were."""

from __future__ import annotations

from bridge.effects import BY_NAME
from bridge.planning.diff import diff
from bridge.planning.plan import Bus, Plan, Region, Step


def step(id: str, effect: str, **parameters) -> Step:
    return Step(id=id, effect=effect, parameters=BY_NAME[effect](**parameters).parameters())


def sentences(a: Plan, b: Plan) -> list[str]:
    return [change.sentence() for change in diff(a, b)]


EQ = step("equalizer-1", "equalizer", bands=[{"kind": "bell", "frequency_hz": 250, "gain_db": -3, "q": 2}])
COMP = step("compressor-1", "compressor", threshold_db=-18)
WIDE = step("stereo_width-1", "stereo_width", width=1.2)
CEILING = step("limiter-1", "limiter", ceiling_dbtp=-1)


def test_a_changed_number_is_told_with_its_unit():
    other = step(
        "equalizer-1", "equalizer", bands=[{"kind": "bell", "frequency_hz": 250, "gain_db": -4.5, "q": 2}]
    )
    assert sentences(Plan(steps=(EQ,)), Plan(steps=(other,))) == [
        "equalizer-1 bands.0.gain_db: -3 dB -> -4.5 dB"
    ]
    assert diff(Plan(steps=(EQ,)), Plan(steps=(other,)))[0].unit == "dB"


def test_added_and_removed_steps_say_what_they_do():
    told = sentences(Plan(steps=(EQ,)), Plan(steps=(CEILING,)))
    assert told[0] == "equalizer-1 (equalizer) removed: -3.0 dB at 250 Hz, Q 2"
    assert told[1].startswith("limiter-1 (limiter) added: ") and "-1.0 dBTP" in told[1]


def test_one_step_that_moved_is_one_move():
    a, b = Plan(steps=(EQ, COMP, WIDE, CEILING)), Plan(steps=(WIDE, EQ, COMP, CEILING))
    assert sentences(a, b) == ["stereo_width-1 moved from place 3 to 1"]


def test_time_place_and_switches_are_compared():
    other = COMP.model_copy(
        update={"enabled": False, "where": "drums", "wet": 0.5, "region": Region(start_s=1, end_s=2)}
    )
    told = " | ".join(sentences(Plan(steps=(COMP,)), Plan(steps=(other,))))
    assert "enabled: on -> off" in told and "where: input -> drums" in told and "wet: 1 -> 0.5" in told
    assert "region" in told and "start_s 1" in told


def test_buses_are_compared_and_words_are_not():
    a = Plan(request="one", steps=(EQ,))
    assert diff(a, Plan(request="two", steps=(EQ,))) == ()
    assert sentences(a, Plan(steps=(EQ,), buses=(Bus(name="drums", stems=("kick", "snare")),))) == [
        "buses: as usual -> drums: kick, snare"
    ]
