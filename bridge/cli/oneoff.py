"""One job here and now, with a ledger and a worker of its own: the path that the daemon's jobs take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.desk import opened
from bridge.cli.terminal import Report

if TYPE_CHECKING:
    import click

    from bridge.config import Settings
    from bridge.processes import Child


def begun(context: click.Context, settings: Settings) -> Child:
    """The job's process, started before anything is known of the job: its libraries load while words and files are
    looked at. It ends with the command, whether it was wanted or not."""
    from bridge.bootstrap.worker import MODULE
    from bridge.processes import Child, Limits

    child = Child(MODULE, limits=Limits(memory_mb=settings.worker_memory_mb))
    context.call_on_close(child.close)
    return child


def run_one(
    source: Path,
    words: str,
    options: Mapping[str, Any],
    folder: Path,
    settings: Settings,
    report: Report,
    worker: Child | None = None,
) -> dict[str, Any]:
    """The content of result.json. folder: an empty one, which gets the ledger and the outbox. worker: as `begun`.

    Raises OutputFailed where the result could not be written, Cancelled where the job was taken back.
    """
    # The user names the files himself, so their folders are as good as configured roots.
    named = (
        *options.get("stems", {}).values(),
        *options.get("album", {}).values(),
        *options.get("references", ()),
    )
    named += (options["impulse"],) if options.get("impulse") else ()
    folders = (source.parent, *(Path(path).parent for path in named))
    with opened(folder, folders, settings, worker=worker) as desk:
        return desk.ask(source, words, options, report)
