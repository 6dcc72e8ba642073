"""`dawbridge live` as people and scripts run it, on ReaStream from a sender of our own."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.metering.sending import PATIENCE_S, Sender, tone, until


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Live:
    def __init__(self, folder: Path, *options: str, out=None) -> None:
        self.port, self.folder = free_port(), folder
        self.file = folder / "out.jsonl"
        environment = {
            **os.environ,
            "HOME": str(folder),
            "BRIDGE_STATE": str(folder / "state"),
            "COLUMNS": "90",
        }
        command = (
            sys.executable, "-m", "bridge.cli", "live", "--input", f"reastream@127.0.0.1:{self.port}", *options
        )  # fmt: skip
        with self.file.open("wb") as file, (folder / "errors.log").open("wb") as errors:
            self.process = subprocess.Popen(command, env=environment, stdout=out or file, stderr=errors)

    @property
    def lines(self) -> list[dict]:
        assert self.process.poll() in (None, 0, 130), (self.folder / "errors.log").read_text()
        return [json.loads(line) for line in self.file.read_text().split("\n")[:-1]]

    def of(self, kind: str) -> list[dict]:
        return [line for line in self.lines if line.get("kind") == kind]

    def end(self) -> dict:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_S)
        return self.lines[-1]


@pytest.fixture
def started():
    begun = []

    def start(folder: Path, *options: str, **more) -> Live:
        begun.append(Live(folder, *options, **more))
        return begun[-1]

    yield start
    for each in begun:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


def test_one_object_a_line_and_the_last_one_is_the_summary(started, tmp_path):
    live = started(tmp_path, "--json")
    until(lambda: live.of("state"), "the input is open")
    with Sender(live.port, "drums") as sender:
        sent = sender.play(tone(4.0, 0.1, 997.0), lambda sent: time.sleep(0.0005))
        until(lambda: live.of("meters") and live.of("meters")[-1]["seconds"] > 3.8)
    summary = live.end()
    assert live.process.returncode == 130
    assert (summary["kind"], summary["input"]) == ("summary", 'ReaStream "drums"')
    assert (summary["rate"], summary["channels"]) == (48000, 2)
    assert (summary["blocks"], summary["frames"]) == (sent, 4 * 48000)
    assert not any(summary["losses"].values())
    assert summary["readings"]["integrated_lufs"] == pytest.approx(-20.0, abs=0.1)
    assert summary["readings"]["true_peak_dbtp"] == pytest.approx(-20.0, abs=0.1)


def test_the_last_seconds_are_processed_and_clipping_was_suggested(started, tmp_path):
    live = started(tmp_path, "--json", "--capture", "2", "--process", "-6 dB")
    until(lambda: live.of("state"))
    with Sender(live.port) as sender:
        sender.play(tone(2.5, 1.2, 440.0), lambda sent: time.sleep(0.0005))
        until(lambda: live.of("suggestion"), "a suggestion")
    summary = live.end()
    suggestion = live.of("suggestion")[0]
    assert (suggestion["device"], suggestion["parameter"], suggestion["value"]) == ("gain", "gain_db", -2.6)
    stem, rate = soundfile.read(summary["captured"]["path"], always_2d=True)
    assert rate == 48000 and len(stem) == 96000 and np.abs(stem).max() == pytest.approx(1.2, abs=0.001)
    result = summary["result"]
    assert result["status"] == "done" and Path(result["output"]).exists()
    change = result["after"]["rms"]["value"] - result["before"]["rms"]["value"]
    assert change == pytest.approx(-6.0, abs=0.1)


def test_a_capture_without_sound_is_an_error_with_a_reason(started, tmp_path):
    live = started(tmp_path, "--json", "--seconds", "0.2", "--capture", "2")
    assert live.process.wait(PATIENCE_S) == 2
    error = json.loads(live.file.read_text().split("\n")[-2])["error"]
    assert "nothing to capture" in error["message"]


def test_a_terminal_shows_meters_in_their_place(started, tmp_path):
    """What is on the screen after it has been drawn over and over: each meter once."""
    master, slave = pty.openpty()
    live = started(tmp_path, out=slave)
    os.close(slave)
    drawn = b""

    def seen(text: str) -> bool:
        nonlocal drawn
        if select.select([master], [], [], 0.05)[0]:
            drawn += os.read(master, 65536)
        return text.encode() in drawn

    try:
        until(lambda: seen("waiting for ReaStream"))
        with Sender(live.port) as sender:
            sender.play(tone(1.0, 0.1, 997.0), lambda sent: time.sleep(0.0005))
            until(lambda: seen("momentary    -20.0 LUFS"))
            until(lambda: drawn.count(b"momentary") > 5 or seen("never"))
        live.process.send_signal(signal.SIGINT)
        until(lambda: seen("integrated loudness -20.0 LUFS"))
    finally:
        os.close(master)
    assert re.search(rb"\x1b\[\d+A\r", drawn), "the cursor goes up and draws over"
    shown = drawn.split(b"\x1b[")[-40:]
    assert any(b"true peak" in each for each in shown)


@pytest.mark.parametrize(("options", "why"), [
    ((), "Say what to listen to"),
    (("--input", "reastream", "--process", "warmer"), "--process needs --capture"),
    (("--input", "reastream@127.0.0.1:99999"), "HOST:PORT"),
    (("--input", "reastream", "--target", "no such thing"), "There is no target"),
])  # fmt: skip
def test_bad_usage_is_told_before_anything_is_opened(options, why, capsys, monkeypatch, tmp_path):
    from bridge.cli.app import run

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("BRIDGE_LIVE_INPUT", raising=False)
    assert run(["live", *options]) == 2
    assert why in capsys.readouterr().err
