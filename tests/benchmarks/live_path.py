"""The live path at 48 kHz in blocks of 512 frames, over ReaStream, in processes of their own.

    python -m tests.benchmarks.live_path [--rounds 200] [--seconds 60]

1. From the last frame of a block to the suggestion on a client's socket, in a running daemon. Music plays in real time;
   now and then the very last frame of a block passes full scale, and the clock starts when the packet with it has been
   handed to the network. Meters and findings of the last 10 s every 5 s go on. The daemon is the usual one but for its
   patience, which is 0.2 s, so that each round has a suggestion. Limit: p99 30 ms.
2. What one stereo input with all meters, findings and advice takes of one core: processor time of `dawbridge live`
   while music plays, from after its start. Limit: 15 %.
3. Every packet of that music is accounted for: taken, or told as dropped. An hour of it is part of `make soak`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from bridge.metering.packet import packets
from bridge.osc import codec, guard
from bridge.osc.messages import Hello, Suggest
from tests.benchmarks.figure import say
from tests.daemon.living import Daemon, living
from tests.signals import music_like

P99_LIMIT_MS, CORE_LIMIT = 30.0, 15.0
RATE, BLOCK = 48_000, 512
BETWEEN = 28
"""Blocks from one that passes full scale to the next: 0.3 s."""


class Impatient(Daemon):
    """The daemon, told to say the same again after 0.2 s."""

    command = (
        "-c",
        "import functools, sys\n"
        "import bridge.metering.advice as advice\n"
        "advice.Patience = functools.partial(advice.Patience, release_s=0.2, every_s=0.2, again_s=0.2)\n"
        "from bridge.daemon.__main__ import main\n"
        "sys.exit(main())\n",
    )


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Player:
    """Sends music in real time, block by block."""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        music = music_like(20.0).samples
        self._music, self._at = np.float32(0.5 / np.abs(music).max()) * music, 0
        self._due = time.perf_counter()
        self.sent = 0

    def play(self, over: bool = False) -> float:
        """Waits for the block's time and sends it; the instant at which its last packet was handed over."""
        self._due += BLOCK / RATE
        time.sleep(max(0.0, self._due - time.perf_counter()))
        at = self._at % (self._music.shape[1] - BLOCK)
        self._at += BLOCK
        block = self._music[:, at : at + BLOCK].copy()
        if over:
            block[:, -1] = 1.25
        for packet in packets("music", RATE, block):
            self._socket.sendto(packet, self._to)
            self.sent += 1
        return time.perf_counter()


def latencies_ms(rounds: int) -> tuple[list[float], int]:
    """Of each round; and how many had no suggestion within a second."""
    port = free_port()
    found: list[float] = []
    with (
        tempfile.TemporaryDirectory() as home,
        living(Path(home), Impatient, live_input=f"reastream@127.0.0.1:{port}") as daemon,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener,
    ):
        listener.sendto(codec.encode(Hello("benchmark", "1", 0, "")), daemon.address)
        player = Player(port)
        for _ in range(round(12 * RATE / BLOCK)):  # until findings are made of a full 10 s
            player.play()
        for _ in range(rounds):
            _empty(listener)
            at = player.play(over=True)
            told_at = _told(listener, at + 1.0)
            if told_at is not None:
                found.append(1000 * (told_at - at))
            for _ in range(BETWEEN):
                player.play()
    return found, rounds - len(found)


def _empty(listener: socket.socket) -> None:
    listener.setblocking(False)
    try:
        while True:
            listener.recv(65536)
    except BlockingIOError:
        return


def _told(listener: socket.socket, deadline: float) -> float | None:
    """When the suggestion was there."""
    while (left := deadline - time.perf_counter()) > 0:
        listener.settimeout(left)
        try:
            data = listener.recv(65536)
        except TimeoutError:
            return None
        now = time.perf_counter()
        message = codec.decode(guard.admit(data).messages[0])
        if isinstance(message, Suggest) and message.parameter == "gain_db":
            return now
    return None


def soak(seconds: float) -> tuple[dict, int, float]:
    """The summary of `dawbridge live`, packets that were sent, and the share of a core that it took, in percent."""
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out.jsonl"
        command = (
            sys.executable,
            "-m",
            "bridge.cli",
            "live",
            "--json",
            "--input",
            f"reastream@127.0.0.1:{port}",
        )
        environment = {**os.environ, "HOME": home, "BRIDGE_STATE": f"{home}/state"}
        with out.open("wb") as file:
            process = subprocess.Popen(command, env=environment, stdout=file)
        try:
            sent, share = _played(process, port, out, seconds)
            process.send_signal(signal.SIGINT)
            process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        return json.loads(out.read_text().split("\n")[-2]), sent, share


def _played(process: subprocess.Popen[bytes], port: int, out: Path, seconds: float) -> tuple[int, float]:
    """Packets that were sent, and the share of a core in percent."""
    while b'"state"' not in out.read_bytes():
        assert process.poll() is None
        time.sleep(0.05)
    player, measured = Player(port), psutil.Process(process.pid)
    for _ in range(round(6 * RATE / BLOCK)):  # imports, and the first findings
        player.play()
    before, started = _cpu_s(measured), time.perf_counter()
    for _ in range(round(seconds * RATE / BLOCK)):
        player.play()
    share = 100 * (_cpu_s(measured) - before) / (time.perf_counter() - started)
    time.sleep(0.5)
    player.play()  # what was dropped is told with the packet that comes after it
    time.sleep(0.5)
    return player.sent, share


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def unaccounted(summary: dict, sent: int) -> int:
    """Packets that were neither taken nor told as dropped."""
    return sent - summary["blocks"] - summary["losses"]["dropped_blocks"]


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    times, missed = latencies_ms(asked.rounds)
    shown = "  ".join(f"{name} {np.percentile(times, share):.1f}" for name, share in _SHARES)
    print(
        f"from the last frame to the suggestion, {len(times)} rounds (ms): {shown}; load {os.getloadavg()[0]:.1f}"
    )
    held = say("p99", float(np.percentile(times, 99)), P99_LIMIT_MS, "ms")
    held &= say("rounds without a suggestion", missed, 0, "")
    summary, sent, share = soak(asked.seconds)
    print(
        f"{asked.seconds:g} s of music: {sent} packets sent, {summary['blocks']} taken, {summary['losses']}"
    )
    held &= say("one core, one stereo input with everything", share, CORE_LIMIT, "%")
    held &= say("packets not accounted for", unaccounted(summary, sent), 0, "")
    held &= say("frames that came and were not measured", summary["losses"]["unmeasured_frames"], 0, "")
    return held


_SHARES = (("median", 50), ("90 %", 90), ("99 %", 99), ("most", 100))

if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
