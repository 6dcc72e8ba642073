"""A plugin in a process of its own: what it does there costs this process an error with its name, nothing more."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from bridge.audio import Samples
from bridge.errors import BridgeError, PluginFailed, WorkerDied
from bridge.hosting.ends import died
from bridge.hosting.line import SLOT_BYTES, Line, Raised
from bridge.hosting.opening import Order
from bridge.hosting.patience import PATIENCE, Patience
from bridge.processes import Child, Limits
from bridge.processes.wire import Message, error_of

MODULE = "bridge.hosting.child"


MOST_LOADS = 50
MOST_GROWTH_MB = 256.0
"""13 of 15 measured plugins leak 1 to 8 MB at every load."""


class HostProcess:
    """One process for one plugin at a time. memory_mb: what it may take with its plugin. nice: by how much it stands
    back behind others. `outlasted`: it was ended while it still loaded, because that took too long."""

    def __init__(self, memory_mb: int = 2048, log_path: Path | None = None, nice: int = 0) -> None:
        self._child = Child(MODULE, limits=Limits(memory_mb=memory_mb, nice=nice), log_path=log_path)
        self._limit_mb = memory_mb
        self._loads = 0
        self._start_mb = 0.0
        self._unloading = False
        self.stage = "starting"
        self.partial: Message | None = None
        self.outlasted = False

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.alive

    @property
    def worn(self) -> bool:
        """Whether it has loaded or leaked enough."""
        return self._loads >= MOST_LOADS or self._child.rss_mb() - self._start_mb > MOST_GROWTH_MB

    @property
    def _playing(self) -> bool:
        """Whether it is frames that are waited for."""
        return self.stage.startswith("play")

    def warm(self) -> None:
        self._child.call({"do": "hello"}, stall_s=60.0)
        self._start_mb = self._child.rss_mb()

    def call(
        self,
        request: Message,
        beat: Callable[[], None] | None = None,
        *,
        patience: Patience = PATIENCE,
        title: str = "",
    ) -> Message:
        """The child's answer. Raises PluginFailed (`crashed`, `hung`) that names `title` and what it was doing."""

        moved = time.monotonic()

        def note(message: Message) -> None:
            nonlocal moved
            if message.get("kind") == "stage":
                self.stage = str(message["stage"])
            elif message.get("kind") == "partial":
                self.partial = message
            if message.get("kind") != "computing":
                moved = time.monotonic()
            elif time.monotonic() - moved > (limit_s := patience.computing_s(playing := self._playing)):
                self.outlasted = not playing
                self._child.kill(f"made no progress for {limit_s:g} s and was killed")
            if beat is not None:
                beat()

        self._loads += 1
        try:
            return self._child.call(request, note, stall_s=patience.idle_s)
        except WorkerDied as error:
            raise died(title, self.stage, error) from error

    def start_playing(self, line: Line) -> None:
        """Lets the child answer blocks on `line` until that is closed."""
        self.stage = "processing"
        self._child.send({"do": "play", "address": line.address, "memory": str(line.memory_path)})
        line.accept(lambda: self.alive)

    def stop_playing(self) -> None:
        """After the line was closed: the plugin is being unloaded, which nobody needs to wait for."""
        self._unloading = True

    def ready(self) -> bool:
        """Whether it can have another plugin; waits until the last one is unloaded, and that may have ended it."""
        try:
            if self._unloading:
                idle_s = PATIENCE.idle_s
                self._child.wait_for_answer(lambda message: None, stall_s=idle_s, deadline_s=idle_s)
        except BridgeError:
            return False
        self._unloading = False
        return self.alive and self._child.spoilt is None

    def look(self, title: str, silent_s: float, frame_s: float) -> None:
        """Raises PluginFailed where a block's answer will not come any more; the process is then gone.

        silent_s: how long no frame has come. frame_s: how long one is waited for.
        """
        if not self.alive:
            raise self.lost(title)
        if self._child.rss_mb() > self._limit_mb:
            self._child.kill(f"took more than {self._limit_mb} MB of memory and was killed")
            raise self.lost(title)
        if silent_s > frame_s:
            self._child.kill(f"made no progress for {frame_s:g} s and was killed")
            raise self.lost(title)

    def lost(self, title: str) -> PluginFailed:
        """The error of a child that has ended in mid-play."""
        try:
            self._child.wait_for_answer(lambda message: None, stall_s=5.0, deadline_s=5.0)
        except WorkerDied as error:
            return died(title, self.stage, error)
        except BridgeError as error:
            return PluginFailed(f"Plugin {title} failed while {self.stage}: {error}", title, "failed")
        return PluginFailed(f"Plugin {title} hung up while {self.stage}.", title, "crashed")

    def dropped_mb(self) -> float:
        """How much of what it printed found no room in its log, in MB."""
        return self._child.dropped_mb()

    def kill(self) -> None:
        """From any thread: what is at work raises PluginFailed."""
        self._child.kill()

    def close(self) -> None:
        if self._child.alive:
            self._child.kill()
        self._child.close()


