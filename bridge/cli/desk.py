"""A ledger and a worker of this command's own: jobs here and now, on the path that the daemon's jobs take."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.results import load_result
from bridge.cli.terminal import Report, note
from bridge.errors import BridgeError, Cancelled, OutputFailed

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.jobs import Dispatcher, Job, JobEvent, Ledger
    from bridge.processes import Child

_LOOK_S = 0.2
"""Between two looks at whether a job has ended: an endless wait would not hear Ctrl-C on Windows."""

_CANCELLED_S = 10.0


class Desk:
    """Does one job after the other; its worker stays warm in between."""

    def __init__(self, ledger: Ledger, dispatcher: Dispatcher) -> None:
        self._ledger, self._dispatcher = ledger, dispatcher
        self._ended: dict[str, JobEvent] = {}
        self._report: Report = lambda fraction, stage: None
        self._at = ""
        self._leaving = threading.Event()
        self._changed = threading.Condition()
        dispatcher.listen(self._hear)

    def ask(
        self, source: Path, words: str, options: Mapping[str, Any], report: Report, id: str | None = None
    ) -> dict[str, Any]:
        """The content of result.json. id: of whoever asks; the same one never makes a second job.

        Raises Cancelled where the job was taken back, OutputFailed where the result could not be written.
        """
        from bridge.jobs import NewJob

        added = self._ledger.add([NewJob(str(source), words, client_id=id, options=options)])[0]
        self._dispatcher.wake()
        return self.wait_for(added.job, report)

    def wait_for(self, job: str, report: Report) -> dict[str, Any]:
        """As `ask`, of a job that is there already."""
        self._report, self._at = report, job
        with self._changed:
            while job not in self._ended:
                self._changed.wait(_LOOK_S)
        return _result(self._ended.pop(job))

    def unfinished(self) -> list[Job]:
        """Jobs that an earlier desk was killed at, oldest first; they are at work again."""
        return sorted((job for job in self._ledger.page() if not job.final), key=lambda job: job.id)

    def take_back(self) -> None:
        """Ends the job that was last waited for, as after Ctrl-C."""
        try:
            self._dispatcher.cancel(self._at)
        except BridgeError:
            return  # it has ended meanwhile
        with self._changed:
            self._changed.wait_for(lambda: self._at in self._ended, _CANCELLED_S)

    def _hear(self, event: JobEvent) -> None:
        self._report(event.fraction, event.stage)
        if event.kind == "requeued" and not self._leaving.is_set():
            note(f"{event.reason or 'a worker died'}; it runs again")
        if event.kind == "finished":
            with self._changed:
                self._ended[event.job] = event
                self._changed.notify_all()

    def leave(self) -> None:
        self._leaving.set()
        self._dispatcher.stop(grace_s=0)


@contextmanager
def opened(
    folder: Path,
    folders: Iterable[Path],
    settings: Settings,
    sessions: Path | None = None,
    worker: Child | None = None,
) -> Iterator[Desk]:
    """A desk whose ledger and results lie in `folder`. folders: those that its jobs may name files in. worker: one that
    runs already, see `worker_setup`.

    Raises Unavailable where another process works there.
    """
    from bridge.bootstrap.worker import worker_setup
    from bridge.jobs import Dispatcher, Ledger

    alone = settings.model_copy(update={"workers": 1, "roots": (*settings.roots, *folders)})
    with Ledger.open(folder / "state") as ledger:
        dispatcher = Dispatcher(
            ledger, folder / "outbox", folder / "state", worker_setup(alone, worker), sessions
        )
        desk = Desk(ledger, dispatcher)
        dispatcher.start()
        try:
            yield desk
        finally:
            desk.leave()


def _result(event: JobEvent) -> dict[str, Any]:
    if event.status == "cancelled":
        raise Cancelled("the job was cancelled.")
    if event.result_path is None:
        raise OutputFailed(event.reason or "the result could not be written.")
    return load_result(Path(event.result_path))
