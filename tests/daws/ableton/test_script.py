"""dawbridge's own remote script, unmodified, on a fake Live: what it sets, shows, brings in, and what goes wrong."""

from __future__ import annotations

import time

import pytest

from bridge.daws.ableton.devices import TABLE
from bridge.daws.ableton.script_link import ScriptLink
from bridge.daws.applying import apply
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.daws.setting import Gone
from bridge.errors import Unavailable
from tests.daws.ableton.devices import compressor, eq_eight
from tests.daws.ableton.host import started
from tests.daws.ableton.model import Device, NewTrack, Track
from tests.daws.ableton.plans import display, knob, plan, squeeze, step, track, values


@pytest.fixture
def link(script_link: ScriptLink) -> ScriptLink:
    return script_link


def test_return_tracks_and_the_main_track_are_there_too(link):
    assert [(each.name, each.kind) for each in link.tracks()] == [
        ("Drums", "audio"), ("Vocal", "audio"), ("Keys", "midi"), ("Bass", "audio"), ("A-Reverb", "bus"),
        ("Main", "master"),
    ]  # fmt: skip


def test_what_the_plan_says_is_displayed_and_read_back_in_one_step_of_undo(link, song, journal):
    done = apply(
        plan(squeeze(), step("equalizer", bands=[{"frequency_hz": 250.0, "gain_db": -3.5, "q": 1.4}])),
        link, TABLE, journal,
    )  # fmt: skip
    assert {one.verdict for one in done.written} == {"applied"}, done
    assert display(song, "Vocal", "Compressor2", "Threshold") == "-20.00 dB"
    assert display(song, "Vocal", "Compressor2", "Attack") == "10.0 ms"
    assert display(song, "Vocal", "Eq8", "1 Frequency A") == "250.0 Hz"
    link.close()
    assert song.steps == ["begin", "end"]


def test_no_value_is_set_on_the_way_to_the_one_that_displays_what_is_wanted(link, song, journal):
    apply(plan(squeeze()), link, TABLE, journal)
    for name in ("Threshold", "Ratio", "Attack", "Release"):
        assert len(knob(song, "Vocal", "Compressor2", name).writes) == 1


def test_revert_puts_back_what_was_there(link, song, journal, tmp_path):
    before = values(song)
    apply(plan(squeeze()), link, TABLE, journal)
    back = revert(Kept(tmp_path, "one"), link, Journal(tmp_path, "back", "ableton", ""))
    assert back.ok, back
    assert values(song) == pytest.approx(before, abs=1e-6)


def test_the_fader_is_set_by_its_display_also_where_it_is_bent(link, song, journal):
    mixer = track(song, "Bass").mixer_device
    mixer.volume.value = 0.3
    asked = -6.0 + float(mixer.volume.str_for_value(0.3).split()[0])
    done = apply(plan(step("gain", "Bass", gain_db=-6.0)), link, TABLE, journal)
    assert done.written[0].verdict == "applied", done
    assert float(mixer.volume.str_for_value(mixer.volume.value).split()[0]) == pytest.approx(asked, abs=0.06)


