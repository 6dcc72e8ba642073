"""Jobs that are turns of a conversation: real sound, real worker, real files."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile

from tests.jobs.desk import Desk, opened
from tests.jobs.talking import options, real, turn
from tests.signals import music_like


def sound_at(path: Path, level_dbfs_peak: float = -9.0, seed: int = 440) -> Path:
    """Four seconds of music-like sound, 24-bit WAV."""
    audio = music_like(4.0, level_dbfs_peak=level_dbfs_peak, seed=seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
    return path


def sha256(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def loudness_lufs(path: str) -> float:
    """By a meter of somebody else."""
    samples, rate = soundfile.read(path)
    return float(pyloudnorm.Meter(rate).integrated_loudness(samples))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("talk")
    with opened(home, real(home)) as opened_desk:
        yield opened_desk


@pytest.fixture(scope="module")
def talked(desk: Desk) -> tuple[Path, dict[str, dict]]:
    """A sound and the results of seven turns about it."""
    path = sound_at(desk.home / "inbox" / "vocal.wav")
    words = ("warmer", "even more", "undo", "add a delay of 300 ms", "the version before the delay", "redo",
             "go back to version 2")  # fmt: skip
    return path, {each: turn(desk, path, each) for each in words}


def test_every_render_starts_at_the_untouched_original(talked):
    path, results = talked
    before = sha256(path)
    assert {result["source"]["sha256"] for result in results.values()} == {before}
    assert {result["source"]["path"] for result in results.values()} == {str(path)}


def test_a_version_rendered_twice_is_the_same_to_the_bit(talked):
    _, results = talked
    pairs = [("warmer", "undo"), ("even more", "go back to version 2"), ("add a delay of 300 ms", "redo")]
    for first, again in pairs:
        assert results[first]["output"] != results[again]["output"]
        assert sha256(results[first]["output"]) == sha256(results[again]["output"]), first
    assert sha256(results["warmer"]["output"]) != sha256(results["even more"]["output"])


def test_going_back_hands_back_the_file_that_lies_there_and_renders_where_it_was_changed(desk):
    path = sound_at(desk.home / "inbox" / "back.wav")
    made = [turn(desk, path, words, name="back") for words in ("warmer", "add a delay of 300 ms")]
    first, _ = made
    before = sha256(first["output"])

    def stages(result: dict) -> set[str]:
        return {
            event.stage for event in desk.heard if event.job == result["job"] and event.kind == "progress"
        }

    back = turn(desk, path, "undo", name="back")
    assert "render" in stages(first) and "render" not in stages(back)
    assert (back["status"], back["after"], back["checks"]) == ("done", first["after"], first["checks"])
    assert back["output"] != first["output"] and sha256(back["output"]) == before
    for result in (first, back):
        with Path(result["output"]).open("ab") as file:
            file.write(b"touched")
    assert "render" not in stages(turn(desk, path, "redo", name="back"))
    again = turn(desk, path, "go back to version 1", name="back")
    assert "render" in stages(again) and sha256(again["output"]) == before


def test_even_more_changes_the_same_steps_instead_of_stacking(talked):
    _, results = talked
    steps = [[step["id"] for step in results[words]["plan"]["steps"]] for words in ("warmer", "even more")]
    assert steps[0] == steps[1]


def test_the_result_says_which_version_is_heard(talked):
    _, results = talked
    told = [(r["outcome"], r["session"]["version"], r["session"]["parent"]) for r in results.values()]
    assert told == [
        ("plan", 1, 0), ("plan", 2, 1), ("undo", 1, 0), ("plan", 3, 1), ("undo", 1, 0), ("redo", 3, 1), ("undo", 2, 1),
    ]  # fmt: skip
    assert [result["session"]["turn"] for result in results.values()] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("words", ["compare", "compare version 1 with version 3"])
def test_both_sides_of_a_comparison_are_equally_loud_by_turning_the_louder_one_down(desk, talked, words):
    path, _ = talked
    result = turn(desk, path, words)
    sides = result["compare"]
    heard = [loudness_lufs(side["output"]) for side in sides.values()]
    assert abs(heard[0] - heard[1]) <= 0.5
    turned = sorted(side["turned_down_db"] for side in sides.values())
    assert turned[0] <= 0.0 == turned[1]
    check = next(check for check in result["checks"] if check["name"] == "equally_loud")
    assert check["ok"] and check["got"] == pytest.approx(abs(heard[0] - heard[1]), abs=0.1)


def test_the_quieter_side_of_a_comparison_keeps_its_samples(desk):
    path = sound_at(desk.home / "inbox" / "quiet.wav", seed=441)
    assert turn(desk, path, "6 dB louder")["status"] == "done"
    sides = turn(desk, path, "compare with the original")["compare"]
    assert (sides["a"]["title"], sides["a"]["turned_down_db"]) == ("the original", 0.0)
    assert sides["b"]["turned_down_db"] == pytest.approx(-6.0, abs=0.1)
    assert np.array_equal(soundfile.read(sides["a"]["output"])[0], soundfile.read(path)[0])


def test_going_back_and_a_wish_in_one_breath_make_a_child_of_that_version(desk):
    path = sound_at(desk.home / "inbox" / "breath.wav", seed=447)
    first = turn(desk, path, "warmer")
    turn(desk, path, "add a delay of 300 ms")
    both = turn(desk, path, "go back to version 1 and make it 3 dB louder")
    assert both["outcome"] == "plan" and (both["session"]["version"], both["session"]["parent"]) == (3, 1)
    effects = {step["effect"] for step in both["plan"]["steps"]}
    missing = turn(desk, path, "go back to version 9 and make it 3 dB louder")
    assert missing["outcome"] == "no_op" and "no version 9" in missing["answer"]
    assert "delay" not in effects and effects > {step["effect"] for step in first["plan"]["steps"]}


def test_silence_is_compared_as_it_is(desk):
    path = desk.home / "inbox" / "silence.wav"
    soundfile.write(path, np.zeros((48000, 2)), 48000, subtype="PCM_24")
    assert turn(desk, path, "add a delay of 200 ms")["outcome"] == "plan"
    result = turn(desk, path, "compare")
    assert {side["turned_down_db"] for side in result["compare"].values()} == {0.0}
    assert any(check["name"] == "equally_loud" and check["reason"] for check in result["checks"])


def test_a_moved_and_renamed_file_goes_on(desk):
    first = sound_at(desk.home / "inbox" / "one.wav", seed=442)
    id = turn(desk, first, "warmer")["session"]["id"]
    moved = desk.home / "inbox" / "elsewhere" / "two.wav"
    moved.parent.mkdir()
    shutil.move(first, moved)
    again = turn(desk, moved, "even more")
    assert again["session"] == {
        "id": id, "turn": 2, "version": 2, "parent": 1, "names": [], "versions": 3,
    }  # fmt: skip


def test_names_begin_conversations_of_their_own(desk):
    path = sound_at(desk.home / "inbox" / "named.wav", seed=443)
    turn(desk, path, "warmer")
    assert turn(desk, path, "undo", name="dub")["outcome"] == "no_op"
    assert turn(desk, path, "undo")["outcome"] == "undo"


def test_a_question_is_answered_by_the_next_words(desk):
    path = sound_at(desk.home / "inbox" / "asked.wav", seed=444)
    asked = turn(desk, path, "normalize it")
    assert (asked["status"], asked["outcome"]) == ("refused", "clarify")
    answered = turn(desk, path, "-16 LUFS")
    assert answered["outcome"] == "plan" and answered["session"]["turn"] == 2


def test_turns_that_are_sent_at_once_are_heard_one_after_the_other(tmp_path):
    """With two workers at work: "even more" waits for "warmer"."""
    path = sound_at(tmp_path / "inbox" / "vocal.wav", seed=445)
    with opened(tmp_path, real(tmp_path, workers=2)) as desk:
        jobs = [desk.add(path, words, options=options()).job for words in ("warmer", "even more", "undo")]
        results = [desk.result(job) for job in jobs]
    assert [(r["outcome"], r["session"]["version"]) for r in results] == [
        ("plan", 1),
        ("plan", 2),
        ("undo", 1),
    ]
    journal = next((tmp_path / "state" / "sessions").glob("*/turns.jsonl"))
    lines = [json.loads(line) for line in journal.read_text().splitlines()[1:]]
    assert [line["words"] for line in lines] == ["warmer", "even more", "undo"]


def test_undo_without_a_conversation_is_refused_as_before(desk):
    path = sound_at(desk.home / "inbox" / "alone.wav", seed=446)
    result = desk.run(path, "undo")
    assert (result["status"], result["outcome"]) == ("refused", "undo") and "session" not in result
