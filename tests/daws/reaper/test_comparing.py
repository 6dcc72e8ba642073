"""Original against result: in turn at one loudness, then one of them is kept; and what the other actions do."""

from __future__ import annotations

import pytest

from tests.daws.reaper.playing import rendering_of, result


@pytest.fixture
def imported(reaper, bridge, sound):
    """A vocal whose result is a take, 6 LU louder and half a second longer."""
    reaper.item(reaper.track("Vocal"), sound("vocal", 1.0))
    reaper.run("send", "louder\nbefore\ntake")
    bridge.done(bridge.taken()["id"], result(sound("out", 1.5), before=-20.0, after=-14.0))
    reaper.until_idle()
    return reaper


def takes(reaper):
    (item,) = reaper.tracks()[0]["items"]
    return item["active"], [take["values"]["D_VOL"] for take in item["takes"]], item["values"]["D_LENGTH"]


def test_audition_toggles_and_turns_the_louder_one_down(imported):
    imported.run("audition")
    assert takes(imported)[:2] == (1, [1, pytest.approx(0.501, abs=1e-3)])
    imported.run("audition")
    assert takes(imported)[:2] == (2, [1, pytest.approx(0.501, abs=1e-3)])
    assert len(imported.state["undo"]) == 3


def test_accept_keeps_the_result_as_loud_as_it_is(imported):
    imported.run("audition")
    imported.run("accept")
    assert takes(imported)[:2] == (2, [1, 1])
    assert imported.remembered("versions") == []
    assert imported.state["undo"][-1] == 'dawbridge: keep "louder"'


def test_reject_leaves_the_project_as_it_was(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal", 1.0))
    before, settings = reaper.tracks(), reaper.settings()
    reaper.run("send", "louder\nbefore\ntake")
    bridge.done(bridge.taken()["id"], result(sound("out", 1.5)))
    reaper.until_idle()
    reaper.run("audition")
    reaper.run("reject")
    assert reaper.tracks() == before
    assert reaper.settings() == settings
    assert len(reaper.state["undo"]) == 3


@pytest.mark.parametrize("place", ["before", "after"])
def test_reject_of_a_whole_track_leaves_the_project_as_it_was(reaper, bridge, sound, place):
    reaper.item(reaper.track("Vocal", selected=True), sound("vocal", 1.0), selected=False)
    reaper.do(rendering_of(sound("stem", 1.0)))
    before, settings = reaper.tracks(), reaper.settings()
    reaper.run("send", f"louder\n{place}\ntake")
    bridge.done(bridge.taken()["id"], result(sound("out", 1.5)))
    reaper.until_idle()
    assert reaper.tracks() != before
    reaper.run("audition")
    reaper.run("reject")
    assert reaper.tracks() == before
    assert reaper.settings() == settings


def test_a_quieter_result_turns_the_original_down_and_never_the_result_up(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", "quieter\nbefore\ntake")
    bridge.done(bridge.taken()["id"], result(sound("out"), before=-14.0, after=-20.0))
    reaper.until_idle()
    reaper.run("audition")
    assert takes(reaper)[1] == [pytest.approx(0.501, abs=1e-3), 1]
    reaper.run("reject")
    assert takes(reaper)[1] == [1]


@pytest.mark.parametrize("action", ["audition", "accept", "reject"])
def test_a_take_that_was_deleted_is_told_and_nothing_changes(imported, action):
    imported.do(
        "local i = mock.project.tracks[1].items[1]; i.takes[2].gone = true; table.remove(i.takes); "
        "i.active = i.takes[1]"
    )
    before = imported.tracks()
    imported.run(action)
    assert imported.tracks() == before
    assert "not complete any more" in imported.state["boxes"][0]


@pytest.mark.parametrize("action", ["audition", "accept", "reject"])
def test_without_a_result_there_is_nothing_to_compare(reaper, action):
    reaper.run(action)
    assert "no result" in reaper.state["boxes"][0]


def test_the_selected_items_own_result_is_meant(reaper, bridge, sound):
    track = reaper.track("Vocal")
    for at, name in enumerate(("one", "two")):
        reaper.do("for _, i in ipairs(mock.project.tracks[1].items) do i.selected = false end")
        reaper.item(track, sound(name), 5.0 * at)
        reaper.run("send", f"{name}\nbefore\ntake")
        bridge.done(bridge.taken()["id"], result(sound(f"out-{name}")))
        reaper.until_idle()
    reaper.do("local i = mock.project.tracks[1].items; i[1].selected, i[2].selected = true, false")
    reaper.run("audition")
    assert [item["active"] for item in reaper.tracks()[0]["items"]] == [1, 2]


def test_a_damaged_memory_of_the_project_is_none(reaper):
    reaper.do("mock.project.extstate['dawbridge/versions'] = '[{\"id\":'")
    reaper.run("audition")
    assert "no result" in reaper.state["boxes"][0]


def test_a_suggestion_that_is_chosen_is_done(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.do("mock.menu = {2}")
    reaper.run("suggestions")
    asked = bridge.taken()
    assert asked["message"] == "analyze"
    choices = [
        {"label": "#Peaks | clip.", "words": "declip"},
        {"label": "Hum at 50 Hz.", "words": "remove hum"},
    ]
    bridge.done(asked["id"], {"choices": choices})
    reaper.tick()
    assert reaper.do("return mock.window.menu") == "Peaks   clip.  →  declip|Hum at 50 Hz.  →  remove hum"
    asked = bridge.taken()
    assert (asked["message"], asked["words"]) == ("process", "remove hum")
    bridge.done(asked["id"], result(sound("out")))
    reaper.until_idle()
    assert takes(reaper)[0] == 2


def test_a_chat_goes_on_about_the_same_sound_until_it_is_closed(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("chat", "warmer")
    first = bridge.taken()
    assert first["message"] == "chat"
    reaper.do("table.insert(mock.answers, 'even more')")
    bridge.done(first["id"], result(sound("one")))
    reaper.tick()
    second = bridge.taken()
    assert (second["path"], second["words"]) == (first["path"], "even more")
    assert second["options_json"]["session"] == first["options_json"]["session"]
    reaper.do("table.insert(mock.answers, false)")
    bridge.done(second["id"], {"output": None, "answer": "It is as warm as it gets."})
    reaper.until_idle()
    assert takes(reaper)[0] == 2
    reaper.run("chat", "undo")
    assert bridge.taken()["path"] == first["path"]
