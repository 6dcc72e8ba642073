"""The daemon's life: start, one a state folder, discovery, journeys over folder and OSC, kill, clean stop."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.osc.client import Rejected, new_id
from bridge.osc.messages import Analyze, Cancel, FileReady, Hello, Plan, Process, Status
from tests.daemon.living import PATIENCE_S, Daemon, living, until
from tests.osc.packets import PING
from tests.osc.serving import Bare


def tone(path: Path, seconds: float = 1.0, level: float = 0.05) -> Path:
    soundfile.write(
        path, level * np.sin(2 * np.pi * 997 * np.arange(int(48000 * seconds)) / 48000), 48000, "PCM_24"
    )
    return path


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with living(tmp_path_factory.mktemp("serving")) as daemon:
        yield daemon


# -- life ----------------------------------------------------------------------------------------------------------


def test_discovery_names_the_process_and_the_port_and_belongs_to_its_owner(daemon):
    found = daemon.discovery
    assert found["protocol"] == 1
    assert found["pid"] == daemon.process.pid
    assert found["osc"]["host"] == "127.0.0.1"
    assert "token" not in found
    if sys.platform != "win32":
        assert stat.S_IMODE(daemon.discovery_file.stat().st_mode) == 0o600


def test_a_second_daemon_on_the_same_state_folder_says_so_and_leaves(daemon):
    second = daemon.spawn()
    assert second.wait(PATIENCE_S) == 1
    last = daemon.log.splitlines()[-1]
    assert f"process {daemon.process.pid}" in last
    assert "--state" in last
    assert daemon.alive()
    assert daemon.discovery["pid"] == daemon.process.pid


def test_a_port_in_use_is_one_sentence_with_the_next_step(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        other = Daemon(tmp_path, osc_port=port)
        assert other.spawn().wait(PATIENCE_S) == 1
    assert other.log.splitlines()[-1].startswith(f"dawbridge: UDP port {port} on 127.0.0.1 is in use")
    assert "Traceback" not in other.log
    assert other.discovery is None


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_cleanly(tmp_path, number, code):
    with living(tmp_path) as daemon:
        tone(daemon.inbox / "x.wav", 20)
        until(lambda: "job started" in daemon.log)
        assert daemon.stop(number) == code
        assert daemon.discovery is None
        assert "Traceback" not in daemon.log
        assert daemon.log_lines[-1]["event"] == "stopped"
        assert daemon.start().result_of(daemon.inbox / "x.wav")["status"] == "done"


def test_after_kill_9_it_takes_up_what_was_running(tmp_path):
    with living(tmp_path) as daemon:
        tone(daemon.inbox / "x.wav", 15)
        until(lambda: "job started" in daemon.log)
        daemon.process.kill()
        daemon.process.wait()
        assert daemon.results() == []
        daemon.start()
        assert daemon.result_of(daemon.inbox / "x.wav")["status"] == "done"
        assert daemon.discovery["pid"] == daemon.process.pid


def test_a_restart_runs_nothing_twice(tmp_path):
    with living(tmp_path) as daemon:
        tone(daemon.inbox / "x.wav")
        (daemon.inbox / "y.wav.txt").write_text("warmer")
        tone(daemon.inbox / "y.wav")
        for name in "xy":
            daemon.result_of(daemon.inbox / f"{name}.wav")
        daemon.stop()
        daemon.settings["default_request"] = "-14 LUFS"
        daemon.start()
        until(lambda: daemon.log.count('"dropped"') >= 3, what="the rescan to have come to y.wav")
        time.sleep(1)
        assert len(daemon.results()) == 2


def test_the_log_is_one_json_object_a_line_and_is_kept(daemon):
    assert {"at", "level", "room", "event"} <= daemon.log_lines[0].keys()
    kept = (daemon.state / "logs" / "daemon.log").read_text().splitlines()
    assert any(json.loads(line)["event"] == "serving" for line in kept)


def test_the_command_line_serves_too(tmp_path):
    class ByCommand(Daemon):
        command = ("-m", "bridge.cli", "serve")

    with living(tmp_path, ByCommand) as daemon:
        assert daemon.alive()
        assert daemon.stop(signal.SIGINT) == 130


# -- journeys ------------------------------------------------------------------------------------------------------


def test_a_dropped_file_comes_back_verified(daemon):
    source = tone(daemon.inbox / "drop.wav")
    before = source.read_bytes()
    result = daemon.result_of(source)
    assert (result["status"], result["ok"]) == ("done", True)
    assert soundfile.info(result["output"]).subtype == "PCM_24"
    assert source.read_bytes() == before


def test_a_folder_named_after_a_preset_applies_it(daemon):
    from bridge.daemon.presets import folder_wishes

    wishes = folder_wishes()
    assert wishes
    name = sorted(wishes)[0]
    (daemon.inbox / name).mkdir()
    result = daemon.result_of(tone(daemon.inbox / name / "preset.wav", 2))
    assert result["request"] == wishes[name].words
    assert result["outcome"] in ("plan", "no_op"), result["reason"]


def test_words_over_osc_reach_their_target_and_the_default_is_not_run_as_well(daemon):
    bounced, source = tone(daemon.aside / "osc.wav", 3), daemon.inbox / "osc.wav"
    with daemon.client() as client:
        assert "process" in client.hello().capabilities.split()
        asked = Process(new_id(), str(source), "-20 LUFS")
        bounced.rename(source)  # whole at once, and asked for before the folder can have settled
        assert client.request(asked).verdict == "accepted"
        steps = []
        answer = client.wait(asked, timeout_s=PATIENCE_S, on_progress=lambda *step: steps.append(step))
    result = json.loads(Path(answer.path).read_text())
    assert answer.status == "done", result["reason"]
    assert abs(result["after"]["integrated_loudness"]["value"] + 20) <= 0.1
    assert [fraction for fraction, _ in steps] == sorted(fraction for fraction, _ in steps)
    time.sleep(1)
    assert len(daemon.results_of(source)) == 1


def test_a_repeated_id_is_a_duplicate_and_its_result_is_sent_again(daemon):
    source = tone(daemon.aside / "again.wav")
    asked = Process(new_id(), str(source), "-22 LUFS")
    with daemon.client() as client:
        job = client.request(asked).reason
        first = client.wait(asked, timeout_s=PATIENCE_S)
    with daemon.client() as client:
        ack = client.request(asked)
        assert (ack.verdict, ack.reason) == ("duplicate", job)
        assert client.wait(asked, timeout_s=PATIENCE_S) == first
        with pytest.raises(Rejected, match="used for another request"):
            client.request(Process(asked.id, str(source), "-10 LUFS"))
        other = Process(new_id(), str(source), "-22 LUFS")
        assert client.request(other).verdict == "duplicate"
        assert client.wait(other, timeout_s=PATIENCE_S).path == first.path
    assert len(daemon.results_of(source)) == 1


def test_a_request_that_comes_in_ten_copies_makes_one_job(daemon):
    from bridge.osc import codec

    source = tone(daemon.aside / "ten.wav")
    data = codec.encode(Process(new_id(), str(source), "-23 LUFS"))
    with Bare(daemon.address) as me:
        for _ in range(10):
            me.send(data)
        heard = [me.hear() for _ in range(10)]
        acks = [arguments[1] for where, arguments in heard if where.endswith("/ack")]
    assert acks.count("accepted") == 1
    daemon.result_of(source)


def test_analyze_and_plan_give_a_result_file_without_a_sound(daemon):
    source = tone(daemon.inbox / "look.wav")
    daemon.result_of(source)
    asks = {
        "answer": Analyze(new_id(), str(source)),
        "plan": Plan(new_id(), str(source), "high-pass at 80 Hz"),
    }
    with daemon.client() as client:
        for outcome, asked in asks.items():
            client.request(asked)
            answer = client.wait(asked, timeout_s=PATIENCE_S)
            result = json.loads(Path(answer.path).read_text())
            assert answer.status == result["status"] == "done", result["reason"]
            assert (result["output"], result["question"], result["outcome"]) == (None, None, outcome)
            assert abs(result["before"]["sample_peak"]["value"] + 26.02) < 0.1
    assert result["plan"]["steps"]


def test_an_announced_bounce_starts_without_settling_and_answers_its_script(tmp_path):
    with living(tmp_path, settle_s=600) as daemon:
        source = tone(daemon.inbox / "bounce.wav")
        with daemon.client() as client:
            asked = FileReady(new_id(), str(source), source.stat().st_size)
            ack = client.request(asked)
            assert ack.verdict == "accepted"
            assert ack.reason
            answer = client.wait(asked, timeout_s=PATIENCE_S)
            assert answer.status == "done"
            assert client.request(asked).verdict == "duplicate"
        assert len(daemon.results()) == 1


def test_an_announcement_of_a_file_that_was_done_before_gets_its_result(daemon):
    source = tone(daemon.inbox / "late.wav")
    done = daemon.result_of(source)
    with daemon.client() as client:
        asked = FileReady(new_id(), str(source), source.stat().st_size)
        ack = client.request(asked)
        assert (ack.verdict, ack.reason) == ("duplicate", done["job"])
        assert client.wait(asked, timeout_s=PATIENCE_S).status == "done"
        with pytest.raises(Rejected, match="used for another request"):
            client.request(FileReady(asked.id, str(daemon.inbox / "other.wav"), 5))
    assert len(daemon.results_of(source)) == 1


def test_a_running_job_can_be_cancelled(daemon):
    source = tone(daemon.aside / "long.wav", 120)
    with daemon.client() as client:
        asked = Process(new_id(), str(source), "more reverb")
        client.request(asked)
        client.request(Cancel(new_id(), asked.id))
        assert client.wait(asked, timeout_s=PATIENCE_S).status == "cancelled"
        with pytest.raises(Rejected, match="already ended"):
            client.request(Cancel(new_id(), asked.id))
    assert daemon.result_of(source)["status"] == "cancelled"


def test_status_lists_jobs_in_pages_of_one_datagram(daemon):
    for number in range(12):
        tone(daemon.inbox / f"page-{number}-{'x' * 100}.wav", 0.1)
    until(lambda: len(daemon.results()) >= 12)
    with daemon.client() as client:
        pages = client.jobs(Status(new_id()))
        jobs = [job for page in pages for job in json.loads(page)]
        one = json.loads(client.jobs(Status(new_id(), jobs[0]["job"]))[0])
    assert len(pages) > 1
    assert all(len(page) < 1400 for page in pages)
    assert [job["job"] for job in jobs] == sorted((job["job"] for job in jobs), reverse=True)
    assert one[0]["job"] == jobs[0]["job"]


def test_results_find_the_reply_port_of_their_client(daemon):
    from bridge.osc import codec

    source = tone(daemon.aside / "reply.wav")
    with Bare(daemon.address, 60) as mouth, Bare(daemon.address, 60) as ear:
        mouth.send(codec.encode(Hello("script", "1", ear.port)))
        mouth.send(codec.encode(Process("reply-1", str(source), "-24 LUFS")))
        heard = [ear.hear()]
        while heard[-1][0] != "/bridge/v1/result":
            heard.append(ear.hear())
        assert mouth.hears_nothing(0.2)
    assert [where.rpartition("/")[2] for where, _ in heard[:2]] == ["welcome", "ack"]
    assert heard[-1][1][:2] == ["reply-1", "done"]


def test_with_a_token_only_those_who_know_it_are_served(tmp_path):
    with living(tmp_path, osc_token="s3cret") as daemon:
        assert daemon.discovery["token"] == "s3cret"
        assert "s3cret" not in daemon.log
        with Bare(daemon.address) as stranger:
            stranger.send(PING)
            assert stranger.hear()[1] == ["one", "say hello with the token first"]
        assert daemon.alive()


def test_the_secret_of_a_worker_stands_on_no_command_line(tmp_path):
    with living(tmp_path, osc_token="s3cret", model_api_key="k3y") as daemon:
        listed = subprocess.run(
            ["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True
        ).stdout
        assert daemon.alive()
    assert "s3cret" not in listed
    assert "k3y" not in listed
