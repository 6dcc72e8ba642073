"""What becomes of a live suggestion: it is told, told with a plan that sets it, or set in a DAW by small moves.

All moves of a run stand in one journal, so that one `revert` puts all of them back.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bridge.errors import BadInput, BridgeError
from bridge.files import atomic
from bridge.files.roots import SOUNDS
from bridge.osc.messages import Suggest

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.daw import Daw
    from bridge.daws.journal import Journal
    from bridge.metering.advice import Suggestion
    from bridge.planning.plan import Plan

log = logging.getLogger("bridge.daemon")

MOST_DB = 6.0
"""As far as the moves of one run may bring one parameter, to either side."""


class LiveMoves:
    """tell: sends one message to every client; called on the event loop. called: the DAW of a name."""

    def __init__(
        self, settings: Settings, tell: Callable[[Suggest], None], called: Callable[[str], Daw] | None = None
    ) -> None:
        self._settings, self._tell, self._called = settings, tell, called
        self._at_work = asyncio.Lock()
        self._running: set[asyncio.Task[None]] = set()
        self._moved_db: defaultdict[str, float] = defaultdict(float)
        self._journal: Journal | None = None

    def take(self, suggestion: Suggestion) -> None:
        log.info("suggestion", extra={"facts": suggestion.to_json()})
        if self._settings.live_mode == "suggest":
            self._tell(message_of(suggestion))
            return
        task = asyncio.create_task(self._taken(suggestion), name="live suggestion")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def ended(self) -> None:
        """Waits for the move that is being made."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _taken(self, suggestion: Suggestion) -> None:
        work = self._kept if self._settings.live_mode == "ask" else self.moved
        async with self._at_work:
            try:
                became = await asyncio.to_thread(work, suggestion)
            except BridgeError as error:
                became = f"Not set: {error.message}"
            except Exception:  # one suggestion must not end the daemon; the log has the trace
                log.exception("live suggestion")
                became = "Not set: an internal error; the daemon's log has the details."
        self._tell(replace(message_of(suggestion), reason=f"{suggestion.reason} {became}"))

    def _kept(self, suggestion: Suggestion) -> str:
        """A plan that `apply` takes."""
        path = self._settings.state / SOUNDS / f"live-{_new_id()}.plan.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_json(path, plan_of(suggestion).to_json())
        return f"`apply` with {path} sets it."

    def moved(self, suggestion: Suggestion) -> str:
        """What became of it in the DAW. Raises BadInput where it is none of the small moves that may be made alone, or
        no DAW is named; Unavailable."""
        db = _move_db(suggestion)
        if abs(self._moved_db[suggestion.parameter] + db) > MOST_DB:
            raise BadInput(f"it has been moved by {MOST_DB:g} dB in all, and the rest is left to you.")
        daw_name, track = self._settings.live_daw, self._settings.live_track
        if daw_name is None or track is None:
            raise BadInput("set live_daw and live_track to say where moves may be made.")
        from bridge.daws.applying import apply
        from bridge.daws.daw import daw_called

        daw = (self._called or daw_called)(daw_name)
        link = daw.connect(self._settings)
        try:
            done = apply(plan_of(suggestion), link, daw.table, self._open_journal(daw.name), track)
        finally:
            link.close()
        if not done.written:
            raise BadInput(done.left[0].reason if done.left else "no device takes it.")
        self._moved_db[suggestion.parameter] += db
        said = "; ".join(f"{one.parameter} {one.verdict}" for one in done.written)
        return f"Set on {track}: {said}. `revert` of {done.id} puts all live moves back."

    def _open_journal(self, daw: str) -> Journal:
        """The one of this run; a new one where that was put back."""
        from bridge.daws.journal import Journal, Kept
        from bridge.daws.verbs import folder

        where = folder(self._settings)
        if self._journal is None or Kept(where, self._journal.id).reverted:
            self._journal = Journal(where, f"live-{_new_id()}", daw, "live")
            self._moved_db.clear()
        return self._journal


def _new_id() -> str:
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def _move_db(suggestion: Suggestion) -> float:
    """Only gains of levels and bands are small moves; a limiter or a turned-over channel changes more than that."""
    if suggestion.unit == "dB" and suggestion.device in ("gain", "equalizer", "balance"):
        return suggestion.value
    raise BadInput(f"{suggestion.device} is no small move; it is left to you.")


def plan_of(suggestion: Suggestion) -> Plan:
    from bridge.planning.plan import Plan, Step

    parameters: dict[str, Any] = dict(suggestion.step)
    step = Step(
        id="live", effect=suggestion.device, where="input", parameters=parameters, reason=suggestion.reason
    )
    return Plan(steps=(step,)).with_id()


def message_of(suggestion: Suggestion) -> Suggest:
    return Suggest(
        suggestion.source,
        suggestion.device,
        suggestion.parameter,
        suggestion.value,
        suggestion.unit,
        suggestion.reason,
    )
