"""The mailbox as a script without sockets writes into it: how soon it notices, whether any is lost or doubled.

`python -m tests.benchmarks.mailbox [--requests 1000] [--seed 7]`. Limits: noticed within 100 ms of the rename (p99);
none lost, none doubled. The mailbox runs in a process of its own, as in the daemon; half of the requests come one by
one with pauses of up to 30 ms, half in bursts of 50.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Iterable
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bridge.mailbox.box import Mailbox
from bridge.osc.messages import Ack, Message, Process
from bridge.osc.peers import Peer
from tests.benchmarks.figure import say

LIMIT_MS = 100.0
PATIENCE_S = 60.0
BURST = 50


def serve(folder: str, told: Connection) -> None:
    """Tells (id, time) of each request that was noticed, when it is asked for them."""
    found: list[tuple[str, float]] = []

    async def process(asked: Process, peer: Peer) -> Iterable[Message]:
        found.append((asked.id, time.monotonic()))
        return (Ack(asked.id, "accepted", ""),)

    async def run() -> None:
        box = Mailbox(Path(folder), {Process: process})
        running = asyncio.create_task(box.run())
        told.send("it runs")
        while not told.poll():
            await asyncio.sleep(0.05)
        running.cancel()

    asyncio.run(run())
    told.send(found)


def ask(folder: Path, id: str) -> float:
    """As mailbox.lua writes: under another name, then renamed. The time of the rename."""
    path = folder / "requests" / f"{id}.json"
    fresh = path.with_name(f".{id}.json.tmp")
    fresh.write_text(json.dumps({"message": "process", "id": id, "path": "/in/vocal.wav", "words": "warmer"}))
    fresh.rename(path)
    return time.monotonic()


def written(folder: Path, requests: int, seed: int) -> dict[str, float]:
    """Times by id."""
    generator = random.Random(seed)
    at: dict[str, float] = {}
    for number in range(requests):
        id = f"r{number:05d}"
        at[id] = ask(folder, id)
        if number < requests // 2:
            time.sleep(generator.uniform(0, 0.03))
        elif number % BURST == 0:
            time.sleep(generator.uniform(0.1, 0.3))
    return at


def taken(folder: Path) -> None:
    """Waits until no request lies there, and a little for what is answered last."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and any((folder / "requests").glob("*.json")):
        time.sleep(0.1)
    time.sleep(0.5)


def p99(late_ms: list[float]) -> float:
    return float(np.percentile(late_ms, 99))


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10_000) if given.seed is None else given.seed
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(name, there))
        process.start()
        here.recv()
        at = written(folder, given.requests, seed)
        taken(folder)
        here.send("enough")
        found = here.recv()
        process.join()
        left = len(list((folder / "requests").glob("*.json")))
        acks = len(list((folder / "replies").glob("*.json")))
    late_ms = {id: 1000 * (time_s - at[id]) for id, time_s in found}
    lost = len(set(at) - set(late_ms))
    doubled = len(found) - len(late_ms)
    single = [late_ms[id] for id in list(at)[: len(at) // 2] if id in late_ms]
    burst = [late_ms[id] for id in list(at)[len(at) // 2 :] if id in late_ms]
    print(
        f"{given.requests:,} requests, seed {seed}: noticed after {np.median(single):.1f} ms one by one (median), "
        f"{np.median(burst):.1f} ms in bursts of {BURST}; {acks:,} answers, {left} left; load {os.getloadavg()[0]:.1f}"
    )
    soon = say("mailbox: from the rename to the handler, p99", p99(single), LIMIT_MS, "ms")
    soon &= say(f"mailbox: the same in bursts of {BURST}, p99", p99(burst), LIMIT_MS, "ms")
    none_lost = say("mailbox: requests lost", lost, 0, "")
    none_doubled = say("mailbox: requests doubled", doubled, 0, "")
    return soon and none_lost and none_doubled


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
