"""A model's answer as it grows -> progress of a job, so that whoever waits sees that something comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from bridge.jobs.sounds import Progress

MOST_A_SECOND = 5
Answering = Callable[[int], None]
"""Is told how many characters have come."""


def answering(progress: Progress, fraction: float, now_s: Callable[[], float] = time.monotonic) -> Answering:
    """Says "plan: 512 characters" at `fraction` of the job, at most MOST_A_SECOND times a second."""
    last_s = float("-inf")

    def told(characters: int) -> None:
        nonlocal last_s
        at_s = now_s()
        if at_s - last_s >= 1 / MOST_A_SECOND:
            last_s = at_s
            progress(fraction, f"plan: {characters} characters")

    return told
