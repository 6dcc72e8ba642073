"""The daemon's live input: open while it is set, opened again when it could not be, its suggestions handed out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from bridge.errors import BadInput, BadRequest, Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.metering.advice import Suggestion
    from bridge.metering.listening import Listening
    from bridge.metering.ring import Ring

log = logging.getLogger("bridge.daemon")

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 30.0
_STATE_EVERY_S = 0.5


class LiveInput:
    """suggest: called on the event loop with each suggestion."""

    def __init__(self, settings: Settings, suggest: Callable[[Suggestion], None]) -> None:
        self._settings, self._suggest = settings, suggest
        self._listening: Listening | None = None
        self._trouble = ""

    @property
    def wanted(self) -> bool:
        return self._settings.live_input is not None

    @property
    def ring(self) -> Ring:
        """Of what plays now. Raises BadRequest with the reason where nothing does."""
        if not self.wanted:
            raise BadRequest(
                "There is no live input. Set live_input (BRIDGE_LIVE_INPUT) to a sound device or to reastream, "
                "and start the daemon again."
            )
        ring = None if self._listening is None else self._listening.ring
        if ring is None:
            state = self._trouble or (self._listening.source.state if self._listening else "not open yet")
            raise BadRequest(
                f"Nothing has been heard on the live input {self._settings.live_input}: {state}"[:600]
            )
        return ring

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        if not self.wanted:
            yield
            return
        task = asyncio.create_task(self._run(), name="live input")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                listening = await asyncio.to_thread(self._opened, asyncio.get_running_loop())
            except (Unavailable, BadInput) as error:
                if error.message != self._trouble:
                    log.warning("live input", extra={"facts": {"reason": error.message}})
                self._trouble = error.message
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
                continue
            self._listening, self._trouble = listening, ""
            try:
                await self._tell_states(listening)
            finally:
                self._listening = None
                await asyncio.to_thread(listening.__exit__, None, None, None)

    def _opened(self, loop: asyncio.AbstractEventLoop) -> Listening:
        """Raises Unavailable, BadInput."""
        from bridge.metering.advising import Advising
        from bridge.metering.inputs import source_called
        from bridge.metering.listening import Listening

        def hand_on(suggestion: Suggestion) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._suggest, suggestion)

        source = source_called(self._settings.live_input or "", self._settings.live_remember_s)
        return Listening(source, Advising(hand_on).heard).__enter__()

    async def _tell_states(self, listening: Listening) -> None:
        """Who is heard goes to the log when it changes; seconds that only count on do not."""
        told = None
        while True:
            heard = listening.stream.told if listening.stream else listening.source.state
            lost = listening.losses.arrived.dropped, listening.losses.lost
            if (heard, lost) != told:
                facts = {
                    "state": listening.source.state,
                    "dropped_blocks": lost[0],
                    "unmeasured_frames": lost[1],
                }
                log.info("live input", extra={"facts": facts})
                told = heard, lost
            await asyncio.sleep(_STATE_EVERY_S)
