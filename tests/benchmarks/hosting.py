"""Figures of plugin hosting: `python -m tests.benchmarks.hosting [--crashes N]`; the long ones are in `hosting_long`.

Every figure is a ratio or is measured against a limit in the same run. The plugins are the tests' own (built with
gcc) and, where they are installed, Debian's zam-plugins. The figure for docs is that of --crashes 1000.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from bridge.errors import PluginFailed
from bridge.hosting import Catalogue
from bridge.hosting.isolated import HostProcess
from bridge.hosting.opening import Order, open_plugin
from bridge.hosting.patience import Patience
from bridge.hosting.pool import Pool
from bridge.hosting.scan import quick, scan
from tests.benchmarks.figure import say
from tests.benchmarks.hosting_speed import bare_play, flood, isolated_render
from tests.hosting import bundles
from tests.hosting.playing import play
from tests.signals import white


def starts(file: Path) -> Iterator[bool]:
    def cold() -> float:
        before = time.perf_counter()
        process = HostProcess()
        process.warm()
        process.call({"do": "open", "order": order.model_dump(mode="json")})
        took = time.perf_counter() - before
        process.close()
        return took

    order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0)
    yield say(
        "worker cold start with its plugin, median of 5",
        statistics.median(cold() for _ in range(5)),
        1.0,
        "s",
    )
    process, warm = HostProcess(), []
    process.warm()
    for _ in range(20):
        before = time.perf_counter()
        process.call({"do": "hello"})
        warm.append(time.perf_counter() - before)
    process.close()
    yield say("warm worker answers, median of 20", statistics.median(warm) * 1e3, 20.0, "ms")
    pool, opened = Pool(2048, None, Patience()), []
    pool.prepare()
    for _ in range(20):
        before = time.perf_counter()
        playing = pool.open(order, "x", True)
        opened.append(time.perf_counter() - before)
        playing.flush()
    pool.close()
    print(
        f"  and has loaded and set a plugin after {statistics.median(opened) * 1e3:.0f} ms (the plugin's own time)"
    )


def round_trip(file: Path) -> bool:
    pool = Pool(2048, None, Patience())
    playing = pool.open(
        Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0), "x", True, None
    )
    block = white(-20, 1).samples[:, :512]
    took = []
    for _ in range(5000):
        before = time.perf_counter()
        playing.process(block)
        took.append(time.perf_counter() - before)
    pool.close()
    return say(
        "round trip of a block of 512 frames, median of 5000", statistics.median(took) * 1e6, 100.0, "us"
    )


def crash_noticed(library: Path, folder: Path) -> bool:
    """From the moment the plugin's process is gone for the kernel to the error: the child is killed from here."""
    file = bundles.bundle(library, folder, "Killed", slow_ms=200)
    took = []
    for _ in range(10):
        pool = Pool(2048, None, Patience())
        playing = pool.open(
            Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0), "x", False, None
        )
        child = psutil.Process(playing.pid)
        killed: list[float] = []
        timer = threading.Timer(0.3, _kill, (child, killed))
        timer.start()
        try:
            play(playing, white(-20, 2))
        except PluginFailed:
            took.append(time.perf_counter() - killed[0])
        timer.join()
        pool.close()
    return say("crash noticed, worst of 10", max(took) * 1e3, 100.0, "ms")


def _kill(child: psutil.Process, at: list[float]) -> None:
    at.append(time.perf_counter())
    child.kill()


def hang_killed(library: Path, folder: Path) -> bool:
    file = bundles.bundle(library, folder, "Hanging", fault="hang", after=48000)
    deadline = 2.0
    pool = Pool(2048, None, Patience(frame_s=deadline))
    playing = pool.open(
        Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0), "x", False, None
    )
    playing.process(white(-20, 0.9).samples)
    before = time.perf_counter()
    try:
        playing.process(white(-20, 0.9).samples)
        playing.flush()
    except PluginFailed:
        took = time.perf_counter() - before
    pool.close()
    return say(f"hang killed, beyond its deadline of {deadline:g} s", took - deadline, 1.0, "s")


