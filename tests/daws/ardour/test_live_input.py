"""Ardour's Master, heard while it plays: over a real JACK into PortAudio, sounddevice, the ring and the meters."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.daws.ardour.lanes import TONE_S, TONES_HZ
from tests.daws.ardour.real import RealArdour
from tests.daws.ardour.session_file import RATE
from tests.metering.sending import until
from tests.real import must_have

pytestmark = pytest.mark.real


class Live:
    """`dawbridge live --json` on the JACK server of a running Ardour."""

    def __init__(self, running: RealArdour, folder: Path, *options: str) -> None:
        must_have(
            "PortAudio and jack_connect", bool(find_library("portaudio") and shutil.which("jack_connect"))
        )
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
        subprocess.run(("jack_connect", "-s", self._server, port, to), check=True, capture_output=True)

    def end(self) -> dict[str, Any]:
        """Ctrl-C; the summary."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        return self.lines[-1]

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def live(running: RealArdour, tmp_path: Path) -> Iterator[Live]:
    made = Live(running, tmp_path, "--capture", "30")
    try:
        until(lambda: made.meters, "the first meters")
        yield made
    finally:
        made.kill()


def levels_db(sound: np.ndarray, hz: float) -> np.ndarray:
    """Of one tone, in each tenth of a second that it sounds in [sound: shape=(frames,)]. A tenth in which a busy
    machine lost a block reads low: the upper quarter is of whole ones."""
    frames = RATE // 10
    windows = sound[: len(sound) // frames * frames].reshape(-1, frames)
    at = np.exp(-2j * np.pi * hz * np.arange(frames) / RATE)
    levels = 20 * np.log10(2 * np.abs(windows @ at) / frames + 1e-9)
    return levels[levels > levels.max() - 3]


def test_what_ardours_master_plays_is_heard_at_the_level_of_its_export(running, link, live):
    exported = running.export()
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
    assert (summary["kind"], summary["rate"], summary["channels"]) == ("summary", RATE, 2)
    losses = summary["losses"]
    assert losses["unmeasured_frames"] == 0 and losses["bad_samples"] == 0
    assert losses["dropped_blocks"] == losses.get("input overflow", 0)
    stem, rate = soundfile.read(summary["captured"]["path"], always_2d=True)
    assert rate == RATE
    for hz in TONES_HZ.values():
        live_db, exported_db = (
            np.percentile(levels_db(sound[:, 0], hz), 75) for sound in (stem, exported[: 2 * RATE])
        )
        assert live_db == pytest.approx(exported_db, abs=0.1), f"{hz} Hz"
