"""The other side of the mailbox is gone, dies, starts anew, writes halves and lies; or there is simply no sound."""

from __future__ import annotations

import pytest

from tests.daws.reaper.playing import result

WISH = "warmer\nbefore\ntake"


def test_without_a_daemon_nothing_is_written_and_the_way_out_is_told(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    bridge.beat(at=1000)
    reaper.run("send", WISH)
    assert "dawbridge serve" in reaper.state["boxes"][0]
    assert bridge.requests == []
    assert list((bridge.folder / "sounds").iterdir()) == []


def test_another_protocol_is_told(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    bridge.beat(protocol=2)
    reaper.run("send", WISH)
    assert "install-script reaper" in reaper.state["boxes"][0]


def test_a_daemon_that_dies_meanwhile_is_shown_and_the_result_still_comes(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", WISH)
    id = bridge.taken()["id"]
    bridge.beat(at=1000)
    reaper.do("mock.late_s = 100")
    reaper.tick()
    assert "has stopped" in reaper.state["shown"]
    bridge.done(id, result(sound("out")))
    reaper.until_idle()
    assert len(reaper.tracks()[0]["items"][0]["takes"]) == 2


def test_a_daemon_that_was_started_anew_is_asked_again_with_the_same_id(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", WISH)
    asked = bridge.taken()
    bridge.answer(asked["id"], 1, {"message": "progress", "fraction": 0.5, "stage": "render"})
    reaper.tick()
    bridge.beat(pid=2)
    reaper.do("mock.late_s = 2")
    reaper.tick()
    assert bridge.taken() == asked
    bridge.done(asked["id"], result(sound("out")))
    reaper.until_idle()
    assert len(reaper.tracks()[0]["items"][0]["takes"]) == 2


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"message": "result"', "[1,2]", "null", '{"message": 5}', "\x00" * 99, '{"a":' * 500,
     '{"message": "result", "id": "somebody-else", "status": "done", "path_of_result_json": "/etc/passwd"}'],
)  # fmt: skip
def test_a_hostile_reply_is_passed_over_and_the_true_one_is_taken(reaper, bridge, sound, text):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", WISH)
    id = bridge.taken()["id"]
    bridge.answer(id, 1, text)
    bridge.done(id, result(sound("out")), number=2)
    reaper.tick()
    assert len(reaper.tracks()[0]["items"][0]["takes"]) == 1, "it might still be being written"
    reaper.do("mock.late_s = mock.late_s + 3")
    reaper.until_idle()
    assert len(reaper.tracks()[0]["items"][0]["takes"]) == 2


def test_a_half_written_reply_is_read_when_it_is_whole(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", WISH)
    id = bridge.taken()["id"]
    bridge.answer(id, 1, '{"message": "progress", "id":')
    reaper.tick()
    bridge.answer(id, 1, {"message": "progress", "fraction": 0.5, "stage": "render"})
    reaper.tick()
    assert reaper.state["shown"] == "render"
    bridge.done(id, result(sound("out")), number=2)
    reaper.until_idle()
    assert reaper.state["boxes"] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"status": "refused", "question": "Which vocal?"}, "Which vocal?"),
        ({"status": "failed", "reason": "It broke."}, "It broke."),
        ({"output": None, "answer": "It is loud enough."}, "It is loud enough."),
        ({"output": "/nowhere/out.wav"}, "/nowhere/out.wav cannot be copied to the project"),
    ],
)
def test_what_gives_no_sound_says_why(reaper, bridge, sound, content, said):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", WISH)
    id = bridge.taken()["id"]
    bridge.done(id, content)
    if "status" in content:
        path = bridge.folder.parent / f"{id}.result.json"
        bridge.answer(
            id,
            1,
            {"message": "result", "status": content["status"], "path_of_result_json": str(path)},
        )
    reaper.until_idle()
    assert said in reaper.state["boxes"][0]
    assert len(reaper.tracks()[0]["items"][0]["takes"]) == 1


def test_a_rejected_request_says_why(reaper, bridge, sound):
    reaper.item(reaper.track("Vocal"), sound("vocal"))
    reaper.run("send", WISH)
    bridge.answer(
        bridge.taken()["id"], 1, {"message": "ack", "verdict": "rejected", "reason": "no such file"}
    )
    reaper.until_idle()
    assert "no such file" in reaper.state["boxes"][0]
