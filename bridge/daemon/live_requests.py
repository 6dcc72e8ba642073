"""`capture` over OSC and mailbox: the last seconds of the live input become a stem and a job like any other."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BadInput, BadRequest
from bridge.files.roots import SOUNDS
from bridge.jobs.job import Job, NewJob

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daemon.live_input import LiveInput
    from bridge.osc.messages import Capture


class LiveRequests:
    def __init__(self, settings: Settings, live: LiveInput) -> None:
        self._settings, self._live = settings, live

    @property
    def wanted(self) -> bool:
        """Whether `capture` is served at all."""
        return self._live.wanted

    def captured(self, asked: Capture, known: Job | None) -> NewJob:
        """Writes the stem and says what is to be done with it. known: the job that this id made before; then nothing is
        written, and what is asked is the same again. Raises BadRequest, OutputFailed."""
        words = asked.words.strip()
        if not words:
            raise BadRequest("capture needs words: say what is wished.")
        path = self._settings.state / SOUNDS / f"capture-{asked.id}.wav"
        if known is None or Path(known.path).name != path.name:
            self._write(asked.seconds, path)
        return NewJob(path=str(path), request=words, origin="osc", client_id=asked.id, kind="process")

    def _write(self, seconds: float, path: Path) -> None:
        kept_s = self._settings.live_remember_s
        if not math.isfinite(seconds) or not 0 < seconds <= kept_s:
            raise BadRequest(
                f"capture {seconds:g} s: the daemon keeps the last {kept_s:g} s (live_remember_s); ask for up to that."
            )
        from bridge.metering.capture import capture

        try:
            capture(self._live.ring, seconds, path)
        except BadRequest:
            raise
        except BadInput as error:
            raise BadRequest(error.message) from None
