"""The hot folder: scan, settle, examine, deliver. Its memory may be lost at any time; the ledger knows the rest."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bridge.errors import BridgeError, Unavailable
from bridge.files.naming import spoken
from bridge.files.roots import Roots
from bridge.hotfolder.examination import Drop, Examiner, Finding
from bridge.hotfolder.pace import Pace
from bridge.hotfolder.scan import Mark, View, scan
from bridge.hotfolder.settle import Patience, Settling
from bridge.hotfolder.watch import Watch, needs_polling
from bridge.hotfolder.wish import Wish

log = logging.getLogger("bridge.hotfolder")

Deliver = Callable[[Sequence[Drop]], Awaitable[None]]

BATCH = 128  # files examined and delivered together: one transaction of the ledger
RETRY_S = 2.0  # until a delivery that failed is tried again
GATHER_S = 0.05  # a burst of events wakes one scan, not thousands
LOGGED_AT_ONCE = 20  # entries passed over, a scan; the rest is counted


class HotFolder:
    """Watches one folder for as long as `run` runs. All methods belong to one event loop.

    deliver: takes files that are ready; a BridgeError of it means "not now", and they are offered again.
    """

    def __init__(
        self,
        inbox: Path,
        deliver: Deliver,
        *,
        roots: Roots | None = None,
        presets: Mapping[str, Wish] | None = None,
        patience: Patience | None = None,
        polling: Literal["auto", "on", "off"] = "auto",
    ) -> None:
        self.inbox = Path(os.path.realpath(inbox))
        self._deliver = deliver
        self._examiner = Examiner(self.inbox, roots or Roots([self.inbox]), presets or {})
        self._settling = Settling(patience or Patience())
        self._polling = polling
        self._watch: Watch | None = None
        self._root: tuple[int, int] | None = None
        self._handed: dict[str, Mark] = {}
        self._checking: dict[str, Mark] = {}
        self._held: dict[str, tuple[Mark, float]] = {}
        self._ids: dict[str, tuple[str, ...]] = {}
        self._ignored: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._missing = False
        self.scans = 0

    async def run(self) -> None:
        """Until cancelled."""
        self._loop = asyncio.get_running_loop()
        self._scanner = ThreadPoolExecutor(1, "inbox-scan")
        self._readers = ThreadPoolExecutor(2, "inbox-read")
        pace = Pace(self._settling.patience.settle_s, hints=False)
        try:
            while True:
                changed, cost_s = await self._look()
                pace.hints = self._watch is not None
                await self._pause(pace.wait_s(settling=self._busy, changed=changed, cost_s=cost_s), cost_s)
        finally:
            await self._close()

    def wake(self) -> None:
        """Something may have changed. From the loop's own thread."""
        self._awake.set()

    # -- announced by a DAW script --------------------------------------------------------------------------------

    async def announce(self, path: str, size: int, id: str) -> None:
        """A file of this size is complete: delivers it without settling.

        Where the container says otherwise, the settling rule decides, and `id` goes with it.
        Raises BadRequest or PathRefused for a file that is not there, of another size, or not for the inbox.
        """
        where, mark = await asyncio.to_thread(self._examiner.announced, path, size)
        finding = await asyncio.to_thread(self._examiner.examine, where, mark)
        if finding is None or finding.may_grow:
            self._ids[where] = (*self._ids.get(where, ()), id)
            self._handed.pop(where, None)
            self.wake()
            return
        self._checking[where] = mark
        try:
            await self._hand_over([finding.drop((id,))])
        finally:
            self._checking.pop(where, None)

    # -- scanning ---------------------------------------------------------------------------------------------------

    @property
    def _busy(self) -> bool:
        return len(self._settling) > len(self._held) or bool(self._checking)

    async def _look(self) -> tuple[bool, float]:
        """One scan; whether something had settled, and the CPU seconds it took."""
        self.scans += 1
        known = {*self._handed, *self._held, *self._ids}
        try:
            view = await self._loop.run_in_executor(self._scanner, scan, str(self.inbox))
        except Unavailable as error:
            self._say_missing(error)
            return False, 0.0
        self._missing = False
        await self._keep_watch(view)
        self._log_ignored(view.ignored)
        self._forget_gone(view, known)
        settled = self._note(view, time.monotonic())
        for start in range(0, len(settled), BATCH):
            self._check(settled[start : start + BATCH])
        return bool(settled), view.cost_s

    def _say_missing(self, error: Unavailable) -> None:
        if not self._missing:
            log.error("inbox not there", extra={"facts": {"reason": error.message}})
        self._missing = True
        self._root = None

    async def _keep_watch(self, view: View) -> None:
        """Watches the folder that lies there now: a share that was mounted in its place is another one."""
        if self._root == view.root:
            return
        self._root = view.root
        await self._loop.run_in_executor(self._scanner, self._rewatch)
        how = "watching" if self._watch else "polling"
        log.info("inbox open", extra={"facts": {"inbox": str(self.inbox), "how": how}})
        self.wake()  # what came between the scan and the watch

    def _rewatch(self) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if needs_polling(str(self.inbox), self._polling):
            return
        watch = Watch(str(self.inbox), self._woken)
        self._watch = watch if watch.start() else None

    def _woken(self) -> None:
        """On the watcher's thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._awake.set)

    def _note(self, view: View, now: float) -> list[tuple[str, Mark]]:
        """Holds a scan against what is known; gives the files that have settled."""
        return [
            (path, mark)
            for path, mark in view.marks.items()
            if not self._is_known(path, mark, now) and self._settling.look(path, mark, now)
        ]

    def _is_known(self, path: str, mark: Mark, now: float) -> bool:
        handed = self._handed.get(path)
        if handed is not None and (
            handed == mark or (mark.sidecar is None and handed.stamp == mark.stamp and path not in self._ids)
        ):
            return True  # a sidecar that was taken away asks for nothing
        if path in self._checking:
            return True
        held = self._held.get(path)
        if held is not None and (held[0] != mark or now >= held[1]):
            del self._held[path]
            held = None
        return held is not None

    def _forget_gone(self, view: View, known: set[str]) -> None:
        """Forgets the files that were known before the scan began and that it did not see; one that was announced
        meanwhile may have come after the scan had passed its folder."""
        self._settling.keep_only(view.marks)
        for path in known.difference(view.marks):
            for memory in (self._handed, self._held, self._ids):
                memory.pop(path, None)

    def _log_ignored(self, ignored: Mapping[str, str]) -> None:
        new = [path for path, reason in ignored.items() if self._ignored.get(path) != reason]
        for path in new[:LOGGED_AT_ONCE]:
            log.info("ignored", extra={"facts": {"path": path, "reason": ignored[path]}})
        if len(new) > LOGGED_AT_ONCE:
            log.info("ignored", extra={"facts": {"more": len(new) - LOGGED_AT_ONCE}})
        self._ignored = dict(ignored)

    async def _pause(self, seconds: float, cost_s: float) -> None:
        if self._held:
            soonest = min(until for _, until in self._held.values())
            seconds = min(seconds, max(soonest - time.monotonic(), 0.05))
        # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with what it waits for.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
            await asyncio.sleep(
                max(GATHER_S, 3 * cost_s)
            )  # a folder that is never quiet costs a quarter of a core
        self._awake.clear()

    # -- examining and delivering --------------------------------------------------------------------------------------

    def _check(self, batch: list[tuple[str, Mark]]) -> None:
        self._checking.update(batch)
        task = self._loop.create_task(self._examine(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _examine(self, batch: list[tuple[str, Mark]]) -> None:
        try:
            findings = await self._loop.run_in_executor(self._readers, self._findings, batch)
            ready = [finding for finding in findings if not self._waits(finding)]
            await self._hand_over([f.drop(self._ids.pop(f.path, ())) for f in ready])
        except Exception:  # a mistake of ours costs a retry, not the hot folder
            log.exception("examination failed", extra={"facts": {"files": len(batch)}})
            self._held.update({path: (mark, time.monotonic() + RETRY_S) for path, mark in batch})
        finally:
            for path, _ in batch:
                self._checking.pop(path, None)
            self.wake()

    def _findings(self, batch: list[tuple[str, Mark]]) -> list[Finding]:
        found = (self._examiner.examine(path, mark) for path, mark in batch)
        return [finding for finding in found if finding is not None]

    def _waits(self, finding: Finding) -> bool:
        """Whether the container may still become whole; then the file is held until patience ends."""
        if not finding.may_grow or finding.path not in self._settling:
            return False
        patience = self._settling.patience
        until = self._settling.quiet_since(finding.path) + patience.before_verdict(finding.completeness.state)
        if time.monotonic() >= until:
            return False
        if finding.path not in self._held:
            log.info("waiting", extra={"facts": {"path": finding.path, "reason": finding.refused}})
        self._held[finding.path] = (finding.mark, until)
        return True

    async def _hand_over(self, drops: Iterable[Drop]) -> None:
        drops = list(drops)
        if not drops:
            return
        try:
            await self._deliver(drops)
        except BridgeError as error:
            log.error("delivery failed", extra={"facts": {"files": len(drops), "reason": error.message}})
            self._hold_for_retry(drops)
            return
        except Exception:  # one file must neither hold up the others nor be tried for ever
            log.exception("delivery failed", extra={"facts": {"files": len(drops), "first": drops[0].path}})
            await self._hand_over_singly(drops)
            return
        for drop in drops:
            self._handed[drop.path] = drop.mark
            self._settling.forget(drop.path)

    async def _hand_over_singly(self, drops: Sequence[Drop]) -> None:
        """After a mistake of ours; a file that brings it about alone is refused."""
        if len(drops) > 1:
            for drop in drops:
                await self._hand_over([drop])
        elif drops[0].refused == _refusal(drops[0]):
            self._hold_for_retry(drops)
        else:
            await self._hand_over([replace(drops[0], wish=Wish(), refused=_refusal(drops[0]))])

    def _hold_for_retry(self, drops: Iterable[Drop]) -> None:
        for drop in drops:
            self._held[drop.path] = (drop.mark, time.monotonic() + RETRY_S)
            if drop.ids:
                self._ids[drop.path] = drop.ids

    async def _close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._scanner.shutdown(wait=False, cancel_futures=True)
        self._readers.shutdown(wait=False, cancel_futures=True)
        if self._watch is not None:
            await asyncio.to_thread(self._watch.stop)


def _refusal(drop: Drop) -> str:
    return f"{spoken(drop.path)} could not be taken for an internal error; the daemon's log has the details."
