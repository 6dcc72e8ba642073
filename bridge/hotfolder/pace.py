"""How long until the next look: soon while something settles, ever longer while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

BUSY_SHARE = 0.10  # of one core, while files settle
IDLE_SHARE = 0.01  # while nothing changes
LONGEST_BUSY_S = 1.0  # however costly a look is


@dataclass
class Pace:
    """hints: whether a watcher wakes us; then a look only has to find what the watcher lost.

    settle_s: from the settings; four looks fit into it.
    """

    settle_s: float
    hints: bool
    _idle_s: float = 0.5

    @property
    def longest_s(self) -> float:
        return 10.0 if self.hints else 2.0

    def wait_s(self, *, settling: bool, changed: bool, cost_s: float) -> float:
        """Seconds until the next look. cost_s: CPU that the last one took; a busy machine makes no look later."""
        if settling or changed:
            self._idle_s = 0.5
            return max(min(self.settle_s / 4, 0.5), min(cost_s / BUSY_SHARE, LONGEST_BUSY_S))
        self._idle_s = min(self._idle_s * 1.5, self.longest_s)
        return max(self._idle_s, cost_s / IDLE_SHARE)
