"""Guard and dispatch of OSC: CPU a message with 500 known addresses, against python-osc's own dispatcher; and a fuzz.

`python -m tests.benchmarks.osc [--datagrams 1000000]`. Limits: 50 us a message; a million mutated datagrams without
a hang, without an exception out of the guard, with at most 20 MB growth.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import time
from dataclasses import dataclass

import psutil
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_message import OscMessage

from bridge.osc import codec, guard
from bridge.osc.endpoint import Endpoint
from bridge.osc.messages import BY_ADDRESS, Message, argument
from bridge.osc.peers import Access
from tests.osc.packets import fuzzed

ADDRESSES = 500
MESSAGES = 50_000
BATCH = 1000
LIMIT_US = 50.0
LIMIT_MB = 20.0
SLOWEST_S = 0.05  # of CPU for one datagram of 8 KB at most; a hang would be without end


def known_address(number: int) -> type[Message]:
    @dataclass(frozen=True)
    class Known(Message):
        id: str = argument("s", "id")
        value: float = argument("f", "value")
        name = f"known/{number}"

    return Known


async def dispatch_us() -> float:
    """CPU microseconds a message: source, rate, guard, parse, queue, handler."""
    handled = 0

    async def handler(message, peer):
        nonlocal handled
        handled += 1
        return ()

    kinds = [known_address(number) for number in range(ADDRESSES)]
    BY_ADDRESS.update({kind.address(): kind for kind in kinds})
    endpoint = Endpoint(dict.fromkeys(kinds, handler), Access("127.0.0.1"), rate=1e12)
    worker = asyncio.get_running_loop().create_task(endpoint._work())
    packets = [codec.encode(kind("id", 0.5)) for kind in kinds]
    begun = time.process_time()
    for start in range(0, MESSAGES, BATCH):
        for number in range(start, start + BATCH):
            endpoint.datagram_received(packets[number % ADDRESSES], ("127.0.0.1", 9))
        while handled < start + BATCH:
            await asyncio.sleep(0)
    spent = time.process_time() - begun
    worker.cancel()
    assert handled == MESSAGES
    return spent / MESSAGES * 1e6


def peer_us() -> float:
    """The same messages through python-osc's parser and Dispatcher."""
    dispatcher = Dispatcher()
    for number in range(ADDRESSES):
        dispatcher.map(f"/bridge/v1/known/{number}", lambda *_: None)
    packets = [codec.encode(known_address(number)("id", 0.5)) for number in range(ADDRESSES)]
    count = MESSAGES // 25
    begun = time.process_time()
    for number in range(count):
        message = OscMessage(packets[number % ADDRESSES])
        for handler in dispatcher.handlers_for_address(message.address):
            handler.invoke(("127.0.0.1", 9), message)
    return (time.process_time() - begun) / count * 1e6


def fuzz(datagrams: int) -> tuple[int, float, float]:
    """Messages admitted, slowest datagram in CPU seconds, growth in MB."""
    generator = random.Random(440)
    process = psutil.Process()
    admitted, slowest = 0, 0.0
    before = 0
    for number in range(datagrams):
        if number == datagrams // 100:  # the interpreter's own caches are warm
            before = process.memory_info().rss
        data = fuzzed(generator)
        begun = time.thread_time()
        packet = guard.admit(data)
        for raw in packet.messages:
            admitted += 1
            with contextlib.suppress(codec.Misread):
                codec.decode(raw)
        slowest = max(slowest, time.thread_time() - begun)
    return admitted, slowest, (process.memory_info().rss - before) / 1e6


def main() -> bool:
    parser = argparse.ArgumentParser()
    parser.add_argument("--datagrams", type=int, default=1_000_000)
    count = parser.parse_args().datagrams
    ours, theirs = asyncio.run(dispatch_us()), peer_us()
    fast = ours <= LIMIT_US
    print(
        f"guard and dispatch, {ADDRESSES} addresses: {ours:.1f} us of CPU a message ({1e6 / ours:,.0f}/s), "
        f"limit {LIMIT_US:g}; python-osc's parser and dispatcher {theirs:.1f} us: {'ok' if fast else 'MISSED'}"
    )
    admitted, slowest, growth = fuzz(count)
    safe = growth <= LIMIT_MB and slowest <= SLOWEST_S
    print(
        f"fuzz: {count:,} datagrams, {admitted:,} messages admitted, no exception out of the guard, "
        f"slowest {slowest * 1e3:.1f} ms of CPU, growth {growth:.1f} MB (limit {LIMIT_MB:g}): "
        f"{'ok' if safe else 'MISSED'}"
    )
    return fast and safe


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
