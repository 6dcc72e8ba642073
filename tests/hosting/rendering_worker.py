"""A worker that renders noise through a plugin in its own process, as the daemon's workers do."""

from __future__ import annotations

import os
from pathlib import Path

from bridge.hosting import Catalogue, PluginHost
from bridge.processes.inside import Channel, Tell
from bridge.processes.wire import Message
from tests.hosting.playing import plugin
from tests.signals import white


def render(request: Message, tell: Tell) -> Message:
    accountant = os.getppid() if request.get("accounted") else None
    with PluginHost(Catalogue(Path(request["state"])), accountant=accountant) as host:
        out = plugin(host, request["plugin"], white(-20, request["seconds"]))
    return {"frames": out.shape[1]}


if __name__ == "__main__":
    Channel.open().serve(render)
