"""A conversation over OSC and by sidecars: the real daemon, real UDP, one store with the command line's."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import soundfile

from bridge.osc.client import new_id
from bridge.osc.messages import Chat
from tests.daemon.living import PATIENCE_S, Daemon, living, until
from tests.signals import music_like


def sound_at(path: Path, seconds: float = 4.0) -> Path:
    audio = music_like(seconds, level_dbfs_peak=-12.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, audio.samples.T, audio.rate, subtype="PCM_24")
    return path


def said(daemon: Daemon, path: Path, words: str, options: str = "") -> dict[str, Any]:
    """What a turn over OSC comes to."""
    with daemon.client() as client:
        message = Chat(new_id(), str(path), words, options)
        assert client.request(message).verdict == "accepted"
        answer = client.wait(message, timeout_s=PATIENCE_S)
    return json.loads(Path(answer.path).read_text())


def on_the_command_line(daemon: Daemon, path: Path, *lines: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "bridge.cli", "chat", str(path), "--json", "--state", str(daemon.state)],
        input="\n".join(lines), env=daemon.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_conversation_over_osc_survives_restarts_and_goes_on_at_the_terminal(tmp_path):
    path = sound_at(tmp_path / "stems" / "vocal.wav")
    with living(tmp_path, roots=str(path.parent)) as daemon:
        with daemon.client() as client:
            assert "chat" in client.hello().capabilities.split()
        first = said(daemon, path, "warmer")
        assert first["outcome"] == "plan" and first["session"]["version"] == 1
        assert Path(first["output"]).parent.parent == daemon.outbox
        daemon.stop()
        daemon.start()
        second = said(daemon, path, "even more")
        assert second["session"] == {
            "id": first["session"]["id"], "turn": 2, "version": 2, "parent": 1, "names": [], "versions": 3,
        }  # fmt: skip
        at_terminal = on_the_command_line(daemon, path, "undo", "call this one soft")
        assert [turn["session"]["version"] for turn in at_terminal] == [1, 1]
        assert at_terminal[0]["output"] == first["output"]
        back = said(daemon, path, "go back to version 2")
        assert (back["outcome"], back["session"]["version"]) == ("undo", 2)
        assert said(daemon, path, "go back to soft")["session"]["version"] == 1
        other = said(daemon, path, "undo", '{"session": "another"}')
        assert other["outcome"] == "no_op" and other["session"]["id"] != first["session"]["id"]


def test_the_same_words_twice_are_two_turns_and_the_same_id_is_one(tmp_path):
    path = sound_at(tmp_path / "stems" / "vocal.wav", 2.0)
    with living(tmp_path, roots=str(path.parent)) as daemon:
        said(daemon, path, "warmer")
        versions = [said(daemon, path, "even more")["session"]["version"] for _ in range(2)]
        assert versions == [2, 3]
        with daemon.client() as client:
            message = Chat(new_id(), str(path), "undo")
            assert client.request(message).verdict == "accepted"
            first = client.wait(message, timeout_s=PATIENCE_S)
            assert client.request(message).verdict == "duplicate"
        assert json.loads(Path(first.path).read_text())["session"]["version"] == 2
        assert said(daemon, path, "list versions")["session"]["turn"] == 5


def test_kill_9_in_mid_turn_loses_no_turn(tmp_path):
    """The daemon dies while a long sound is rendered; started again it finishes that turn once, behind the first."""
    path = sound_at(tmp_path / "stems" / "long.wav", 30.0)
    with living(tmp_path, roots=str(path.parent)) as daemon:
        said(daemon, path, "warmer")
        with daemon.client() as client:
            message = Chat(new_id(), str(path), "add a delay of 300 ms and a bit of reverb")
            assert client.request(message).verdict == "accepted"
        until(
            lambda: "started" in daemon.log and daemon.log.count("job started") >= 2,
            what="the second turn at work",
        )
        daemon.stop(signal.SIGKILL)
        journal = next((daemon.state / "sessions").glob("*/turns.jsonl"))
        assert len(journal.read_text().splitlines()) == 2
        daemon.start()
        until(lambda: len(journal.read_text().splitlines()) == 3, what="the second turn in the journal")
        third = said(daemon, path, "undo")
        assert (third["session"]["turn"], third["session"]["version"]) == (3, 1)


def test_a_sidecar_goes_on_with_the_conversation_about_its_file(tmp_path):
    with living(tmp_path) as daemon:
        daemon.inbox.joinpath("vocal.wav.request.json").write_text('{"request": "warmer", "session": true}')
        path = sound_at(daemon.inbox / "vocal.wav")
        first = daemon.result_of(path)
        path.with_name("vocal.wav.request.json").write_text('{"request": "even more", "session": true}')
        both = until(lambda: len(found := daemon.results_of(path)) == 2 and found, what="the second turn")
        second = next(result for result in both if result["request"] == "even more")
        assert first["session"]["id"] == second["session"]["id"] and second["session"]["version"] == 2
        steps = [[step["id"] for step in result["plan"]["steps"]] for result in (first, second)]
        assert steps[0] == steps[1] and first["plan"]["id"] != second["plan"]["id"]


def test_a_session_that_is_none_is_refused_with_its_name(tmp_path):
    from bridge.errors import BridgeError

    path = sound_at(tmp_path / "stems" / "vocal.wav", 1.0)
    wrong = {
        "session": ('{"session": 3}', '{"session": "' + "x" * 300 + '"}'),
        "sessions": ('{"sessions": true}',),
    }
    with living(tmp_path, roots=str(path.parent)) as daemon, daemon.client() as client:
        for name, many in wrong.items():
            for options in many:
                with pytest.raises(BridgeError, match=name):
                    client.request(Chat(new_id(), str(path), "warmer", options))
        assert daemon.alive()