def test_the_main_track_takes_a_limiter_that_was_not_there(surface, link, song, journal, tmp_path):
    song.master_track = NewTrack("Main", kind="master")
    done = apply(plan(step("limiter", "mix", ceiling_dbtp=-1.0)), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    assert display(song, "Main", "Limiter", "Ceiling") == "-1.0 dB"
    assert display(song, "Main", "Limiter", "Mode") == "True Peak"
    revert(Kept(tmp_path, "one"), link, Journal(tmp_path, "back", "ableton", ""))
    assert display(song, "Main", "Limiter", "Device On") == "Off"


def test_a_live_that_inserts_nothing_says_so(link, song, journal):
    song.tracks = (*song.tracks, Track("Old"))
    done = apply(plan(squeeze("Old")), link, TABLE, journal)
    assert done.written == ()
    assert "inserts no device for a script; 12.3 and later do" in done.left[-1].reason


EFFECTS: tuple[tuple[str, dict[str, object], str, dict[str, str]], ...] = (
    ("gate", {"threshold_db": -45.0, "hold_ms": 40.0}, "Gate",
     {"Threshold": "-45.0 dB", "Hold": "40.0 ms", "Floor": "-inf dB"}),
    ("stereo_width", {"width": 1.2, "mono_below_hz": 120.0}, "StereoGain",
     {"Stereo Width": "120 %", "Bass Freq": "120.0 Hz"}),
    ("channels", {"invert_left": True}, "StereoGain", {"Left Inv": "On", "Right Inv": "Off"}),
    ("saturation", {"drive_db": 9.0, "kind": "transistor"}, "Saturator",
     {"Drive": "9.0 dB", "Type": "Hard Curve"}),
    ("reverb", {"decay_s": 2.5, "mix": 0.3}, "Reverb",
     {"Decay Time": "2.50 s", "Predelay": "20.0 ms", "Dry/Wet": "30 %"}),
    ("delay", {"time_ms": 333.0, "feedback": 0.4}, "Delay",
     {"L Time": "333 ms", "R Time": "333 ms", "Feedback": "40 %", "L Sync": "Off"}),
    ("limiter", {"ceiling_dbtp": -0.5, "release_ms": 80.0}, "Limiter",
     {"Ceiling": "-0.5 dB", "Release": "80.0 ms"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "parameters", "kind", "shown"), EFFECTS, ids=[each[0] for each in EFFECTS]
)
def test_each_effect_is_displayed_as_the_plan_says(link, song, journal, effect, parameters, kind, shown):
    done = apply(plan(step(effect, "Bass", **parameters)), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    assert {name: display(song, "Bass", kind, name) for name in shown} == shown


def test_a_glue_compressor_is_set_to_its_nearest_steps_and_says_which(link, song, journal):
    from tests.daws.ableton.devices import glue

    song.tracks = (*song.tracks, Track("Bus", glue()))
    done = apply(plan(squeeze("Bus", attack_ms=12.0, ratio=4.0)), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    assert display(song, "Bus", "GlueCompressor", "Attack") == "10"
    assert "its attack has steps: 10 ms for 12" in {one.reason for one in done.left}


def test_a_track_is_found_by_its_id_whatever_it_is_called_and_wherever_it_stands(
    surface, link, song, journal
):
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    track(song, "Vocal").name = "Lead"
    song.tracks = (NewTrack("Room", compressor()), *reversed(song.tracks))
    assert next(each for each in link.tracks() if each.id == vocal.id).name == "Lead"


def test_an_id_outlives_the_closing_of_the_set_and_a_copy_gets_its_own(
    surface, link, song, ticking, journal, monkeypatch
):
    apply(plan(squeeze()), link, TABLE, journal)
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    link.close()
    surface.disconnect()
    copy = NewTrack("Vocal copy")
    copy._data = dict(track(song, "Vocal")._data)
    for each in song.tracks:
        each._live_ptr += 1  # Live gives new pointers when a set is opened
    again = started(song, ticking, monkeypatch)
    other = ScriptLink("127.0.0.1", again._door.port)
    assert next(each for each in other.tracks() if each.name == "Vocal").id == vocal.id
    song.tracks = (*song.tracks, copy)
    ids = {each.name: each.id for each in other.tracks()}
    assert ids["Vocal"] == vocal.id
    assert ids["Vocal copy"] != vocal.id
    other.close()
    again.disconnect()


def test_a_track_removed_in_between_fails_and_no_other_is_touched(link, song, journal, monkeypatch):
    before = values(song)
    real = ScriptLink.write

    def removed(self, *given):
        song.tracks = tuple(each for each in song.tracks if each.name != "Vocal")
        return real(self, *given)

    monkeypatch.setattr(ScriptLink, "write", removed)
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    assert "is not there any more" in done.written[0].reason
    assert values(song) == {name: value for name, value in before.items() if name[0] != "Vocal"}


def test_what_live_refuses_fails_with_its_words_and_the_rest_stands(link, song, journal):
    knob(song, "Vocal", "Compressor2", "Makeup").enabled = False
    done = apply(plan(squeeze()), link, TABLE, journal)
    told = {one.parameter: one for one in done.written}
    assert (told["Makeup"].verdict, told["Makeup"].reason) == ("failed", "Live says: Parameter is disabled")
    assert {one.verdict for name, one in told.items() if name != "Makeup"} == {"applied"}


def test_live_that_quits_in_the_middle_fails_the_rest(link, surface, ticking, song, journal, monkeypatch):
    real = ScriptLink.write

    def quits(self, *given):
        ticking.quit()
        surface.disconnect()
        return real(self, *given)

    monkeypatch.setattr(ScriptLink, "write", quits)
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    assert "does not answer" in done.written[0].reason


def test_a_menu_open_for_a_while_and_the_burst_after_it_set_everything_once(
    link, ticking, song, journal, monkeypatch
):
    monkeypatch.setattr("bridge.daws.ableton.script._AGAIN_S", 0.05)
    real = ScriptLink.write

    def menu(self, *given):
        ticking.open_menu(0.4)
        return real(self, *given)

    monkeypatch.setattr(ScriptLink, "write", menu)
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    assert len(knob(song, "Vocal", "Compressor2", "Ratio").writes) == 1


def test_what_came_too_late_is_not_done(link, ticking, song, monkeypatch):
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    device = link.devices(vocal)[1]
    knee = next(each for each in link.parameters(vocal, device) if each.name == "Knee")
    monkeypatch.setattr("bridge.daws.ableton.script.PATIENCE_S", 0.1)
    ticking.open_menu(0.4)
    with pytest.raises(Unavailable, match="does not answer"):
        link.write(vocal, device, [(knee, 12.0)])
    monkeypatch.undo()
    link.tracks()  # answered after what had been sent before
    assert knob(song, "Vocal", "Compressor2", "Knee").value == 6.0


def test_an_undo_step_whose_client_has_gone_is_closed(surface, song, ticking):
    surface._verbs._begin()
    deadline = time.monotonic() + 20
    while song.steps != ["begin", "end"] and time.monotonic() < deadline:
        time.sleep(0.02)
    assert song.steps == ["begin", "end"]


def test_a_device_that_is_gone_is_told_as_gone(link, song):
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    device = link.devices(vocal)[1]
    track(song, "Vocal").devices = ()
    with pytest.raises(Gone, match="the device is not there any more"):
        link.parameters(vocal, device)


def test_an_equalizer_that_works_on_the_sides_apart_is_not_touched(link, song, journal):
    """Its bands A would be those of the left or the mid alone; a new one is inserted."""

    class Apart(Device):
        __slots__ = ()
        global_mode = 2

    apart = eq_eight()
    song.tracks = (*song.tracks, NewTrack("Bus", Apart(apart.name, apart.class_name, *apart.parameters[1:])))
    before = values(song)
    bell = {"frequency_hz": 250.0, "gain_db": -3.5, "q": 1.4}
    done = apply(plan(step("equalizer", "Bus", bands=[bell])), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    first, second = track(song, "Bus").devices
    assert [p.value for p in first.parameters] == [
        before["Bus", "EQ Eight", p.name] for p in first.parameters
    ]
    assert next(p.value for p in second.parameters if p.name == "1 Gain A") == -3.5
