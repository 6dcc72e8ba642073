"""The scan that nobody waits for: while nothing else is to be done, one bundle at a time, at low priority.

First what is new or has changed since; then what only playing shows; last what is slow to load.
A job that comes in between ends the process of the scan at once; its bundle has its turn again later.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bridge.hosting.catalogue import Catalogue
from bridge.hosting.folders import stamp
from bridge.hosting.isolated import HostProcess
from bridge.hosting.patience import Patience
from bridge.hosting.record import PluginRecord
from bridge.hosting.scan import dead_man, judged, quick, with_deep

log = logging.getLogger(__name__)

NICE = 15
REST_S = 10.0
"""How long nothing has to be going on before the scan begins, and goes on."""
LOOK_AGAIN_S = 60.0
"""How often it is looked whether a bundle is new or has changed."""
UNHURRIED = Patience(idle_s=60.0, busy_s=900.0)
"""At low priority beside a busy DAW, much that is alive shows little life."""
_TICK_S = 0.1


class BackgroundScan:
    """busy: whether anything waits or is at work; asked ten times a second while a bundle is scanned."""

    def __init__(
        self,
        catalogue: Catalogue,
        busy: Callable[[], bool],
        *,
        rest_s: float = REST_S,
        look_again_s: float = LOOK_AGAIN_S,
        patience: Patience = UNHURRIED,
    ) -> None:
        self._catalogue = catalogue
        self._busy = busy
        self._rest_s = rest_s
        self._look_again_s = look_again_s
        self._patience = patience
        self._cut_off: Counter[Path] = Counter()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="plugin scan", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends what it is at and waits for that. Safe to call without `start`."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(10.0)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._rest()
                again = self._turn()
            except Exception:  # a full disk, a folder that went away: the next look may find it mended
                log.exception("the scan of plugins failed")
                again = False
            if not again:
                self._stopping.wait(self._look_again_s)

    def _rest(self) -> None:
        """Until nothing has been going on for a while."""
        quiet = 0.0
        while quiet < self._rest_s and not self._stopping.wait(_TICK_S):
            quiet = 0.0 if self._busy() else quiet + _TICK_S

    def _turn(self) -> bool:
        """Scans all that is to be scanned; True where it was cut off."""
        while (bundle := self._next()) is not None and not self._stopping.is_set():
            before = stamp(bundle)
            record = self._scanned(bundle)
            if record is None:
                self._cut_off[bundle] += 1
                return True
            self._catalogue.keep([record], {record.file: before})
            self._say(record)
        return False

    def _next(self) -> Path | None:
        """What wants the quick pass before what wants the deep one, what is known to be slow after both, and what was
        cut off already last of all: whatever takes minutes keeps nothing else waiting."""
        wanting = [bundle for bundle in self._catalogue.bundles() if self._wants(bundle)]
        return min(wanting, key=self._turn_of, default=None)

    def _turn_of(self, bundle: Path) -> tuple[int, bool, bool]:
        """Smaller comes first."""
        known = self._catalogue.known(bundle)
        slow = known is not None and known.status == "slow"
        return self._cut_off[bundle], slow, self._wants(bundle) == "deep"

    def _wants(self, bundle: Path) -> str | None:
        record = self._catalogue.known(bundle)
        return "quick" if record is None else record.wants

    def _scanned(self, bundle: Path) -> PluginRecord | None:
        """The record after the bundle's next pass; None where that was cut off."""
        known = self._catalogue.known(bundle)
        with dead_man(self._catalogue, bundle), self._watched() as (started, cut_off):
            if known is None or known.wants == "quick":
                look = partial(quick, bundle, patience=self._patience, nice=NICE, started=started)
            else:
                look = partial(with_deep, known, patience=self._patience, nice=NICE, started=started)
            record = judged(self._catalogue, bundle, look)
        return None if cut_off.is_set() else record

    @contextlib.contextmanager
    def _watched(self) -> Iterator[tuple[Callable[[HostProcess], None], threading.Event]]:
        """While it lasts, processes that `started` is given are ended as soon as something else is to be done."""
        processes: list[HostProcess] = []
        cut_off, over = threading.Event(), threading.Event()

        def started(process: HostProcess) -> None:
            processes.append(process)
            if cut_off.is_set():
                process.kill()

        def watch() -> None:
            while not over.wait(_TICK_S):
                if self._stopping.is_set() or self._busy():
                    cut_off.set()
                    for process in processes:
                        process.kill()
                    return

        watching = threading.Thread(target=watch, name="plugin scan watch", daemon=True)
        watching.start()
        try:
            yield started, cut_off
        finally:
            over.set()
            watching.join()

    def _say(self, record: PluginRecord) -> None:
        done, of = self._catalogue.deep_scanned()
        facts = {"plugin": record.name, "status": record.status, "deep_scan": f"{done} of {of}"}
        log.info("plugin scanned", extra={"facts": facts})
