"""How fast plugins in processes of their own render, and what printing without end costs; part of `hosting`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

import bridge
from bridge.hosting import Catalogue, PluginHost
from bridge.hosting.opening import Order, open_plugin
from bridge.hosting.patience import Patience
from bridge.hosting.pool import Pool
from bridge.planning.plan import Plan
from tests.benchmarks.figure import say
from tests.hosting import bundles
from tests.hosting.rendering_worker import file_to_file_s
from tests.signals import white

BLOCK = 65536


def render_s(make: Callable[[], object], seconds: int) -> float:
    sound = white(-20, 10)
    processor = make()
    before = time.perf_counter()
    for _ in range(seconds // 10):
        for block in sound.blocks(BLOCK):
            processor.process(block)
    processor.flush()
    return time.perf_counter() - before


def isolated_render(name: str, file: Path, folder: Path) -> bool:
    """File to file as a job does it, in this process and with the plugin in its own, by turns; the best of five."""
    os.environ["VST3_PATH"] = str(file.parent)
    source, state = folder / "minute.wav", folder / f"state-{name}"
    if not source.exists():
        bridge.write(source, white(-20, 60))
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": {"name": name}}}
    plan = Plan(steps=(step,))
    took: dict[str, list[float]] = {"auto": [], "always": []}
    worked: dict[str, list[float]] = {"auto": [], "always": []}
    for _ in range(5):
        for isolation in took:
            with PluginHost(Catalogue(state), isolation=isolation) as host:
                host.prepare()
                before = cpu_s()
                took[isolation].append(file_to_file_s(source, folder / "out.wav", plan, host))
                worked[isolation].append(cpu_s() - before)
    ratio, cpu = (min(times["auto"]) / min(times["always"]) for times in (took, worked))
    ok = say(f"isolated render of a file of 60 s, {name}: of in-process", ratio, 0.90, "x", at_most=False)
    print(f"  by processor time, that of both processes together: {cpu:.3f} x")
    return ok


def cpu_s() -> float:
    """Of this process and of those of plugins."""
    me = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in (me, *me.children(recursive=True)))


def bare_play(name: str, file: Path) -> None:
    """For information: nothing but the plugin, where the copies between the processes weigh most."""
    pool = Pool(2048, None, Patience())
    order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0)
    inside, alone = [], []
    for _ in range(3):
        inside.append(render_s(lambda: open_plugin(order), 60))
        alone.append(render_s(lambda: pool.open(order, name, True, None), 60))
    pool.close()
    speed = 60 / min(alone)
    print(
        f"  {name} alone: {speed:.0f} x real time, {min(inside) / min(alone):.2f} of in-process without any file"
    )


def flood(library: Path, folder: Path) -> Iterator[bool]:
    """A plugin that prints in every block. 20 lines: a file of 60 s as a job renders it, against the same plugin when
    it is quiet. 2000 lines: nothing but the plugin, against itself with its output thrown away by the system, which
    is what its printing costs in any case."""
    here = folder / "printing"
    here.mkdir()
    os.environ["VST3_PATH"] = str(here)
    bundles.bundle(library, here, "Quiet")
    bundles.bundle(library, here, "Loud", fault="flood", lines=20)
    jobs: dict[str, list[float]] = {"Quiet": [], "Loud": []}
    for turn in range(4):
        for name, took in jobs.items():
            seconds = _file_s(name, here)
            took += [seconds] if turn else []  # the first turn scans
    quiet, loud = min(jobs["Quiet"]), min(jobs["Loud"])
    print(f"a flood of 20 lines a block: a file in {loud:.2f} s, by the quiet plugin in {quiet:.2f} s")
    yield say("  of the time of the quiet plugin", loud / quiet, 2.0, "x")
    louder = bundles.bundle(library, here, "Louder", fault="flood", lines=2000)
    kept, thrown = min(_played_s(louder) for _ in range(2)), min(_thrown_away_s(louder) for _ in range(2))
    print(f"a flood of 2000 lines a block: half a minute in {kept:.2f} s, thrown away in {thrown:.2f} s")
    yield say("  of the time with its output thrown away", kept / thrown, 2.0, "x")


def _file_s(name: str, folder: Path) -> float:
    """A file of 60 s through a plugin in a process of its own."""
    source = folder / "minute.wav"
    if not source.exists():
        bridge.write(source, white(-20, 60))
    step = {"id": "s1", "effect": "hosted_plugin", "parameters": {"plugin": {"name": name}}}
    with PluginHost(Catalogue(folder / "state"), isolation="always") as host:
        host.prepare()
        return file_to_file_s(source, folder / "out.wav", Plan(steps=(step,)), host)


def _played_s(file: Path) -> float:
    """In a process whose output is captured."""
    pool = Pool(2048, None, Patience())
    order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0)
    took = render_s(lambda: pool.open(order, file.stem, False, None), 30)
    pool.close()
    return took


def _thrown_away_s(file: Path) -> float:
    """In this process, with its output sent to nowhere."""
    order = Order(file=str(file), rate=48000, channels=2, hidden_latency_frames=0)
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        return render_s(lambda: open_plugin(order), 30)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
