"""A plan by MIDI: every parameter with a control is sent, every other is named, and nothing is ever called applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mido
import pytest

from bridge.daws.midi.maps import files, map_called
from bridge.daws.midi.sending import UNCONFIRMED, Sending, sending
from bridge.errors import BadInput
from bridge.midi.mapping import MidiMap, map_of
from bridge.planning.plan import Plan, Step

NOWHERE = Path("/nonexistent")
COMPRESSOR = {"threshold_db": -18.0, "ratio": 4.0, "attack_ms": 10.0}


def a_plan(*steps: dict[str, Any]) -> Plan:
    made = [
        Step(id=f"s{n}", **{"effect": "compressor", "parameters": COMPRESSOR, **step})
        for n, step in enumerate(steps)
    ]
    return Plan(steps=tuple(made))


def by_name(made: Sending) -> dict[str, tuple[int, str]]:
    return {one.parameter: (one.position, one.meant) for one in made.sent}


@pytest.fixture
def usual() -> MidiMap:
    return map_called("any", NOWHERE)


def test_every_shipped_map_is_whole() -> None:
    assert {"any", "fine", "nrpn"} <= set(files(NOWHERE))
    for name in files(NOWHERE):
        assert map_called(name, NOWHERE).entries


def test_a_compressor_goes_out_as_its_controls(usual: MidiMap) -> None:
    made = sending(a_plan({}), usual)
    assert by_name(made)["compressor.threshold_db"] == (89, "-17.953 dBFS")
    assert by_name(made)["compressor.active"] == (127, "on")
    assert made.left == ()
    read = [mido.Message.from_bytes(message) for one in made.sent for message in one.messages]
    assert [(m.channel, m.control, m.value) for m in read][:2] == [(15, 20, 127), (15, 21, 89)]


def test_nothing_is_ever_called_applied(usual: MidiMap) -> None:
    made = sending(a_plan({}), usual)
    assert {one.verdict for one in made.sent} == {"sent"}
    assert "not confirmed" in UNCONFIRMED
    assert "applied" not in made.model_dump_json() + "".join(one.sentence() for one in made.sent)


def test_what_no_control_stands_for_is_named(usual: MidiMap) -> None:
    made = sending(
        a_plan({"parameters": {**COMPRESSOR, "knee_db": 9.0}}, {"effect": "chorus", "parameters": {}}), usual
    )
    assert ["knee_db" in made.left[0].reason, made.left[1].effect] == [True, "chorus"]


def test_a_second_compressor_is_not_sent_onto_the_first(usual: MidiMap) -> None:
    made = sending(a_plan({}, {"parameters": {"threshold_db": -40.0}}), usual)
    assert {one.step for one in made.sent} == {"s0"}
    assert [left.step for left in made.left] == ["s1"]


def test_a_map_may_say_which_stem_and_which_step_it_means() -> None:
    lines = [
        {"parameter": "gain.gain_db", "cc": 20, "where": "Drums"},
        {"parameter": "gain.gain_db", "cc": 21, "where": "Drums", "nth": 2},
    ]
    by = map_of("mine", {"title": "t", "controls": lines})
    steps = [
        {"effect": "gain", "parameters": {"gain_db": db}, "where": w}
        for db, w in ((-6, "Drums"), (3, "Drums"), (1, "Bass"))
    ]
    made = sending(a_plan(*steps), by)
    assert [(one.step, one.asked) for one in made.sent] == [("s0", -6.0), ("s1", 3.0)]
    assert [left.step for left in made.left] == ["s2"]


@pytest.mark.parametrize(
    "part",
    [{"wet": 0.5}, {"part": "mid"}, {"region": {"start_s": 0, "end_s": 1}}],
    ids=["wet", "mid", "region"],
)
def test_what_works_on_a_part_alone_is_left_for_a_file(part: dict[str, Any], usual: MidiMap) -> None:
    made = sending(a_plan(part), usual)
    assert made.sent == () and "render it to a file" in made.left[0].reason


def test_a_step_that_is_switched_off_turns_its_switch_alone(usual: MidiMap) -> None:
    assert by_name(sending(a_plan({"enabled": False}), usual)) == {"compressor.active": (0, "off")}


def test_bands_go_to_the_controls_of_their_place(usual: MidiMap) -> None:
    bands = [{"frequency_hz": 250, "gain_db": -3.0, "q": 2.0}, {"frequency_hz": 8000, "gain_db": 2.0}]
    made = by_name(sending(a_plan({"effect": "equalizer", "parameters": {"bands": bands}}), usual))
    assert made["equalizer.bands[1].gain_db"][1].endswith("dB")
    assert made["equalizer.bands[2].frequency_hz"][0] == round(
        127 * 2.60206 / 3
    )  # log10(8000/20) of log10(1000)
    assert "equalizer.bands[3].gain_db" not in made


def test_a_kind_of_band_that_midi_cannot_say_is_named(usual: MidiMap) -> None:
    bands = [{"kind": "high_pass", "frequency_hz": 80}]
    made = sending(a_plan({"effect": "equalizer", "parameters": {"bands": bands}}), usual)
    assert "bands[1].kind" in made.left[0].reason


# -- map files -----------------------------------------------------------------------------------------


def test_the_users_map_comes_before_ours_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "midi").mkdir()
    mine = 'title = "mine"\n[[controls]]\nparameter = "gain.gain_db"\ncc = 20\n'
    (tmp_path / "midi/any.toml").write_text(mine)
    (tmp_path / "midi/broken.toml").write_text("title = ")
    assert map_called("any", tmp_path).title == "mine"
    assert map_called("fine", tmp_path).entries
    with pytest.raises(BadInput, match=r"broken\.toml is no TOML"):
        map_called("broken", tmp_path)


def test_a_map_may_be_named_by_its_path(tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text('title = "desk"\n[[controls]]\nparameter = "gain.gain_db"\nnrpn = 7\n')
    assert map_called(str(file), NOWHERE).name == "desk"


@pytest.mark.parametrize("content", [b"\xff", b"a = " + b"[" * 5000, b"x" * 70_000, b"a = " + b"9" * 9000])
def test_hostile_map_files_are_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(content)
    with pytest.raises(BadInput):
        map_called(str(tmp_path / "x.toml"), NOWHERE)


def test_a_map_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(BadInput, match=r"any, fine, nrpn"):
        map_called("desk", NOWHERE)
