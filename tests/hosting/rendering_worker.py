"""A worker that renders noise through a plugin in its own process, as the daemon's workers do."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bridge import files
from bridge.hosting import Catalogue, PluginHost
from bridge.hosting.patience import Patience
from bridge.planning.plan import Plan
from bridge.processes.inside import Channel, Tell
from bridge.processes.wire import Message
from bridge.rendering.render import render_stream
from tests.hosting.playing import plugin
from tests.signals import white


def handle(request: Message, tell: Tell) -> Message:
    return render_file(request) if "source" in request else render(request, tell)


def render_file(request: Message) -> Message:
    """File to file through a chain, as a job does it; own_mb and peak_mb: the most memory that this process has had,
    before and after."""
    names = request["plugins"]
    steps = tuple(
        {"id": f"s{number}", "effect": "hosted_plugin", "parameters": {"plugin": {"name": name}}}
        for number, name in enumerate(names)
    )
    with PluginHost(Catalogue(Path(request["state"]))) as host:
        for name in names:  # loaded and played once: what is there now is the plugins' own
            plugin(host, name, white(-20, 1.0))
        before = _peak_mb()
        seconds = file_to_file_s(Path(request["source"]), Path(request["target"]), Plan(steps=steps), host)
    return {"own_mb": before, "peak_mb": _peak_mb(), "seconds": seconds}


def file_to_file_s(source: Path, target: Path, plan: Plan, host: PluginHost) -> float:
    """How long rendering takes."""
    before = time.perf_counter()
    with (
        files.open_sound(source) as sound,
        files.SoundWriter(target, sound.rate, sound.channels, sound.format) as writer,
    ):
        render_stream(sound, plan, writer.write, spool_dir=target.parent, plugins=host)
    return time.perf_counter() - before


def _peak_mb() -> float:
    """As the kernel kept it for this program; getrusage counts what its parent had before it was started, too."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def render(request: Message, tell: Tell) -> Message:
    accountant = os.getppid() if request.get("accounted") else None
    patience = Patience(frame_s=request.get("frame_s", 20.0))
    with PluginHost(Catalogue(Path(request["state"])), accountant=accountant, patience=patience) as host:
        out = plugin(host, request["plugin"], white(-20, request["seconds"]))
    return {"frames": out.shape[1]}


if __name__ == "__main__":
    Channel.open().serve(handle)
