"""The process in which a plugin lives alone: `python -m bridge.hosting.child`, a child of `bridge.processes`.

Requests: `hello`, `quick`, `deep` and `sounds` (a scan), `open` (load one plugin for a sound), `play` (blocks over a
line of their own until the parent hangs up), `close`. Plugins are only ever touched on the main thread.
"""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

from bridge.hosting.alive import ALIVE_SHARE
from bridge.processes.inside import Channel, Tell
from bridge.processes.wire import Message

ALIVE_S = 1.0


class Desk:
    """Answers one request at a time; holds at most one plugin."""

    def __init__(self) -> None:
        self._processor: Any = None
        self._channels = 0
        self._tell: Tell = lambda message: None

    def handle(self, request: Message, tell: Tell) -> Message:
        self._tell = tell
        order = dict(request)
        answer: Message = getattr(self, "_" + order.pop("do"))(**order)
        return answer

    def _stage(self, stage: str) -> None:
        self._tell({"kind": "stage", "stage": stage})

    def _hello(self) -> Message:
        """Loads what is slow to load, so that a warm process has it behind it."""
        import pedalboard  # noqa: F401 - loaded, not used

        import bridge.hosting.opening  # noqa: F401 - loaded, not used

        gc.collect()
        gc.freeze()  # what was loaded stays; only what a plugin leaves behind is to be looked for
        return {}

    def _quick(self, file: str, name: str | None = None) -> Message:
        from bridge.hosting.probe import quick

        return {"record": quick(file, self._stage, name)}

    def _deep(self, file: str, channels: int, name: str | None = None) -> Message:
        from bridge.hosting.probe import deep

        return deep(file, channels, self._stage, lambda found: self._tell({"kind": "partial", **found}), name)

    def _sounds(self, file: str, channels: int, name: str | None = None) -> Message:
        from bridge.hosting.probe import first_sounds

        heard: set[str] = set()

        def note(sound: str) -> None:
            heard.add(sound)
            self._tell({"kind": "partial", "sounds": sorted(heard)})

        first_sounds(file, channels, self._stage, note, name)
        return {"sounds": sorted(heard)}

    def _open(self, order: dict[str, Any]) -> Message:
        from bridge.hosting.opening import Order, open_plugin

        self._stage("loading")
        wanted = Order.model_validate(order)
        self._processor = open_plugin(wanted, lambda: self._stage("loading"))
        self._channels = wanted.channels
        return {"latency_frames": self._processor.latency_frames}

    def _play(self, address: list[Any], memory: str) -> Message:
        from bridge.hosting.line import answer_blocks

        answer_blocks(self._processor, self._channels, address, memory)
        return self._close()

    def _close(self) -> Message:
        self._processor = None
        gc.collect()
        return {}


def _show_life(channel: Channel) -> None:
    """Says so while this process computes: a plugin that is slow is told apart from one that hangs."""
    used = time.process_time()
    while True:
        time.sleep(ALIVE_S)
        now = time.process_time()
        if now - used > ALIVE_SHARE * ALIVE_S:
            channel.send({"kind": "computing"})
        used = now


def main() -> None:
    channel = Channel.open()
    threading.Thread(target=_show_life, args=(channel,), daemon=True).start()
    channel.serve(Desk().handle)


if __name__ == "__main__":
    main()
