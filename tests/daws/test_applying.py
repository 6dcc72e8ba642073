"""Plans into a DAW: what is adjusted, what is told, what comes back; on a DAW in memory with positions that shift."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.daws.applying import apply
from bridge.daws.journal import Journal, Kept
from bridge.daws.link import MIXER
from bridge.daws.reverting import revert
from bridge.daws.table import Present, Row, Setting, Translated
from bridge.effects.effect import Effect
from bridge.errors import BadInput
from bridge.planning.plan import Plan, Step
from tests.daws.memory import Knob, MemoryDaw, Strip, compressor, mixer


def squeeze(effect: Effect, present: Present) -> Translated:
    settings = effect.model_dump()
    return Translated(
        (
            Setting("Threshold", settings["threshold_db"], "threshold_db", settings["threshold_db"], "dBFS"),
            Setting("Ratio", settings["ratio"], "ratio", settings["ratio"], ":1"),
            Setting(
                "Attack", settings["attack_ms"], "attack_ms", settings["attack_ms"], "ms", by_display=True
            ),
        ),
        ("its knee is fixed",),
    )


def fader(effect: Effect, present: Present) -> Translated:
    gain_db = effect.model_dump()["gain_db"]
    return Translated((Setting("gain", gain_db, "gain_db", gain_db, "dB", relative=True),))


TABLE = (Row("compressor", "Squeeze", squeeze, insert="squeeze"), Row("gain", MIXER, fader))


def plan(*steps: Step) -> Plan:
    return Plan(steps=steps).with_id()


def compress(where: str = "Vocal", id: str = "compressor-1", **parameters: float) -> Step:
    given = {"threshold_db": -20.0, "ratio": 3.0, "attack_ms": 10.0, **parameters}
    return Step(id=id, effect="compressor", where=where, parameters=given)


@pytest.fixture
def daw() -> MemoryDaw:
    return MemoryDaw(
        Strip("Drums", chain=[mixer(), compressor()]),
        Strip("Vocal", chain=[mixer(), compressor()]),
        Strip("Bass", chain=[mixer()]),
        Strip("Master", "master", [mixer()]),
        insertable={"squeeze": compressor},
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path, "one", "memory", "")


def knob(daw: MemoryDaw, track: str, name: str) -> Knob:
    chain = next(strip for strip in daw.strips if strip.name == track).chain
    return next(knobs[name] for _, knobs in chain if name in knobs)


def test_settings_stand_as_asked_and_no_other_track_has_changed(daw, journal):
    done = apply(plan(compress()), daw, TABLE, journal)
    assert {(one.parameter, one.verdict) for one in done.written} == {
        ("active", "applied"), ("Threshold", "applied"), ("Ratio", "applied"), ("Attack", "applied")
    }  # fmt: skip
    assert knob(daw, "Vocal", "Threshold").value == -20
    assert knob(daw, "Vocal", "Ratio").value == 3
    assert 10 ** (3 * knob(daw, "Vocal", "Attack").value - 1) == pytest.approx(10.0, rel=0.002)
    assert knob(daw, "Drums", "Threshold").value == 0
    assert done.left[0].reason == "its knee is fixed"


def test_beyond_what_the_device_can_is_clamped_and_never_called_applied(daw, journal):
    daw.strips[1].chain[1][1]["Ratio"] = Knob(4.0, 1.0, 8.0)
    done = apply(plan(compress(ratio=12.0)), daw, TABLE, journal)
    ratio = next(one for one in done.written if one.parameter == "Ratio")
    assert (ratio.verdict, ratio.asked, ratio.got) == ("clamped", 12.0, 8.0)
    assert "1 to 8" in ratio.reason


def test_a_write_that_is_lost_is_sent_again_and_one_that_is_always_lost_has_failed(daw, journal, tmp_path):
    knob(daw, "Vocal", "Threshold").deaf = 2
    knob(daw, "Vocal", "Ratio").deaf = 100
    done = apply(plan(compress()), daw, TABLE, journal)
    verdicts = {one.parameter: one.verdict for one in done.written}
    assert (verdicts["Threshold"], verdicts["Ratio"]) == ("applied", "failed")
    assert not done.ok
    assert knob(daw, "Vocal", "Threshold").value == -20


def test_a_track_inserted_between_the_look_and_the_write_is_told_and_the_right_one_is_set(daw, journal):
    daw.before_write = lambda: daw.strips.insert(0, Strip("Room", chain=[mixer(), compressor()]))
    done = apply(plan(compress()), daw, TABLE, journal)
    assert done.ok
    assert knob(daw, "Vocal", "Threshold").value == -20
    assert "'Drums' is in that place now" in done.warnings[0]


def test_a_track_renamed_in_between_fails_and_nothing_else_is_written(daw, journal):
    done_before = [strip.name for strip in daw.strips]
    daw.before_write = lambda: setattr(daw.strips[1], "name", "Lead")
    done = apply(plan(compress()), daw, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    assert "'Vocal' is not there any more" in done.written[0].reason
    assert knob(daw, "Drums", "Threshold").value == 0
    assert done_before[1] == "Vocal"


def test_a_daw_that_quits_in_the_middle_fails_the_rest_and_keeps_the_journal(daw, journal, tmp_path):
    def quit_() -> None:
        daw.running = False
        raise_later()

    def raise_later() -> None:
        daw._alive()

    daw.before_write = quit_
    done = apply(plan(compress()), daw, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    assert "does not answer" in done.written[0].reason
    assert {line.parameter for line in Kept(tmp_path, "one").lines} >= {"Threshold", "Ratio", "Attack"}


def test_a_gain_is_added_to_where_the_fader_stands(daw, journal):
    knob(daw, "Bass", "gain").value = -5.0
    step = Step(id="gain-1", effect="gain", where="Bass", parameters={"gain_db": -3.0})
    done = apply(plan(step), daw, TABLE, journal)
    assert done.written[0].got == -8.0


def test_a_missing_device_is_inserted_where_the_daw_can_and_told_where_it_cannot(daw, journal, tmp_path):
    done = apply(plan(compress(where="Bass")), daw, TABLE, journal)
    assert knob(daw, "Bass", "Threshold").value == -20
    assert done.ok
    daw.insertable.clear()
    other = apply(plan(compress(where="Master")), daw, TABLE, Journal(tmp_path, "two", "memory", ""))
    assert other.written == ()
    assert "Master has no Squeeze that is free; put one there" in other.left[-1].reason


def test_two_compressors_want_two_devices(daw, journal):
    done = apply(plan(compress(), compress(id="compressor-2", threshold_db=-30.0)), daw, TABLE, journal)
    chain = daw.strips[1].chain
    assert [knobs["Threshold"].value for name, knobs in chain if name == "Squeeze"] == [-20, -30]
    assert done.ok


def test_what_a_daw_cannot_do_is_left_with_its_reason(daw, journal):
    reverb = Step(id="reverb-1", effect="reverb", where="Vocal", parameters={})
    half = compress().model_copy(update={"wet": 0.5})
    done = apply(plan(reverb, half), daw, TABLE, journal)
    assert [one.reason for one in done.left] == [
        "no device of this DAW is known for it; render it to a file",
        "it is heard at 50 %; render it to a file",
    ]
    assert daw.writes == []


def test_unknown_and_twin_tracks_are_refused_before_anything_is_sent(daw, tmp_path):
    with pytest.raises(BadInput, match=r"no track 'Choir'.*Drums, Vocal, Bass, Master"):
        apply(plan(compress(where="Choir")), daw, TABLE, Journal(tmp_path, "a", "memory", ""))
    with pytest.raises(BadInput, match="Say which track"):
        apply(plan(compress(where="input")), daw, TABLE, Journal(tmp_path, "b", "memory", ""))
    daw.strips[0].name = "Vocal"
    with pytest.raises(BadInput, match="2 tracks are called 'Vocal'"):
        apply(plan(compress()), daw, TABLE, Journal(tmp_path, "c", "memory", ""))
    assert daw.writes == []


def test_revert_puts_back_every_value_but_what_was_turned_by_hand_since(daw, journal, tmp_path):
    apply(plan(compress()), daw, TABLE, journal)
    knob(daw, "Vocal", "Ratio").value = 7.0
    daw.strips.insert(0, Strip("Room", chain=[mixer(), compressor()]))
    back = revert(Kept(tmp_path, "one"), daw, Journal(tmp_path, "back", "memory", ""))
    assert knob(daw, "Vocal", "Threshold").value == 0
    assert knob(daw, "Vocal", "Attack").value == 0.2
    assert knob(daw, "Vocal", "Ratio").value == 7
    ratio = next(one for one in back.written if one.parameter == "Ratio")
    assert (ratio.verdict, ratio.reason) == ("failed", "it was turned to 7 since; --force puts it back")
    forced = revert(Kept(tmp_path, "one"), daw, Journal(tmp_path, "forced", "memory", ""), force=True)
    assert forced.ok
    assert knob(daw, "Vocal", "Ratio").value == 4
    with pytest.raises(BadInput, match="was reverted before"):
        revert(Kept(tmp_path, "one"), daw, Journal(tmp_path, "third", "memory", ""))


def test_what_was_inserted_is_bypassed_by_revert(daw, journal, tmp_path):
    apply(plan(compress(where="Bass")), daw, TABLE, journal)
    revert(Kept(tmp_path, "one"), daw, Journal(tmp_path, "back", "memory", ""))
    assert knob(daw, "Bass", "active").value == 0


def test_a_journal_cut_in_half_by_a_crash_gives_back_what_was_written_whole(daw, journal, tmp_path):
    apply(plan(compress()), daw, TABLE, journal)
    path = tmp_path / "one.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:3]) + lines[3][:20])
    assert len(Kept(tmp_path, "one").lines) == 2
    revert(Kept(tmp_path, "one"), daw, Journal(tmp_path, "back", "memory", ""))
    assert knob(daw, "Vocal", "Threshold").value == 0


@pytest.mark.parametrize("id", ["", "../x", "a/b", "x" * 65, ".hidden", "ö"])
def test_ids_that_are_no_names_of_files_are_refused(id, tmp_path):
    with pytest.raises(BadInput, match="is no id"):
        Journal(tmp_path, id, "memory", "")
