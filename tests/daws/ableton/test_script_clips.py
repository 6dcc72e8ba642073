"""Clips out of and into a fake Live through dawbridge's own script, and what must not harm the script or Live."""

from __future__ import annotations

import ast
import json
import socket
import sys

import pytest

from bridge.daws.ableton.conversation import message, parsed
from bridge.daws.ableton.script_link import ScriptLink
from bridge.errors import Unavailable
from bridge.osc.messages import LIVE
from tests.daws.ableton.host import SCRIPT, started
from tests.daws.ableton.model import Clip, NewSlot, Track
from tests.daws.ableton.plans import track


@pytest.fixture
def link(script_link: ScriptLink) -> ScriptLink:
    return script_link


def test_the_selected_clip_tells_its_file_and_its_place(link, song):
    song.view.detail_clip = Clip("take 3", "/music/take 3.wav", 16.0)
    vocal = track(song, "Vocal")
    vocal.arrangement_clips = (song.view.detail_clip,)
    told = link.selected_clip()
    assert (told["path"], told["start_beats"], told["track_name"]) == ("/music/take 3.wav", 16.0, "Vocal")
    assert told["track"] == next(each for each in link.tracks() if each.name == "Vocal").id


def test_without_an_audio_clip_selected_it_says_what_to_do(link, song):
    with pytest.raises(Unavailable, match="no clip is selected; click one first"):
        link.selected_clip()
    song.view.detail_clip = Clip("melody")
    with pytest.raises(Unavailable, match="is MIDI; freeze and flatten"):
        link.selected_clip()


def test_a_result_comes_in_where_it_belongs_in_one_step_of_undo(link, song, tmp_path):
    sound = tmp_path / "vocal (dawbridge).wav"
    sound.write_bytes(b"RIFF")
    vocal = next(each for each in link.tracks() if each.name == "Vocal")
    told = link.bring(str(sound), "Vocal warmer", vocal.id, 16.0)
    assert told == {"where": "arrangement", "track": "Vocal"}
    clip = track(song, "Vocal").arrangement_clips[-1]
    assert (clip.file_path, clip.start_time, clip.name) == (str(sound), 16.0, "Vocal warmer")
    assert song.steps == ["begin", "end"]


def test_a_result_goes_to_a_slot_or_a_new_track_where_it_must_and_is_told_where_live_cannot(
    link, song, tmp_path
):
    sound = tmp_path / "a.wav"
    sound.write_bytes(b"RIFF")
    keys = next(each for each in link.tracks() if each.name == "Keys")
    assert link.bring(str(sound), "Keys bright", keys.id, 0.0) == {
        "where": "arrangement",
        "track": "Keys bright",
    }
    assert [each.name for each in song.tracks][2:4] == ["Keys", "Keys bright"]
    song.tracks = (*song.tracks, Track("Old"), Track("Old slots"))
    song.tracks[-1].clip_slots = (NewSlot(Clip("there")), NewSlot())
    ids = {each.name: each.id for each in link.tracks()}
    assert link.bring(str(sound), "x", ids["Old slots"], 0.0)["where"] == "session"
    with pytest.raises(Unavailable, match="imports no sound for a script; drag"):
        link.bring(str(sound), "x", ids["Old"], 0.0)


@pytest.mark.parametrize("path", ["relative.wav", "/nowhere/a.wav", "{tmp}", "{tmp}/notes.txt"])
def test_what_is_no_sound_file_is_not_brought_in(link, song, tmp_path, path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(Unavailable, match=r"no file|no sound file"):
        link.bring(path.format(tmp=tmp_path), "x")
    assert len(song.tracks) == 4


def test_nonsense_is_not_answered_or_refused_and_the_script_lives_on(surface, link):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for data in (
            b"",
            b"\0" * 7,
            b"/dawbridge/live/1/ask\0\0\0",
            b"#bundle\0" + b"\xff" * 40,
            b"\xff" * 3000,
        ):
            other.sendto(data, ("127.0.0.1", surface._door.port))
        asked = ["no json", "[]", '{"do": "quit"}', '{"do": "set", "until": 9e12}', '{"do": "tracks"}']
        for text in asked:
            other.sendto(message(f"{LIVE}ask", (text, text)), ("127.0.0.1", surface._door.port))
        other.settimeout(10)
        told = {}
        for _ in asked:
            ((_, (id, _, _, text)),) = parsed(other.recv(65_536))
            told[id] = json.loads(text)
    assert list(told) == asked
    assert all("error" in each for each in told.values())
    assert link.hello()["script"] == "1"


def test_two_clients_at_once_get_each_their_own_answers(surface, link):
    other = ScriptLink("127.0.0.1", surface._door.port)
    for _ in range(3):
        assert other.tracks() == link.tracks()
    other.close()


def test_a_port_that_is_taken_is_told_in_live_and_nothing_else_breaks(surface, song, ticking, monkeypatch):
    second = started(song, ticking, monkeypatch, surface._door.port)
    assert "cannot be opened" in second._c_instance.shown[0]
    second.disconnect()


def test_disconnecting_closes_the_port_and_the_tick_ends(song, ticking, monkeypatch):
    running = started(song, ticking, monkeypatch)
    port = running._door.port
    running.disconnect()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", port))
    assert not ticking.errors


ALLOWED = {"json", "os", "pathlib", "select", "socket", "struct", "time", "uuid", "ableton"}


@pytest.mark.parametrize("path", sorted(SCRIPT.glob("*.py")), ids=lambda path: path.name)
def test_the_script_is_python_3_7_imports_the_standard_library_alone_and_starts_no_thread(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 7))
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        assert {name.split(".")[0] for name in names} <= ALLOWED
    assert ALLOWED - {"ableton"} <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.JoinedStr | ast.NamedExpr) for node in ast.walk(tree))
