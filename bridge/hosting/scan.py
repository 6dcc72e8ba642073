"""The scanner: each bundle in a process of its own, several at once, one record as soon as one is done."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError, PluginFailed
from bridge.hosting.catalogue import Catalogue
from bridge.hosting.folders import Stamp, no_plugin, stamp
from bridge.hosting.isolated import HostProcess
from bridge.hosting.patience import PATIENCE, Patience
from bridge.hosting.record import DeepRecord, PluginRecord, Status
from bridge.hosting.strikes import STRIKING

KEEP_EVERY_S = 2.0

BRISK = Patience(busy_s=30.0)
"""Of a pass that somebody waits for: a plugin that still loads after that is finished later."""

THOROUGH = Patience(busy_s=900.0)
"""Of a pass whose word is the last. What loads for a minute on a free machine does so for many on a busy one."""

_STATUS: dict[str, Status] = {"crashed": "crashed", "memory": "crashed", "hung": "hung"}


def scan(
    catalogue: Catalogue,
    bundles: Sequence[Path] | None = None,
    *,
    deep: bool = False,
    again: bool = False,
    wait: bool = False,
    at_once: int | None = None,
    patience: Patience | None = None,
) -> Iterator[PluginRecord]:
    """One record a bundle, known ones first, the others as they are done; all are kept in the catalogue.

    bundles: all that lie in the plugin folders by default. deep: also what only playing shows. again: scan what is
    known too, and forgive its strikes. wait: for those that are slow to load, which are left unfinished otherwise.
    patience: a bundle that shows no life for longer is `hung`; one that computes for longer is left unfinished.
    """
    final = wait and patience is None
    patience = patience or (THOROUGH if wait else BRISK)
    wanted = list(bundles) if bundles is not None else catalogue.bundles()
    todo = []
    for bundle in wanted:
        record = None if again else catalogue.known(bundle)
        if record is not None and record.wants not in {"quick" if wait else None, "deep" if deep else None}:
            yield record
        else:
            todo.append(bundle)
    if again:
        for bundle in todo:
            catalogue.strikes.forgive(bundle)

    def one(bundle: Path) -> Looked:
        before = stamp(bundle)
        known = None if again else catalogue.known(bundle)
        with dead_man(catalogue, bundle):
            if known is None or known.wants == "quick":
                known = judged(catalogue, bundle, partial(quick, bundle, patience=patience, final=final))
            if deep and known.usable:
                known = judged(catalogue, bundle, partial(with_deep, known, patience=patience))
            return before, known

    yield from _as_they_finish(
        catalogue, one, _least_suspicious_first(catalogue, todo), at_once or os.cpu_count() or 1
    )


Looked = tuple[Stamp | None, PluginRecord]
"""What a bundle was before it was looked into, and what was found."""


def _as_they_finish(
    catalogue: Catalogue, one: Callable[[Path], Looked], todo: Sequence[Path], at_once: int
) -> Iterator[PluginRecord]:
    unkept: list[Looked] = []
    kept = time.monotonic()
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="scan")
    pending: set[Future[Looked]] = {pool.submit(one, bundle) for bundle in todo}
    try:
        while pending:
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                unkept.append(future.result())
                yield unkept[-1][1]
            if time.monotonic() - kept > KEEP_EVERY_S:
                _keep(catalogue, unkept)
                unkept, kept = [], time.monotonic()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        if unkept:
            _keep(catalogue, unkept)


def _keep(catalogue: Catalogue, looked: Sequence[Looked]) -> None:
    catalogue.keep([record for _, record in looked], {record.file: before for before, record in looked})


def judged(catalogue: Catalogue, bundle: Path, look: Callable[[], PluginRecord]) -> PluginRecord:
    """What a look into a bundle says, and a second one where the plugin crashed at the first, which may have been an
    accident. Each crash and each hang is a strike, as it is in a job."""
    record = look()
    if record.status == "crashed":
        _strike(catalogue, bundle, record)
        record = look()
    if record.status in STRIKING:
        _strike(catalogue, bundle, record)
    return record


def _strike(catalogue: Catalogue, bundle: Path, record: PluginRecord) -> None:
    catalogue.strikes.add(bundle, record.status, record.reason or record.status)


Beat = Callable[[], None]
"""A sign of life, for who waits for the whole."""

Started = Callable[[HostProcess], None]
"""Given the process that a pass goes on in, as soon as it is there, so that it can be stopped."""


def quick(
    bundle: Path,
    *,
    patience: Patience = PATIENCE,
    final: bool = True,
    nice: int = 0,
    started: Started = lambda process: None,
    beat: Beat | None = None,
) -> PluginRecord:
    """The quick pass over one bundle; a plugin that fails is a record that says how.

    final: one that computes for longer than `patience.busy_s` is hung; else it is slow, and unfinished.
    """
    wrong = no_plugin(bundle)
    if wrong is not None:
        reason = f"Plugin {bundle.stem} cannot be loaded: {wrong}."
        return PluginRecord(file=str(bundle), name=bundle.stem, status="unusable", reason=reason)
    process = HostProcess(nice=nice)
    try:
        started(process)
        request = {"do": "quick", "file": str(bundle)}
        answer = process.call(request, beat, patience=patience, title=bundle.stem)
        return PluginRecord.from_json(answer["record"])
    except BridgeError as error:  # whatever it is, it is about this bundle, and others wait
        if process.outlasted and not final:
            return _unfinished(bundle, process.stage, patience)
        status = _STATUS.get(error.fault, "unusable") if isinstance(error, PluginFailed) else "unusable"
        return PluginRecord(file=str(bundle), name=bundle.stem, status=status, reason=error.message)
    finally:
        process.close()


def _unfinished(bundle: Path, stage: str, patience: Patience) -> PluginRecord:
    reason = f"Plugin {bundle.stem} was still {stage} after {patience.busy_s:g} s; it is finished in the background."
    return PluginRecord(file=str(bundle), name=bundle.stem, status="slow", reason=reason, unfinished=True)


def with_deep(
    record: PluginRecord,
    *,
    patience: Patience = PATIENCE,
    nice: int = 0,
    started: Started = lambda process: None,
    beat: Beat | None = None,
) -> PluginRecord:
    """The record with its deep part. A plugin that fails while it plays is no longer usable; one that fails at its
    state or beside a second instance is, and is known not to do that."""
    if not record.usable:
        return record

    def ask(what: str) -> dict[str, Any]:
        process = HostProcess(nice=nice)
        try:
            started(process)
            name = record.name if record.names else None
            request = {"do": what, "file": record.file, "channels": max(record.channels), "name": name}
            return process.call(request, beat, patience=patience, title=record.name)
        except PluginFailed:
            if process.partial is None:
                raise
            return process.partial
        finally:
            process.close()

    try:
        found = ask("deep")
        deep = DeepRecord(**found["deep"])
        if deep.deterministic:  # so far within one process; what was never set is often the same there
            deep = replace(deep, deterministic=ask("sounds")["sounds"] == [found["sound"]])
        return replace(record, deep=deep)
    except PluginFailed as error:
        return replace(record, status=_STATUS.get(error.fault, "unusable"), reason=error.message)


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
