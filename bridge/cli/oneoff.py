"""One job here and now, with a ledger and a worker of its own: the path that the daemon's jobs take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.desk import opened
from bridge.cli.terminal import Report

if TYPE_CHECKING:
    from bridge.config import Settings


def run_one(
    source: Path, words: str, options: Mapping[str, Any], folder: Path, settings: Settings, report: Report
) -> dict[str, Any]:
    """The content of result.json. folder: an empty one, which gets the ledger and the outbox.

    Raises OutputFailed where the result could not be written, Cancelled where the job was taken back.
    """
    # The user names the files himself, so their folders are as good as configured roots.
    named = (*options.get("stems", {}).values(), *options.get("references", ()))
    named += (options["impulse"],) if options.get("impulse") else ()
    folders = (source.parent, *(Path(path).parent for path in named))
    with opened(folder, folders, settings) as desk:
        return desk.ask(source, words, options, report)
