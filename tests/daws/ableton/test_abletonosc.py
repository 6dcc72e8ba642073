"""Plans into a fake Live through AbletonOSC's protocol: set, displayed, read back, put back; and what goes wrong."""

from __future__ import annotations

import socket

import pytest

from bridge.daws.ableton.devices import TABLE
from bridge.daws.ableton.osc_link import OscLink
from bridge.daws.applying import apply
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.errors import BadInput, Unavailable
from tests.daws.ableton.devices import compressor
from tests.daws.ableton.model import NewTrack, Song
from tests.daws.ableton.plans import display, knob, plan, squeeze, step, track, values
from tests.daws.ableton.stand_in import AbletonOsc
from tests.daws.ableton.ticking import Ticking


@pytest.fixture
def link(osc_link: OscLink) -> OscLink:
    return osc_link


def test_tracks_devices_and_parameters_as_live_has_them(link):
    tracks = {each.name: each for each in link.tracks()}
    assert {name: each.kind for name, each in tracks.items()} == {
        "Drums": "audio", "Vocal": "audio", "Keys": "midi", "Bass": "audio"
    }  # fmt: skip
    chain = link.devices(tracks["Vocal"])
    assert [each.name for each in chain] == ["mixer", "Compressor", "EQ Eight", "Utility"]
    parameters = {each.name: each for each in link.parameters(tracks["Vocal"], chain[1])}
    assert next(iter(parameters)) == "active"
    assert (parameters["Ratio"].shown, parameters["Ratio"].low, parameters["Ratio"].high) == (
        "4.00 : 1",
        0,
        1,
    )
    assert (parameters["Model"].kind, parameters["Makeup"].kind) == ("integer", "toggle")


def test_what_the_plan_says_is_displayed_and_read_back(link, song, journal):
    before = values(song)
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    shown = {one.parameter: one.shown for one in done.written}
    assert (shown["Threshold"], shown["Ratio"], shown["Attack"]) == ("-20.00 dB", "3.00 : 1", "10.0 ms")
    assert display(song, "Vocal", "Compressor2", "Release") == "120 ms"
    after = values(song)
    assert {name for name in after if after[name] != before[name]} <= {
        name for name in after if name[:2] == ("Vocal", "Compressor")
    }


def test_revert_puts_back_what_was_there(link, song, journal, tmp_path):
    before = values(song)
    apply(plan(squeeze()), link, TABLE, journal)
    back = revert(Kept(tmp_path, "one"), link, Journal(tmp_path, "back", "ableton", ""))
    assert back.ok, back
    assert values(song) == pytest.approx(before, abs=1e-6)


def test_bands_take_free_ones_and_a_steep_pass_takes_two(link, song, journal):
    knob(song, "Vocal", "Eq8", "1 Gain A").value = 4.0
    bell = {"kind": "bell", "frequency_hz": 250.0, "gain_db": -3.5, "q": 1.4}
    steep = {"kind": "high_pass", "frequency_hz": 80.0, "slope_db_per_octave": 24}
    done = apply(plan(step("equalizer", bands=[bell, steep])), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"applied"}, done
    eq = ("Vocal", "Eq8")
    assert knob(song, *eq, "1 Gain A").value == 4.0
    assert display(song, *eq, "2 Filter Type A") == "Bell"
    assert (display(song, *eq, "2 Frequency A"), display(song, *eq, "2 Gain A")) == ("250.0 Hz", "-3.50 dB")
    assert [display(song, *eq, f"{band} Filter Type A") for band in (3, 4)] == ["High Pass 12dB"] * 2
    assert [display(song, *eq, f"{band} Q A") for band in (3, 4)] == ["0.54", "1.31"]


def test_a_fader_is_read_and_set_in_decibels(link, song, journal):
    done = apply(
        plan(step("gain", "Bass", gain_db=-6.0), step("pan", "Bass", position=-30.0)), link, TABLE, journal
    )
    assert {one.verdict for one in done.written} == {"applied"}, done
    mixer = track(song, "Bass").mixer_device
    assert mixer.volume.str_for_value(mixer.volume.value) == "-6.0 dB"
    assert mixer.panning.str_for_value(mixer.panning.value) == "15L"


