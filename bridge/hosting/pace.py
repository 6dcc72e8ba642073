"""How many frames a plugin is given at a time, and how long it may take for them: slow is not dead, but has an end.

Two things end a plugin that plays. It gives no frame within `Patience.frame_s`: it hangs, whether it sleeps or burns
the processor; whoever waits for its process sees that. Or its frames come, but slower than anybody can want: that is
counted here, call by call, and needs no one to wait.
"""

from __future__ import annotations

from bridge.errors import PluginFailed

BLOCK = 512
"""Frames that a plugin is given at a time, always. Some plugins sound different with another block size."""

LONGEST = 16 * BLOCK
"""Frames in one call: more is not faster, and a plugin that becomes as slow as it may be still shows life in time."""

PATIENT_S = 0.25
"""A call that takes longer than this makes the next one shorter, so that a slow plugin still shows life."""

GRACE_S = 60.0
"""What a plugin may take beside what it may take for its frames: it allocates, it reads files, the machine is busy."""

MOST_COST_S = 50.0
"""Seconds for a second of sound: a minute then takes most of an hour. The slowest plugin measured takes 0.1."""

_TIMES_MEASURED = 5.0
"""A plugin that was measured to be slow may be so much slower than then: other settings, a busy machine."""


def most_cost_s(speed: float | None) -> float:
    """Seconds that a second of sound may take. speed: times real time, as measured; None where nobody did."""
    return max(MOST_COST_S, _TIMES_MEASURED / speed) if speed else MOST_COST_S


class Pace:
    """Counts what one instance takes for its frames, and chooses how many it is given next.

    Time that it saved earlier is no credit: the count begins anew whenever the plugin has caught up.
    """

    def __init__(
        self, plugin: str, rate: int, grace_s: float = GRACE_S, most_cost_s: float = MOST_COST_S
    ) -> None:
        self._plugin = plugin
        self._rate = rate
        self._grace_s = grace_s
        self._most_cost_s = most_cost_s
        self._sound_s = 0.0
        self._took_s = 0.0
        self.step = BLOCK

    def took(self, frames: int, seconds: float) -> None:
        """After each call. Raises PluginFailed (`too_slow`)."""
        self.step = BLOCK if seconds > PATIENT_S else min(2 * self.step, LONGEST)
        self._sound_s += frames / self._rate
        self._took_s += seconds
        late_s = self._took_s - self._sound_s * self._most_cost_s
        if late_s < 0:
            self._sound_s = self._took_s = 0.0
        elif late_s > self._grace_s:
            took = f"it took {self._took_s:.0f} s for {self._sound_s:.2f} s of sound"
            raise PluginFailed(f"Plugin {self._plugin} is too slow: {took}.", self._plugin, "too_slow")
