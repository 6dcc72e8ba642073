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
    """Half a minute through a plugin that prints in every block, against itself when it is quiet, and against itself
    with its output thrown away by the system, which is what its printing costs in any case."""
    quiet = bundles.bundle(library, folder, "Quiet")
    for lines in (20, 2000):
        loud = bundles.bundle(library, folder, f"Loud{lines}", fault="flood", lines=lines)
        took: dict[str, list[float]] = {"quiet": [], "loud": [], "thrown away": []}
        for _ in range(3):
            took["quiet"].append(_played_s(quiet))
            took["loud"].append(_played_s(loud))
            took["thrown away"].append(_thrown_away_s(loud))
        best = {how: min(times) for how, times in took.items()}
        print(
            f"a flood of {lines} lines a block: " + ", ".join(f"{how} {s:.2f} s" for how, s in best.items())
        )
        if lines == 20:
            yield say("  of the time of the quiet plugin", best["loud"] / best["quiet"], 2.0, "x")
        yield say("  of the time with its output thrown away", best["loud"] / best["thrown away"], 2.0, "x")


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
