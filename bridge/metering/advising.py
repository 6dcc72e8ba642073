"""Advising: an Advisor for whatever stream is heard, fed by the threads of a Listening."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from bridge.metering.advice import Advisor, Patience, Suggestion
from bridge.metering.listening import Heard
from bridge.metering.moment import Moment
from bridge.metering.source import Stream
from bridge.metering.watch import Peak


class Advising:
    """on_suggestion: called on the thread that found it, so it hands on and returns."""

    def __init__(
        self,
        on_suggestion: Callable[[Suggestion], None],
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._on_suggestion, self._patience, self._clock = on_suggestion, patience, clock
        self._advisor: Advisor | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def heard(self) -> Heard:
        """What a Listening tells it."""
        return Heard(stream=self._stream, peak=self._peak, moment=self._moment)

    def _stream(self, stream: Stream) -> None:
        with self._one_at_a_time:
            self._advisor = Advisor(stream.name, self._patience)

    def _peak(self, peak: Peak) -> None:
        with self._one_at_a_time:
            made = self._advisor.peak(peak, self._clock()) if self._advisor else None
        if made is not None:
            self._on_suggestion(made)

    def _moment(self, moment: Moment) -> None:
        with self._one_at_a_time:
            made = self._advisor.moment(moment.findings, self._clock()) if self._advisor else ()
        for suggestion in made:
            self._on_suggestion(suggestion)
