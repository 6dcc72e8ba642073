"""A controller that nobody uses, sent to see whether a port gives back what it gets."""

from __future__ import annotations

import threading
import time

from bridge.daws.midi import ports
from bridge.errors import BadInput
from bridge.midi.control import Control

PROBE = Control("cc", 119, 16)
PATIENCE_S = 1.0


def there_and_back(port: str | None, back: str | None) -> tuple[str, float | None]:
    """The port's name, and the seconds until the probe came back; None where it did not.

    back: the input to listen at; left out, the one that is called as the output is.
    """
    came = threading.Event()
    times: list[float] = []
    probe = PROBE.messages(85)[0]

    def told(at_s: float, message: bytes) -> None:
        if message == probe:
            times.append(at_s)
            came.set()

    with ports.output(port) as opened:
        try:
            with ports.heard(back or opened.name, told):
                began = time.perf_counter()
                opened.send([probe])
                came.wait(PATIENCE_S)
        except BadInput:
            if back is not None:
                raise
            opened.send([probe])  # there is no way back at all
    return opened.name, times[0] - began if times else None
