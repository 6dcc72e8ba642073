"""How long a plugin is waited for."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.hosting.pace import GRACE_S


@dataclass(frozen=True)
class Patience:
    """How long to wait for a sign of life.

    frame_s: for a frame from a plugin that plays; one that gives none hangs, whether it sleeps or computes. grace_s:
    beside what it may take for its frames; see Pace.
    For what comes before it plays: idle_s from a process that does not use the processor either; busy_s from one that
    computes, since many load for long.
    """

    frame_s: float = 20.0
    grace_s: float = GRACE_S
    idle_s: float = 20.0
    busy_s: float = 180.0

    def computing_s(self, playing: bool) -> float:
        """For a process that computes."""
        return self.frame_s if playing else self.busy_s


PATIENCE = Patience()
