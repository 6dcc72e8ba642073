"""A real hot folder on a real inbox, in a thread of its own, that keeps what it delivers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bridge.errors import OutputFailed
from bridge.hotfolder.folder import HotFolder
from bridge.hotfolder.settle import Patience

QUICK = Patience(settle_s=0.15, truncated_s=0.6, recording_s=1.2, stems_s=0.8)
PATIENT = replace(QUICK, truncated_s=60.0, recording_s=60.0)
"""Where a test shows that a copy is waited for: no machine is so slow that it is given up meanwhile."""


class Watching:
    """drops: all that was delivered, in order. failing: how many deliveries fail first.

    poison: words that break whoever takes them.
    """

    def __init__(self, inbox: Path, failing: int = 0, poison: str | None = None, **options) -> None:
        self.drops = []
        self.failing = failing
        self.poison = poison
        options.setdefault("patience", QUICK)
        self.folder = HotFolder(inbox, self.deliver, **options)

    async def deliver(self, drops):
        if self.failing:
            self.failing -= 1
            raise OutputFailed("the disk is full")
        if self.poison and any(drop.wish.words == self.poison for drop in drops):
            raise RecursionError
        self.drops.extend(drops)

    def wait(self, count: int, timeout_s: float = 60.0):
        """The drops, once there are `count`; fails when there are fewer after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while len(self.drops) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.drops) >= count, [d.path for d in self.drops]
        return self.drops

    def stays_at(self, count: int, for_s: float = 0.8):
        """Nothing more comes, over several scans."""
        time.sleep(for_s)
        assert len(self.drops) == count, [d.path for d in self.drops]

    def named(self, name: str):
        return [drop for drop in self.drops if Path(drop.path).name == name]

    def announce(self, path, size: int, id: str = "id"):
        asyncio.run_coroutine_threadsafe(self.folder.announce(str(path), size, id), self.loop).result(20)


@contextlib.contextmanager
def watching(inbox: Path, **options) -> Iterator[Watching]:
    watch = Watching(inbox, **options)
    watch.loop = loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    run = asyncio.run_coroutine_threadsafe(_run(watch.folder), loop)
    try:
        yield watch
    finally:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        with contextlib.suppress(asyncio.CancelledError):
            run.result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _run(folder: HotFolder) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await folder.run()


def wav(frames: int = 480, rate: int = 48000, channels: int = 1, data_size: int | None = None) -> bytes:
    """A 16-bit WAV of a quiet ramp; `data_size`: what its header claims instead of the truth."""
    import struct

    body = struct.pack(f"<{frames * channels}h", *(n % 200 for n in range(frames * channels)))
    size = len(body) if data_size is None else data_size
    riff = min(36 + size, 0xFFFFFFFF) if size else 0
    return (
        b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * channels * 2, channels * 2, 16)
        + b"data" + struct.pack("<I", size) + body
    )  # fmt: skip
