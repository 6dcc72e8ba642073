"""Hangs and deaths of render workers, counted against the plugin that was at work in them: once, by who saw them."""

from __future__ import annotations

from bridge.errors import WorkerDied
from bridge.hosting import marks
from bridge.hosting.catalogue import Catalogue
from bridge.hosting.ends import DID, how_it_died


class Deaths:
    """To be asked by the process that started the workers; fulfils `bridge.jobs.running.Account`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def overdue(self, pid: int) -> str | None:
        """Why the worker `pid` is to be ended: a plugin that plays in it has given no frame for too long."""
        limit_s = marks.overdue_s(self._catalogue.marks, pid)
        return None if limit_s is None else f"made no progress for {limit_s:g} s and was killed"

    def died(self, pid: int, death: WorkerDied | None) -> str | None:
        """What the worker `pid` died of, where that was a plugin, which has one strike more then.

        death: None where the worker was stopped on purpose, which is no plugin's fault.
        """
        bundle = marks.take(self._catalogue.marks, pid)
        if bundle is None or death is None:
            return None
        fault, how = how_it_died(death)
        sentence = f"Plugin {bundle.stem} {DID[fault]} in a render worker: its process {how}"
        self._catalogue.strikes.add(bundle, fault, sentence)
        return sentence