def test_a_fader_where_no_curve_is_known_is_left_alone(link, song, journal):
    track(song, "Bass").mixer_device.volume.value = 0.2
    done = apply(plan(step("gain", "Bass", gain_db=-6.0)), link, TABLE, journal)
    assert done.written == ()
    assert "below -18 dB, where AbletonOSC does not tell dB" in done.left[0].reason
    assert track(song, "Bass").mixer_device.volume.value == 0.2


def test_beyond_the_range_is_clamped_and_says_so(link, song, journal):
    done = apply(plan(squeeze(knee_db=24.0)), link, TABLE, journal)
    knee = next(one for one in done.written if one.parameter == "Knee")
    assert (knee.verdict, knee.got, knee.reason) == ("clamped", 18.0, "18.0 dB is the nearest it goes")


def test_what_live_refuses_fails_with_its_words_and_the_rest_stands(link, song, journal, monkeypatch):
    monkeypatch.setattr("bridge.daws.ableton.conversation._AFTER_ERROR_S", 0.1)
    knob(song, "Vocal", "Compressor2", "Makeup").enabled = False
    done = apply(plan(squeeze()), link, TABLE, journal)
    verdicts = {one.parameter: one for one in done.written}
    assert verdicts["Makeup"].verdict == "failed"
    assert "Parameter is disabled" in verdicts["Makeup"].reason
    assert {one.verdict for name, one in verdicts.items() if name != "Makeup"} == {"applied"}
    assert display(song, "Vocal", "Compressor2", "Threshold") == "-20.00 dB"


def test_a_write_that_does_not_stay_has_failed(link, song, journal):
    knob(song, "Vocal", "Compressor2", "Model").deaf = 100
    done = apply(plan(squeeze(detector="peak")), link, TABLE, journal)
    model = next(one for one in done.written if one.parameter == "Model")
    assert (model.verdict, model.got) == ("failed", 1.0)


@pytest.mark.parametrize("moment", range(2, 16))
def test_a_track_inserted_at_any_moment_leaves_every_other_track_as_it_was(
    link, abletonosc, song, journal, moment
):
    """At the n-th bundle of the run: while it looks, probes displays, writes and reads back."""
    room = NewTrack("Room", compressor())
    expected = {**values(song), **values(Song(room))}
    bundles = []

    def on(asked: str) -> None:
        if asked in ("/live/song/get/track_data", "/live/track/get/name"):
            bundles.append(asked)
            if len(bundles) == moment:
                song.tracks = (room, *song.tracks)

    abletonosc.on = on
    done = apply(plan(squeeze()), link, TABLE, journal)
    after = values(song)
    others = [name for name in after if name[:2] != ("Vocal", "Compressor")]
    assert {name: after[name] for name in others} == pytest.approx(
        {name: expected[name] for name in others}, abs=1e-6
    )
    for one in done.written:
        if one.verdict == "applied" and one.parameter != "active":
            assert after["Vocal", "Compressor", one.parameter] == pytest.approx(one.got, abs=1e-4)
    assert len(bundles) >= moment


def test_a_track_renamed_before_the_write_fails_and_nothing_is_written(link, abletonosc, song, journal):
    before = values(song)
    reads = []

    def on(asked: str) -> None:
        if asked == "/live/device/get/parameters/is_quantized":
            reads.append(asked)
            if len(reads) == 2:
                vocal.name = "Lead"

    vocal = track(song, "Vocal")
    abletonosc.on = on
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    vocal.name = "Vocal"
    assert values(song) == before


