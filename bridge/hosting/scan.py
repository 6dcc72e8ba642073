"""The scanner: each bundle in a process of its own, several at once, one record as soon as one is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from bridge.errors import PluginFailed
from bridge.hosting.catalogue import Catalogue
from bridge.hosting.isolated import PATIENCE, HostProcess, Patience
from bridge.hosting.record import DeepRecord, PluginRecord, Status

KEEP_EVERY_S = 2.0

_STATUS: dict[str, Status] = {"crashed": "crashed", "memory": "crashed", "hung": "hung"}


def scan(
    catalogue: Catalogue,
    bundles: Sequence[Path] | None = None,
    *,
    deep: bool = False,
    again: bool = False,
    at_once: int | None = None,
    patience: Patience = PATIENCE,
) -> Iterator[PluginRecord]:
    """One record a bundle, known ones first, the others as they are done; all are kept in the catalogue.

    bundles: all that lie in the plugin folders by default. deep: also what only playing shows. again: scan what is
    known too, and forgive its strikes. patience: a bundle that shows no life for longer is `hung`.
    """
    wanted = list(bundles) if bundles is not None else catalogue.bundles()
    todo = []
    for bundle in wanted:
        record = None if again else catalogue.known(bundle)
        if record is not None and not (deep and record.usable and record.deep is None):
            yield record
        else:
            todo.append(bundle)
    if again:
        for bundle in todo:
            catalogue.strikes.forgive(bundle)

    def one(bundle: Path) -> PluginRecord:
        known = None if again else catalogue.known(bundle)
        with dead_man(catalogue, bundle):
            record = known or quick(bundle, patience=patience)
            return with_deep(record, patience=patience) if deep else record

    yield from _as_they_finish(
        catalogue, one, _least_suspicious_first(catalogue, todo), at_once or os.cpu_count() or 1
    )


def _as_they_finish(
    catalogue: Catalogue, one: Callable[[Path], PluginRecord], todo: Sequence[Path], at_once: int
) -> Iterator[PluginRecord]:
    unkept: list[PluginRecord] = []
    kept = time.monotonic()
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="scan")
    pending: set[Future[PluginRecord]] = {pool.submit(one, bundle) for bundle in todo}
    try:
        while pending:
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                unkept.append(future.result())
                yield unkept[-1]
            if time.monotonic() - kept > KEEP_EVERY_S:
                catalogue.keep(unkept)
                unkept, kept = [], time.monotonic()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if unkept:
            catalogue.keep(unkept)


def quick(bundle: Path, *, patience: Patience = PATIENCE) -> PluginRecord:
    """The quick pass over one bundle; a plugin that fails is a record that says how."""
    process = HostProcess()
    try:
        answer = process.call({"do": "quick", "file": str(bundle)}, patience=patience, title=bundle.stem)
        return PluginRecord.from_json(answer["record"])
    except PluginFailed as error:
        status = _STATUS.get(error.fault, "unusable")
        return PluginRecord(file=str(bundle), name=bundle.stem, status=status, reason=error.message)
    finally:
        process.close()


def with_deep(record: PluginRecord, *, patience: Patience = PATIENCE) -> PluginRecord:
    """The record with its deep part. A plugin that fails while it plays is no longer usable; one that fails at its
    state or beside a second instance is, and is known not to do that."""
    if not record.usable:
        return record
    process = HostProcess()
    name = record.name if record.names else None
    try:
        request: dict[str, Any] = {"do": "deep", "file": record.file, "name": name}
        answer = process.call(request, patience=patience, title=record.name)
        return replace(record, deep=DeepRecord(**answer["deep"]))
    except PluginFailed as error:
        if process.partial is not None:
            return replace(record, deep=DeepRecord(**process.partial["deep"]))
        return replace(record, status=_STATUS.get(error.fault, "unusable"), reason=error.message)
    finally:
        process.close()


@contextmanager
def dead_man(catalogue: Catalogue, bundle: Path) -> Iterator[None]:
    """A note that this bundle is being loaded, which stays if the whole scanner dies of it."""
    note = catalogue.dead_men / sha256(os.fsencode(bundle)).hexdigest()[:32]
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_bytes(os.fsencode(bundle))
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _least_suspicious_first(catalogue: Catalogue, todo: Sequence[Path]) -> list[Path]:
    """Bundles that an earlier scan died with come last, so that they cannot keep the others from being scanned."""
    try:
        suspects = {os.fsdecode(note.read_bytes()) for note in catalogue.dead_men.iterdir()}
    except FileNotFoundError:
        suspects = set()
    return sorted(todo, key=lambda bundle: str(bundle) in suspects)
