"""Send and import, as a musician does it: wish in a dialog, result back in place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.daws.reaper.playing import SCRIPTS, Reaper, rendering_of, result

WISH = "warmer\nbefore\ntake"


def test_a_plain_item_is_sent_as_its_file_and_comes_back_as_a_take(reaper, bridge, sound, tmp_path):
    source = sound("vocal", 2.0)
    track = reaper.track("Vocal")
    reaper.item(track, source, 3.0)
    reaper.run("send", WISH)
    asked = bridge.taken()
    assert (asked["message"], asked["words"]) == ("process", "warmer")
    assert Path(asked["path"]).read_bytes() == source.read_bytes()
    assert Path(asked["path"]).parent == bridge.folder / "sounds"
    output = sound("out", 2.5)
    bridge.done(asked["id"], result(output))
    reaper.until_idle()
    (item,) = reaper.tracks()[0]["items"]
    assert [take["name"] for take in item["takes"]] == ["vocal", "vocal (warmer)"]
    assert item["active"] == 2
    assert item["values"]["D_POSITION"] == 3.0
    assert item["values"]["D_LENGTH"] == pytest.approx(2.5), "the tail is heard"
    assert Path(item["takes"][1]["path"]).read_bytes() == output.read_bytes()
    assert Path(item["takes"][1]["path"]).parent == tmp_path / "project"
    assert reaper.state["undo"] == ['dawbridge: import "warmer"']
    assert reaper.remembered("pending") == []
    assert not reaper.state["open"]


def test_play_rate_and_offset_of_the_result_keep_it_aligned(reaper, bridge, sound):
    track = reaper.track("Vocal")
    reaper.item(track, sound("vocal", 2.0), 3.0, length=1.0, D_PLAYRATE=2.0)
    reaper.run("send", WISH)
    asked = bridge.taken()
    bridge.done(asked["id"], result(sound("out", 1.5), offset_s=0.5))
    reaper.until_idle()
    (item,) = reaper.tracks()[0]["items"]
    take = item["takes"][1]["values"]
    assert (take["D_PLAYRATE"], take["D_STARTOFFS"]) == (2.0, -0.5)
    assert item["values"]["D_LENGTH"] == 1.0


def test_a_trimmed_item_is_rendered_without_its_tracks_effects_and_everything_is_put_back(
    reaper, bridge, sound
):
    source = sound("vocal", 2.0)
    track = reaper.track("Vocal")
    item = reaper.item(track, source, 3.0, length=1.0, D_STARTOFFS=0.5)
    reaper.do(rendering_of(sound("cut", 1.0)))
    before = reaper.settings()
    reaper.run("send", WISH)
    assert reaper.settings() == before
    (render,) = reaper.do("return mock.log.renders")
    assert (render["settings"], render["bounds"], render["guid"]) == (32, 4, item)
    assert Path(bridge.taken()["path"]).exists()


def test_a_render_that_fails_puts_everything_back_and_says_so(reaper, bridge, sound):
    track = reaper.track("Vocal", selected=True)
    reaper.item(track, sound("vocal"), selected=False)
    reaper.do("mock.rendering = function() error('disk on fire', 0) end")
    before = reaper.settings()
    reaper.run("send", WISH)
    assert reaper.settings() == before
    assert "disk on fire" in reaper.state["boxes"][0]
    assert reaper.tracks()[0]["values"]["I_FXEN"] == 1
    assert bridge.requests == []


def test_several_tracks_go_as_stems_with_starts_and_each_comes_back_to_its_own(reaper, bridge, sound):
    sounds = {"Vocal": sound("v", 2.0), "Drums": sound("d", 3.0, 80.0)}
    tracks = {name: reaper.track(name, selected=True) for name in sounds}
    for (name, track), at in zip(tracks.items(), (5.0, 3.5), strict=True):
        reaper.item(track, sounds[name], at, selected=False)
    reaper.do(rendering_of(sounds["Vocal"]))
    reaper.run("send", "glue\nbefore\ntake")
    asked = bridge.taken()
    assert asked["options_json"]["starts"] == {"Vocal": 1.5, "Drums": 0.0}
    assert set(asked["options_json"]["stems"]) == {"Vocal", "Drums"}
    renders = reaper.do("return mock.log.renders")
    assert [(r["settings"], r["bounds"], r["effects"], r["volume"]) for r in renders] == [(2, 0, 0, 1)] * 2
    assert [(r["from"], r["to"]) for r in renders] == [(5.0, 7.0), (3.5, 6.5)]
    back = sound("back", 2.25)
    stems = {"Vocal": result(back, offset_s=-0.25), "Drums": {"output": None}, "mix": result(back)}
    bridge.done(asked["id"], {**result(back), "stems": stems})
    reaper.until_idle()
    vocal, drums = reaper.tracks()
    assert [item["values"]["B_MUTE"] for item in vocal["items"]] == [1, 0]
    assert vocal["items"][1]["values"]["D_POSITION"] == 4.75
    assert len(drums["items"]) == 1, "what was not touched stays"
    assert len(reaper.state["undo"]) == 1


def test_behind_its_effects_a_track_comes_back_as_a_new_one_below(reaper, bridge, sound):
    track = reaper.track("Vocal", selected=True)
    reaper.track("Bass")
    reaper.item(track, sound("v", 2.0), selected=False)
    reaper.do(rendering_of(sound("r", 2.0)))
    reaper.run("send", "warmer\nafter\ntake")
    assert [r["effects"] for r in reaper.do("return mock.log.renders")] == [1]
    bridge.done(bridge.taken()["id"], result(sound("back", 2.0)))
    reaper.until_idle()
    assert [track["name"] for track in reaper.tracks()] == ["Vocal", "Vocal (warmer)", "Bass"]
    assert [track["values"]["B_MUTE"] for track in reaper.tracks()] == [1, 0, 0]


def test_an_item_that_was_deleted_meanwhile_is_told_and_nothing_is_touched(reaper, bridge, sound):
    tracks = [reaper.track(name) for name in ("A", "B")]
    items = [reaper.item(track, sound(f"s{n}")) for n, track in enumerate(tracks)]
    reaper.run("send", WISH)
    asked = bridge.taken()
    reaper.do(
        f"for _, t in ipairs(mock.project.tracks) do if t.items[1].guid == '{items[1]}' then "
        "mock.delete_item(t.items[1]) break end end"
    )
    before = reaper.tracks()
    out = sound("out")
    bridge.done(asked["id"], {**result(out), "stems": {"s0": result(out), "s1": result(out)}})
    reaper.until_idle()
    assert reaper.tracks() == before
    assert reaper.state["boxes"] == ["The item of s1 is gone; nothing was imported."]


def test_a_renamed_and_moved_track_still_gets_its_result(reaper, bridge, sound):
    track = reaper.track("Vocal")
    reaper.item(track, sound("vocal"))
    reaper.run("send", WISH)
    reaper.do("mock.project.tracks[1].texts.P_NAME = 'Lead'; reaper.InsertTrackAtIndex(0, false)")
    bridge.done(bridge.taken()["id"], result(sound("out")))
    reaper.until_idle()
    assert [len(item["takes"]) for track in reaper.tracks() for item in track["items"]] == [2]


def test_two_requests_at_once_each_get_their_own_result(reaper, bridge, sound):
    track = reaper.track("Vocal")
    ids = []
    for name in ("one", "two"):
        reaper.do("for _, i in ipairs(mock.project.tracks[1].items) do i.selected = false end")
        reaper.item(track, sound(name))
        reaper.run("send", f"{name} warmer\nbefore\ntake")
        ids.append(bridge.taken()["id"])
    for id, name in reversed(list(zip(ids, ("one", "two"), strict=True))):
        bridge.done(id, result(sound(f"out-{name}")))
    reaper.until_idle()
    names = [[take["name"] for take in item["takes"]] for item in reaper.tracks()[0]["items"]]
    assert names == [["one", "one (one warmer)"], ["two", "two (two warmer)"]]


@pytest.mark.parametrize("also", [0, 1])
def test_what_was_closed_is_imported_later_under_the_same_id(reaper, bridge, sound, also):
    reaper.item(reaper.track("Vocal"), sound("vocal"), 2.0)
    for number in range(also):
        reaper.item(reaper.track("Bass"), sound(f"bass{number}"), 3.0)
    reaper.do("mock.keys = {0, -1}")
    reaper.run("send", WISH)
    first = bridge.taken()
    id = first["id"]
    reaper.until_idle()
    assert [entry["id"] for entry in reaper.remembered("pending")] == [id]
    reaper.run("import")
    again = bridge.taken()
    assert again == first
    back = result(sound("out"))
    bridge.done(id, {**back, "stems": {"vocal": back}})
    reaper.until_idle()
    assert len(reaper.tracks()[0]["items"][0]["takes"]) == 2
    assert reaper.remembered("pending") == []


def test_escape_takes_the_request_back(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.do("mock.keys = {27}")
    reaper.run("send", WISH)
    asked, cancel = bridge.requests
    assert (cancel["message"], cancel["job"]) == ("cancel", asked["id"])


@pytest.mark.parametrize("answer", [False, "\nbefore\ntake"])
def test_no_wish_sends_nothing(reaper, bridge, sound, answer):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", answer)
    assert bridge.requests == []


def test_nothing_selected_says_so(reaper, bridge):
    reaper.run("send", WISH)
    assert reaper.state["boxes"] == ["Select audio items or tracks first."]


def test_words_in_every_script_travel_whole(reaper, bridge, sound):
    wish = 'wärmer, "-16 LUFS" \\ 響き 🎸\t!'
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", f"{wish}\nbefore\ntake")
    assert bridge.taken()["words"] == wish


def test_the_scripts_find_their_folder_by_the_file_that_the_installer_writes(tmp_path, bridge, reaper, sound):
    there = tmp_path / "installed"
    shutil.copytree(SCRIPTS, there)
    (there / "dawbridge_config.json").write_text(f'{{"state": "{tmp_path / "state"}"}}')
    with Reaper(tmp_path / "another", tmp_path / "project", there) as installed:
        installed.item(installed.track("Vocal"), sound("vocal"))
        installed.run("send", WISH)
    assert bridge.taken()["words"] == "warmer"
