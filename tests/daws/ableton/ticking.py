"""Live's one thread: what is scheduled runs on it, tick by tick, unless a menu is open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Ticking:
    """tick_s: 0.1 in Live. Errors of what is called are kept, for a test to look at; in Live they would be logged."""

    def __init__(self, tick_s: float = 0.1) -> None:
        self._tick_s = tick_s
        self._due: list[tuple[int, Callable[[], object]]] = []
        self._ticks = 0
        self._lock, self._working = threading.Lock(), threading.RLock()
        self._stop, self._menu_until = threading.Event(), 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.errors: list[BaseException] = []

    def schedule(self, ticks: int, call: Callable[[], object]) -> None:
        with self._lock:
            self._due.append((self._ticks + ticks, call))

    def open_menu(self, seconds: float) -> None:
        """Nothing is called meanwhile; a tick that is under way ends first."""
        with self._working:
            self._menu_until = time.monotonic() + seconds

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.quit()

    def quit(self) -> None:
        """Live ends: nothing is called any more."""
        self._stop.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.wait(self._tick_s):
            with self._working:
                if time.monotonic() >= self._menu_until:
                    self._tick()

    def _tick(self) -> None:
        with self._lock:
            self._ticks += 1
            now = [call for tick, call in self._due if tick <= self._ticks]
            self._due = [(tick, call) for tick, call in self._due if tick > self._ticks]
        for call in now:
            try:
                call()
            except Exception as error:  # noqa: BLE001
                self.errors.append(error)
