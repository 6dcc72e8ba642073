"""How long something takes on a machine that others use too."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 4


def quickest_s(run: Callable[[], object], under: float) -> float:
    """Seconds of the quickest of a few runs, up to the first under `under`: a crowd on the machine makes one of them
    slow, a fault makes all of them slow."""
    quickest = float("inf")
    for _ in range(TRIES):
        began = time.monotonic()
        run()
        quickest = min(quickest, time.monotonic() - began)
        if quickest < under:
            break
    return quickest
