"""Going back to a version whose files lie in the outbox still: they are handed back instead of rendered again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from bridge.files import atomic
from bridge.jobs.commit import files_of
from bridge.jobs.ledger import Ledger
from bridge.jobs.outbox import Outbox
from bridge.jobs.spec import Planned, Rendered

_CHUNK_BYTES = 1 << 20


def handed_back(
    ledger: Ledger, outbox: Outbox, planned: Planned, temporary: Callable[[str], Path]
) -> Rendered | None:
    """What the job `planned.kept` rendered, copied for this one, so that each job's files stay its own.

    None where it has to be rendered: its files have gone or hold something else, or a plugin was missing then.
    """
    made = ledger.document(planned.kept, "rendered") if planned.kept else None
    told = ledger.document(planned.kept, "planned") if made else None
    if not made or not told:
        return None
    before = Rendered.model_validate(made)
    ours = {"": planned.name, **{name: part.name for name, part in planned.parts.items()}}
    if before.replaced or set(before.parts) - set(ours) or told["source"]["sha256"] != planned.source.sha256:
        return None
    copies: dict[str, str] = {}
    for name, file in zip(list(before.parts) or [""], files_of(told, made), strict=True):
        path = temporary(ours[name])
        if not _copied(outbox.folder(planned.kept) / file.name, path, file.sha256):
            for copy in (*copies.values(), str(path)):
                atomic.discard(Path(copy))
            return None
        copies[name] = str(path)
    parts = {name: part.model_copy(update={"output": copies[name]}) for name, part in before.parts.items()}
    main = next(
        (parts[name].output for name, part in before.parts.items() if part.output == before.output), None
    )
    output = copies[""] if not parts else main or next(iter(copies.values()))
    return before.model_copy(update={"output": output, "parts": parts, "refined": None, "refinement": None})


def _copied(source: Path, target: Path, sha256: str) -> bool:
    """Whether the file was there and is what it was; the copy is on the medium then."""
    digest = hashlib.sha256()
    try:
        with source.open("rb") as file, target.open("wb") as copy:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
    except OSError:
        return False
    return digest.hexdigest() == sha256