def scanning(library: Path, folder: Path, state: Path) -> Iterator[bool]:
    here = folder / "scanned"
    here.mkdir()
    for number in range(100):
        bundles.bundle(library, here, f"Healthy{number}")
    took = []
    for number in range(10):
        before = time.perf_counter()
        assert quick(here / f"Healthy{number}.vst3").status == "ok"
        took.append(time.perf_counter() - before)
    yield say("quick scan of a healthy plugin, best of 10", min(took), 0.5, "s")
    os.environ["VST3_PATH"] = str(here)
    for _ in scan(Catalogue(state)):
        pass
    cached = []
    for _ in range(10):
        before = time.perf_counter()
        assert len(Catalogue(state).records()) == 100
        cached.append(time.perf_counter() - before)
    yield say("cached start with 100 bundles, best of 10", min(cached) * 1e3, 100.0, "ms")


def crashes(library: Path, folder: Path, count: int) -> Iterator[bool]:
    """What is left over after many crashes: processes, descriptors, shared memory, memory."""
    file = bundles.bundle(library, folder, "Crashing", fault="crash", after=4096)
    me, shared = psutil.Process(), Path("/dev/shm")
    sound = white(-20, 0.2)

    def crash() -> None:
        pool = Pool(2048, None, Patience())
        try:
            order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0)
            play(pool.open(order, "Crashing", False, None), sound)
            raise AssertionError("it did not crash")
        except PluginFailed as error:
            assert error.fault == "crashed", error
        finally:
            pool.close()

    def left() -> tuple[int, int, int]:
        memory = len(list(shared.glob("dawbridge-*"))) if shared.is_dir() else 0
        return len(me.children(recursive=True)), me.num_fds(), memory

    for _ in range(min(20, count // 5)):
        crash()
    before, rss = left(), me.memory_info().rss
    for _ in range(count):
        crash()
    after = left()
    for what, a, b in zip(
        ("processes", "descriptors", "pieces of shared memory"), before, after, strict=True
    ):
        yield say(f"{what} left over after {count} crashes", b - a, 0, "")
    yield say(f"growth over {count} crashes", (me.memory_info().rss - rss) / 2**20, 20.0, "MB")


def automation(library: Path, folder: Path) -> bool:
    """A gain ramp of 24 dB in 10 s at blocks of 512 frames, against the exact ramp."""
    file = bundles.bundle(library, folder, "Ramped")
    points = {"gain_db": ((0.0, -12.0), (10.0, 12.0))}
    order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0, automation=points)
    sound = white(-40, 10)
    out = play(open_plugin(order), sound)
    ramp = 10 ** ((-12 + 24 * np.arange(480000) / 480000) / 20)
    heard = np.abs(sound.samples[0]) > 1e-4
    error = np.abs(20 * np.log10(np.abs(out[0][heard]) / np.abs(sound.samples[0][heard] * ramp[heard])))
    return say("automation, largest error of a ramp of 2.4 dB/s", float(error.max()), 0.02, "dB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crashes", type=int, default=50)
    asked = parser.parse_args()
    ok = []
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        library = bundles.build(folder)
        own = bundles.bundle(library, folder, "Own")
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        ok += starts(own)
        ok.append(round_trip(own))
        zam = [bundles.ZAM / f"{name}.vst3" for name in ("ZamCompX2", "ZaMultiCompX2")]
        for file in [own, *(file for file in zam if file.is_dir())]:
            ok.append(isolated_render(file.stem, file, folder))
            bare_play(file.stem, file)
        ok.append(crash_noticed(library, folder))
        ok.append(hang_killed(library, folder))
        ok += flood(library, folder)
        ok += scanning(library, folder, folder / "state")
        ok.append(automation(library, folder))
        ok += crashes(library, folder, asked.crashes)
    return 0 if all(ok) else 1


if __name__ == "__main__":
    sys.exit(main())
