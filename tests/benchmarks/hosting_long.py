"""Long figures of plugin hosting: `python -m tests.benchmarks.hosting_long [--minutes N] [--jobs N]`.

A long file through chains of plugins, and jobs with a plugin that crashes. The figures for docs are those of
--minutes 60 --jobs 100.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bridge import files
from bridge.files.formats import SoundFormat
from bridge.hosting.opening import Order, open_plugin
from bridge.hosting.patience import Patience
from bridge.hosting.pool import Pool
from bridge.processes import Child
from tests.benchmarks.figure import say
from tests.hosting import bundles
from tests.hosting.playing import play
from tests.hosting.soak import soak
from tests.signals import white

DEADLINE_S = 2.0
WAV_24 = SoundFormat("WAV", "PCM_24")


def hour(names: Sequence[str], minutes: int, folder: Path, state: Path) -> Iterator[bool]:
    """24-bit stereo through a chain, file to file, in a fresh process whose peak the kernel keeps."""
    source = folder / "hour.wav"
    if not source.exists():
        _write(source, minutes)
    worker = Child("tests.hosting.rendering_worker")
    request = {
        "source": str(source),
        "target": str(folder / "out.wav"),
        "state": str(state),
        "plugins": names,
    }
    answer = worker.call(request, stall_s=600)
    worker.close()
    chain = " + ".join(names)
    beside = answer["peak_mb"] - answer["own_mb"]
    print(
        f"{minutes} minutes file to file through {chain}: {60 * minutes / answer['seconds']:.0f} x real time"
    )
    print(
        f"  peak {answer['peak_mb']:.0f} MB, {answer['own_mb']:.0f} MB of it with the plugins loaded and played once"
    )
    yield say("  most memory, the plugins' own included", answer["peak_mb"], 250.0, "MB")
    yield say("  most memory beside what there was before the file", beside, 250.0, "MB")


def hours(library: Path, minutes: int, folder: Path) -> Iterator[bool]:
    """Our own plugin three times, and Debian's where they are."""
    here = folder / "hour"
    here.mkdir()
    for name in ("One", "Two", "Three"):
        bundles.bundle(library, here, name, latency=100)
    os.environ["VST3_PATH"] = str(here)
    yield from hour(("One", "Two", "Three"), minutes, here, folder / "state-hour")
    real = ("ZamEQ2", "ZamCompX2", "ZamGateX2")
    if all((bundles.ZAM / f"{name}.vst3").is_dir() for name in real):
        os.environ["VST3_PATH"] = str(bundles.ZAM)
        yield from hour(real, minutes, here, folder / "state-hour-real")


def _write(target: Path, minutes: int) -> None:
    sound = white(-20, 10)
    with files.SoundWriter(target, 48000, 2, WAV_24) as writer:
        for _ in range(6 * minutes):
            writer.write(sound.samples)


def soaks(library: Path, folder: Path, jobs: int) -> Iterator[bool]:
    """Jobs through the real daemon with a plugin that crashes in a fifth of its lives."""
    for forgiving in (False, True):
        home = folder / f"soak-{forgiving}"
        home.mkdir()
        account = soak(home, library, jobs, forgiving)
        how = "each crash forgiven" if forgiving else "quarantine as shipped"
        print(
            f"{jobs} jobs, {how}: {account.done} done, {account.crashed} failed by a crash, "
            f"{account.quarantined} refused by the quarantine; {account.deaths} workers died, "
            f"{account.strikes} crashes counted"
        )
        yield say(
            "  jobs lost or without a reason", account.lost + account.unexplained + account.broken, 0, ""
        )
        counted = abs(account.deaths + account.crashed - account.strikes)
        yield say("  crashes counted twice or not at all", counted, 0, "")


def slow(library: Path, folder: Path, seconds: float) -> Iterator[bool]:
    """A plugin at a fifth of real time that is alive, far beyond the deadline for one without a frame."""
    file = bundles.bundle(library, folder, "Snail", slow_ms=53)
    order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0)
    order = order.model_copy(update={"grace_s": 3 * DEADLINE_S})
    sound = white(-20, seconds)
    for where in ("in this process", "in a process of its own"):
        pool = Pool(2048, None, Patience(frame_s=DEADLINE_S))
        before = time.perf_counter()
        playing = open_plugin(order) if where == "in this process" else pool.open(order, "Snail", True)
        same = np.array_equal(play(playing, sound), sound.samples)
        took = time.perf_counter() - before
        pool.close()
        print(
            f"{seconds:g} s through a plugin that sleeps 53 ms a block, {where}: {took:.0f} s, bit for bit {same}"
        )
        yield say("  times the deadline for a frame, and not killed", took / DEADLINE_S, 10.0, "x", False)
        yield say("  samples that differ", float(not same), 0, "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--slow", type=float, default=6.0, help="seconds through a slow plugin")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        library = bundles.build(folder)
        ok = [*slow(library, folder, asked.slow)]
        ok += [*hours(library, asked.minutes, folder), *soaks(library, folder, asked.jobs)]
    return 0 if all(ok) else 1


if __name__ == "__main__":
    sys.exit(main())
