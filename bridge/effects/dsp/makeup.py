"""Make-up gain that gives back the loudness which a processor took."""

from __future__ import annotations

from bridge.effects.dsp.loudness_meter import integrated_lufs
from bridge.effects.processor import Processor, Sound

MOST_DB = 40.0


def matching_db(sound: Sound, processor: Processor) -> float:
    """The gain behind `processor` with which it is as loud as before, in dB, measured on the sound itself.

    A constant gain moves integrated loudness by itself, so one reading before and one after are enough. 0 where
    loudness is undefined (silence, under 0.4 s) before or after.
    """
    before = integrated_lufs(sound)
    after = integrated_lufs(sound, processor) if before is not None else None
    if before is None or after is None:
        return 0.0
    return max(-MOST_DB, min(MOST_DB, before - after))
