"""Ardour's Master, heard while it plays: over a real JACK into PortAudio, sounddevice, the ring and the meters."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bridge.daws.ardour.link import ArdourLink
from tests.daws.ardour.lanes import TONE_S, TONES_HZ
from tests.daws.ardour.real import RealArdour
from tests.daws.ardour.session_file import RATE
from tests.metering.sending import until
from tests.real import must_have

pytestmark = pytest.mark.real

PASSES = 4
"""JACK without real-time priority loses blocks on a busy machine, inside of Ardour too, where nobody counts them: a
pass that lost some is played again. A level that is wrong is wrong every time."""


class Live:
    """`dawbridge live --json` on the JACK server of a running Ardour."""

    def __init__(self, running: RealArdour, folder: Path, *options: str) -> None:
        must_have(
            "PortAudio and jack_connect", bool(find_library("portaudio") and shutil.which("jack_connect"))
        )
        folder.mkdir(exist_ok=True)
        self._server = running.server
        self._out, self._errors = folder / "live.jsonl", folder / "live.log"
        environment = {
            **os.environ, "HOME": str(folder), "JACK_DEFAULT_SERVER": running.server, "JACK_NO_START_SERVER": "1",
            "BRIDGE_STATE": str(folder / "state"),
        }  # fmt: skip
        command = (sys.executable, "-m", "bridge.cli", "live", "--input", "system", "--json", *options)
        with self._out.open("wb") as out, self._errors.open("wb") as errors:
            self._process = subprocess.Popen(command, env=environment, stdout=out, stderr=errors)

    @property
    def lines(self) -> list[dict[str, Any]]:
        whole = self._out.read_text().split("\n")[:-1]
        return [json.loads(line) for line in whole]

    @property
    def meters(self) -> list[dict[str, Any]]:
        assert self._process.poll() is None or self._process.returncode in (0, 130), self._errors.read_text()
        return [line for line in self.lines if line.get("kind") == "meters"]

    def connect(self, port: str, to: str) -> None:
        """Tried until the port is there: PortAudio opens it a moment after the first meters on a busy machine."""

        def connected() -> bool:
            done = subprocess.run(
                ("jack_connect", "-s", self._server, port, to), check=False, capture_output=True, text=True
            )
            return done.returncode == 0

        until(connected, f"the connection of {port} to {to}")

    def end(self) -> dict[str, Any]:
        """Ctrl-C; the summary."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        return self.lines[-1]

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def levels_db(sound: np.ndarray, hz: float) -> np.ndarray:
    """Of one tone, in each tenth of a second that it sounds in [sound: shape=(frames,)]. A tenth in which a busy
    machine lost a block reads low: the upper quarter is of whole ones."""
    frames = RATE // 10
    windows = sound[: len(sound) // frames * frames].reshape(-1, frames)
    at = np.exp(-2j * np.pi * hz * np.arange(frames) / RATE)
    levels = 20 * np.log10(2 * np.abs(windows @ at) / frames + 1e-9)
    return levels[levels > levels.max() - 3]


def heard(running: RealArdour, link: ArdourLink, live: Live) -> tuple[dict[str, Any], np.ndarray]:
    """The summary, and what was captured of one time through the tones [shape=(frames, 2)]."""
    until(lambda: live.meters, "the first meters")
    assert live.meters[-1]["sample_peak_dbfs"] is None, "nothing is connected yet"
    for side in (1, 2):
        live.connect(f"ardour:Master/audio_out {side}", f"PortAudio:in_{side - 1}")
    link._surface.tell("/goto_start")
    link._surface.tell("/transport_play")
    try:
        sounding = until(
            lambda: [line for line in live.meters if line["sample_peak_dbfs"] is not None], "sound"
        )
        until(lambda: live.meters[-1]["seconds"] > sounding[0]["seconds"] + TONE_S - 0.5)
    finally:
        link._surface.tell("/transport_stop")
    summary = live.end()
    stem, rate = soundfile.read(summary["captured"]["path"], always_2d=True)
    assert rate == RATE
    return summary, stem


def test_what_ardours_master_plays_is_heard_at_the_level_of_its_export(running, link, tmp_path):
    exported = running.export()[: 2 * RATE, 0]
    expected_db = {hz: np.median(levels_db(exported, hz)) for hz in TONES_HZ.values()}
    for attempt in range(1, PASSES + 1):
        live = Live(running, tmp_path / str(attempt), "--capture", "30")
        try:
            summary, stem = heard(running, link, live)
        finally:
            live.kill()
        assert (summary["kind"], summary["rate"], summary["channels"]) == ("summary", RATE, 2)
        losses = summary["losses"]
        assert losses["unmeasured_frames"] == 0 and losses["bad_samples"] == 0
        assert losses["dropped_blocks"] == losses.get("input overflow", 0)
        begin = int(np.argmax(np.abs(stem[:, 0]) > 1e-4))
        tones = stem[begin : begin + 2 * RATE, 0]
        got_db = {hz: np.percentile(levels_db(tones, hz), 75) for hz in TONES_HZ.values()}
        if got_db == pytest.approx(expected_db, abs=0.1):
            return
    assert got_db == pytest.approx(expected_db, abs=0.1)