AHEAD = 1
"""Blocks under way beside the one that is waited for. Two and four were tried: no faster, also on a busy machine."""


class IsolatedProcessor:
    """Behind the Processor protocol; the plugin plays elsewhere, once it was opened.

    done: takes the process back. ahead: answers come so many blocks later, so that both processes work at once; for
    sound in real time that is to be 0.
    """

    latency_frames = 0

    def __init__(
        self,
        process: HostProcess,
        title: str,
        channels: int,
        done: Callable[[HostProcess], None],
        beat: Callable[[], None] | None = None,
        patience: Patience = PATIENCE,
        ahead: int = AHEAD,
    ) -> None:
        self._ahead = ahead
        self._process: HostProcess = process
        self._title = title
        self._channels = channels
        self._done = done
        self._beat = beat
        self._patience = patience
        self._line: Line | None = None
        self._heard = 0.0
        self._dropped_mb = -process.dropped_mb()
        self._over = False

    def open(self, order: Order) -> None:
        """Loads the plugin. Raises PluginFailed and BadPlan; the process is then ended."""
        try:
            request = {"do": "open", "order": order.model_dump(mode="json")}
            answer = self._process.call(request, self._beat, patience=self._patience, title=self._title)
            self._line = Line(self._ahead)
            self._process.start_playing(self._line)
        except (ConnectionError, WorkerDied) as error:
            raise self._lost() from error
        except BaseException:
            self.abandon()
            raise
        self.latency_frames = int(answer["latency_frames"])

    @property
    def pid(self) -> int:
        return self._process.pid

    def dropped_mb(self) -> float:
        """How much of what the plugin printed was dropped, in MB."""
        return self._dropped_mb + (0.0 if self._over else self._process.dropped_mb())

    def process(self, block: Samples) -> Samples:
        most = SLOT_BYTES // 4 // self._channels // 2
        pieces = [block[:, start : start + most] for start in range(0, block.shape[1], most)]
        out = [self._exchange(partial(_process, piece, self)) for piece in pieces]
        return out[0] if len(out) == 1 else np.concatenate(out, axis=1) if out else block

    def flush(self) -> Samples:
        out = self._exchange(lambda line: line.flush(self._channels, self))
        self.close()
        return out

    def _exchange(self, ask: Callable[[Line], Samples]) -> Samples:
        if self._line is None:
            raise PluginFailed(f"Plugin {self._title} has been closed.", self._title, "closed")
        self._heard = time.monotonic()
        try:
            out = ask(self._line)
        except Raised as raised:
            self.close()
            raise error_of(raised.message) from None
        except ConnectionError as error:
            raise self._lost() from error
        except BaseException:
            self.abandon()
            raise
        if self._beat is not None:
            self._beat()
        return out

    def beat(self) -> None:
        """The child has made frames."""
        self._heard = time.monotonic()
        if self._beat is not None:
            self._beat()

    def look(self) -> None:
        """Every quarter of a second without an answer."""
        self._process.look(self._title, time.monotonic() - self._heard, self._patience.frame_s)
        if (
            self._beat is not None
        ):  # who waits for this process is told that it is this one that waits, and for how long
            self._beat()

    def close(self) -> None:
        """Unloads the plugin and gives the process back. Safe to call twice."""
        if self._line is None or self._over:
            return
        self._line.close()
        self._process.stop_playing()
        self._give_back()

    def abandon(self) -> None:
        """Ends the process, whatever the plugin is doing. Safe to call twice."""
        if self._over:
            return
        if self._line is not None:
            self._line.close()
        self._process.close()
        self._give_back()

    def _give_back(self) -> None:
        self._dropped_mb += self._process.dropped_mb()
        self._over = True
        self._line = None
        self._done(self._process)

    def _lost(self) -> PluginFailed:
        failed = self._process.lost(self._title)
        self.abandon()
        return failed


def _process(piece: Samples, wait: IsolatedProcessor, line: Line) -> Samples:
    return line.process(piece, wait)
