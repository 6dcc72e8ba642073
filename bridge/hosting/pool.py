"""The processes in which plugins live alone: warm ones waiting, playing ones known, worn ones replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bridge.hosting.isolated import AHEAD, HostProcess, IsolatedProcessor
from bridge.hosting.opening import Order
from bridge.hosting.patience import Patience

MOST_WARM = 2


class Pool:
    """memory_mb: what a process may take with its plugin. log_path: where plugins' output goes, capped."""

    def __init__(self, memory_mb: int, log_path: Path | None, patience: Patience) -> None:
        self._memory_mb = memory_mb
        self._log_path = log_path
        self._patience = patience
        self._warm: list[HostProcess] = []
        self._playing: set[IsolatedProcessor] = set()

    def open(
        self,
        order: Order,
        title: str,
        reuse: bool,
        beat: Callable[[], None] | None = None,
        ahead: int = AHEAD,
    ) -> IsolatedProcessor:
        """A plugin that plays in a process of its own. reuse: whether that process may have held another before, and
        may hold one after. ahead: see IsolatedProcessor. Raises PluginFailed, BadPlan."""

        def done(process: HostProcess) -> None:
            self._playing.discard(playing)
            self._take_back(process, reuse)

        playing = IsolatedProcessor(
            self._process(reuse), title, order.channels, done, beat, self._patience, ahead
        )
        self._playing.add(playing)
        playing.open(order)
        return playing

    def prepare(self) -> None:
        """Has one warm process waiting, so that the next plugin does not wait for an interpreter."""
        if not self._warm:
            self._warm.append(self._fresh())

    def _process(self, reuse: bool) -> HostProcess:
        while reuse and self._warm:
            process = self._warm.pop()
            if process.ready():
                return process
            process.close()
        return self._fresh()

    def _fresh(self) -> HostProcess:
        process = HostProcess(self._memory_mb, self._log_path)
        process.warm()
        return process

    def _take_back(self, process: HostProcess, reuse: bool) -> None:
        if reuse and process.alive and not process.worn and len(self._warm) < MOST_WARM:
            self._warm.append(process)
        else:
            process.close()

    def abandon(self) -> None:
        """Ends what still plays, whatever it is doing."""
        for playing in list(self._playing):
            playing.abandon()

    def close(self) -> None:
        """Ends everything. Safe to call twice."""
        self.abandon()
        while self._warm:
            self._warm.pop().close()
