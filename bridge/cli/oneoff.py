"""One job here and now, with a ledger and a worker of its own: the path that the daemon's jobs take."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.results import load_result
from bridge.cli.terminal import Report, note
from bridge.errors import Cancelled, OutputFailed

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.jobs import JobEvent


def run_one(
    source: Path, words: str, options: Mapping[str, Any], folder: Path, settings: Settings, report: Report
) -> dict[str, Any]:
    """The content of result.json. folder: an empty one, which gets the ledger and the outbox.

    Raises OutputFailed where the result could not be written, Cancelled where the job was taken back.
    """
    from bridge.bootstrap.worker import worker_setup
    from bridge.jobs import Dispatcher, Ledger, NewJob

    # The user names the files himself, so their folders are as good as configured roots.
    named = (*options.get("stems", {}).values(), *options.get("references", ()))
    named += (options["impulse"],) if options.get("impulse") else ()
    folders = (source.parent, *(Path(path).parent for path in named))
    alone = settings.model_copy(update={"workers": 1, "roots": (*settings.roots, *folders)})
    finished, leaving = threading.Event(), threading.Event()
    ended: list[JobEvent] = []

    def hear(event: JobEvent) -> None:
        report(event.fraction, event.stage)
        if event.kind == "requeued" and not leaving.is_set():
            note(f"{source.name}: {event.reason or 'a worker died'}; it runs again")
        if event.kind == "finished":
            ended.append(event)
            finished.set()

    with Ledger.open(folder / "state") as ledger:
        dispatcher = Dispatcher(ledger, folder / "outbox", folder / "state", worker_setup(alone))
        dispatcher.listen(hear)
        dispatcher.start()
        try:
            ledger.add([NewJob(str(source), words, options=options)])
            dispatcher.wake()
            # In steps, because an endless wait would not hear Ctrl-C on Windows.
            while not finished.wait(0.5):
                pass
        finally:
            leaving.set()
            dispatcher.stop(grace_s=0)
    return _result(ended[0])


def _result(event: JobEvent) -> dict[str, Any]:
    if event.status == "cancelled":
        raise Cancelled("the job was cancelled.")
    if event.result_path is None:
        raise OutputFailed(event.reason or "the result could not be written.")
    return load_result(Path(event.result_path))
