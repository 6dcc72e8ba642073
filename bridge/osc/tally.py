"""Counters of what arrived and was turned away, with a log that a flood cannot fill."""

from __future__ import annotations

import logging
import time
from collections import Counter

log = logging.getLogger("bridge.osc")

LOG_EVERY_S = 5.0


class Tally:
    """Counts by kind; each kind is logged at most once in `LOG_EVERY_S`, with how often it happened since."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._silent: Counter[str] = Counter()
        self._logged_at: dict[str, float] = {}

    def add(self, kind: str, **facts: object) -> None:
        self.counts[kind] += 1
        now = time.monotonic()
        if now - self._logged_at.get(kind, -LOG_EVERY_S) < LOG_EVERY_S:
            self._silent[kind] += 1
            return
        self._logged_at[kind] = now
        log.warning("osc %s", kind, extra={"facts": {**facts, "not_logged": self._silent.pop(kind, 0)}})
