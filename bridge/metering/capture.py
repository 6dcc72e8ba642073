"""Capture: the last seconds of what is heard, as a sound file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bridge.audio import LARGEST, Audio
from bridge.errors import BadInput, OutputFailed
from bridge.metering.ring import Ring

SHORTEST_S = 1.0
"""Less is no stem: most readings need more."""
FOLDER = "live"
"""In the state folder; what lies there may be named in requests."""


def capture(ring: Ring | None, seconds: float, path: Path) -> Audio:
    """Writes the newest `seconds`, or as much as there is, as 32-bit float WAV: what was over full scale stays so.

    The file is whole under its name, or not there. Raises BadInput where nothing plays, too little has come, or it was
    silence; OutputFailed.
    """
    if ring is None:
        raise BadInput("Nothing plays on the live input, so there is nothing to capture.")
    audio = ring.last(seconds)
    samples = np.where(np.abs(audio.samples) <= LARGEST, audio.samples, np.float32(0))
    if audio.seconds < SHORTEST_S:
        raise BadInput(
            f"Only {audio.seconds:.2f} s have been heard; a capture needs {SHORTEST_S:g} s at least. "
            "Try again in a moment."
        )
    if not samples.any():
        raise BadInput(f"The last {audio.seconds:.1f} s of the live input are silence; nothing was captured.")
    from bridge.files import SoundFormat, write

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"{path.parent} cannot be made: {error.strerror}.") from None
    whole = Audio(np.ascontiguousarray(samples, np.float32), audio.rate)
    write(path, whole, SoundFormat("WAV", "FLOAT"))
    return whole
