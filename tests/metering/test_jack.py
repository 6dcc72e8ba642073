"""A real JACK that ends under a running `dawbridge live`: told, and the command still ends with its summary."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from ctypes.util import find_library

import pytest

from tests.metering.sending import PATIENCE_S, until
from tests.real import must_have

pytestmark = pytest.mark.real


def test_a_jack_server_that_ends_is_told_and_holds_up_nothing(tmp_path):
    must_have("PortAudio and jackd", bool(find_library("portaudio") and shutil.which("jackd")))
    server = f"dawbridge-{secrets.token_hex(4)}"
    environment = {
        **os.environ, "HOME": str(tmp_path), "BRIDGE_STATE": str(tmp_path / "state"), "JACK_DEFAULT_SERVER": server,
        "JACK_NO_START_SERVER": "1", "JACK_NO_AUDIO_RESERVATION": "1",
    }  # fmt: skip
    out = tmp_path / "out.jsonl"

    def of(kind: str) -> list[dict]:
        lines = [json.loads(line) for line in out.read_text().split("\n")[:-1]]
        return [line for line in lines if line["kind"] == kind]

    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        with out.open("ab") as said, (tmp_path / "errors.log").open("ab") as errors:
            told = said if "live" in command else errors
            started.append(subprocess.Popen(command, env=environment, stdout=told, stderr=errors))
        return started[-1]

    try:
        jack = start("jackd", "--name", server, "-r", "-d", "dummy", "-r", "48000")
        subprocess.run(
            ("jack_wait", "-s", server, "-w", "-t", "30"), env=environment, capture_output=True, check=True
        )
        live = start(sys.executable, "-m", "bridge.cli", "live", "--input", "system", "--json")
        until(lambda: of("meters") and of("meters")[-1]["seconds"] > 0.5, "meters")
        assert of("meters")[-1]["losses"]["unmeasured_frames"] == 0
        jack.send_signal(signal.SIGTERM)
        jack.wait(PATIENCE_S)
        until(lambda: any("has gone" in line["state"] for line in of("state")), "told")
        live.send_signal(signal.SIGINT)
        assert live.wait(PATIENCE_S) == 130
        (summary,) = of("summary")
        assert summary["losses"]["device lost"] == 1 and "has gone" in summary["state"]
        assert summary["readings"]["seconds"] > 0.5
    finally:
        for each in started:
            if each.poll() is None:
                each.kill()
                each.wait()