def test_a_track_removed_before_the_write_fails_and_nothing_is_written(
    link, abletonosc, song, journal, monkeypatch
):
    monkeypatch.setattr("bridge.daws.ableton.conversation._AFTER_ERROR_S", 0.1)
    before = values(song)
    reads = []

    def on(asked: str) -> None:
        if asked == "/live/device/get/parameters/is_quantized":
            reads.append(asked)
            if len(reads) == 2:
                song.tracks = tuple(each for each in song.tracks if each.name != "Vocal")

    abletonosc.on = on
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    assert values(song) == {name: value for name, value in before.items() if name[0] != "Vocal"}


def test_the_main_track_cannot_be_reached_and_that_is_told(link, journal):
    with pytest.raises(BadInput, match="The main track cannot be reached this way"):
        apply(plan(step("limiter", "mix", ceiling_dbtp=-1.0)), link, TABLE, journal)


def test_an_answer_that_got_lost_is_asked_for_again(link, abletonosc, monkeypatch):
    real, lost = abletonosc._send, []

    def send(address, given):
        if address == "/live/track/get/devices/name" and not lost:
            lost.append(address)
        else:
            real(address, given)

    monkeypatch.setattr(abletonosc, "_send", send)
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    assert [each.name for each in link.devices(vocal)] == ["mixer", "Compressor", "EQ Eight", "Utility"]
    assert lost


def test_live_that_quits_in_the_middle_fails_the_rest_and_keeps_the_journal(
    link, abletonosc, ticking, song, journal, tmp_path, monkeypatch
):
    monkeypatch.setattr("bridge.daws.ableton.conversation.PATIENCE_S", 0.2)
    before = knob(song, "Vocal", "Compressor2", "Threshold").value
    seen = []

    def on(asked: str) -> None:
        seen.append(asked)
        if seen.count("/live/device/get/parameters/value") == 3:  # the read-back
            abletonosc.close()

    abletonosc.on = on
    done = apply(plan(squeeze()), link, TABLE, journal)
    assert {one.verdict for one in done.written} == {"failed"}
    assert "does not answer" in done.written[0].reason
    kept = {line.parameter: line.before for line in Kept(tmp_path, "one").lines}
    assert kept["Threshold"] == before


def test_another_client_on_the_reply_port_is_named(abletonosc):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"Port {port} cannot be opened.*another program"):
            OscLink("127.0.0.1", abletonosc.port, port)


def test_nobody_there_is_told_with_what_to_switch_on():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = OscLink("127.0.0.1", port, 0)
    with pytest.raises(Unavailable, match=r"does not answer.*AbletonOSC chosen as a control surface"):
        made.tracks()
    made.close()


def test_at_lives_own_pace_it_is_the_same(song, journal):
    """A tick every 100 ms."""
    with Ticking(0.1) as ticking:
        running = AbletonOsc(song, ticking)
        made = OscLink("127.0.0.1", running.port, 0)
        running.reply_port = made.reply_port
        done = apply(plan(step("pan", "Bass", position=-30.0)), made, TABLE, journal)
        assert done.written[0].verdict == "applied", done
        made.close()
        ticking.quit()
        running.close()


def test_a_menu_open_for_a_while_and_the_burst_after_it_change_nothing(
    link, ticking, song, journal, monkeypatch
):
    """The bridge asks again meanwhile, and Live answers all of it at once."""
    monkeypatch.setattr("bridge.daws.ableton.conversation.PATIENCE_S", 0.1)
    monkeypatch.setattr("bridge.daws.ableton.conversation.TRIES", 100)
    link.tracks()
    for pause in (0.25, 0.4, 0.25):
        ticking.open_menu(pause)
        done = apply(plan(squeeze(ratio=2.0 + pause)), link, TABLE, journal)
        assert {one.verdict for one in done.written} == {"applied"}, done


def test_an_address_that_this_abletonosc_does_not_know_is_told(link, abletonosc, song):
    abletonosc._verbs.pop("/live/device/get/parameter/value_string")
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    with pytest.raises(Exception, match="Unknown OSC address: /live/device/get/parameter/value_string"):
        link.parameters(vocal, link.devices(vocal)[1])
