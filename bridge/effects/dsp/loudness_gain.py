"""The gain in front of a limiter that gives a loudness: found on a sketch, proved on the sound itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from bridge.audio import Samples
from bridge.compiled import brentq
from bridge.effects.dsp.kept import Keeping, Kept
from bridge.effects.dsp.level import Level
from bridge.effects.dsp.limiting import Limiting
from bridge.effects.dsp.loudness_meter import Sketch, integrated_lufs, sketch
from bridge.effects.dsp.noise_floor import QUIETER_THAN_LUFS, is_noise
from bridge.effects.dsp.reduction import Both
from bridge.effects.processor import Processor, Sound
from bridge.units import db_from_gain, gain_from_db

RELEASE_MS = 80.0
CLOSE_LU = 0.02
TOLERANCE_LU = 0.1
MOST_ROUNDS = 6
MOST_GAIN_DB = 40.0
MOST_IMAGINED_DB = 60.0
AUDIBLE_LIMITING_DB = 6.0

_COARSE_DB = 1.2
"""The sketch reads true peaks at 4x, up to 0.6 dB low near the Nyquist frequency; strict meters up to 0.6 dB higher."""


@dataclass(frozen=True)
class Goal:
    """What is asked, in LUFS, dBTP and dB; `most_limiting_db` is how far the limiter may be driven."""

    target_lufs: float
    ceiling_dbtp: float
    most_limiting_db: float


@dataclass(frozen=True)
class Found:
    """gain_db: before the limiter. reached_lufs: what comes out, None where undefined. limiting_db: deepest reduction.

    unreached: why the target is not met, None where it is. made: the chain that was measured, with what it gave.
    """

    gain_db: float
    reached_lufs: float | None
    limiting_db: float = 0.0
    unreached: str | None = None
    made: Kept | None = field(default=None, compare=False, repr=False)

    def falling_short(self, why: str) -> Found:
        """The same, with the reason why it is not what was asked."""
        got = "undefined" if self.reached_lufs is None else f"{self.reached_lufs:.1f} LUFS"
        return replace(self, unreached=f"not reachable: {why}; the best is {got}")

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.unreached:
            return (self.unreached,)
        if self.limiting_db > AUDIBLE_LIMITING_DB:
            return (
                f"{self.limiting_db:.1f} dB of limiting; more than {AUDIBLE_LIMITING_DB:.0f} dB can be heard",
            )
        return ()


def find_gain(sound: Sound, goal: Goal) -> Found:
    """Reads `sound` a few times (once where no limiting is needed); undefined loudness gives a gain of 0 dB."""
    outline = sketch(sound)
    if outline is None or outline.lufs is None:
        return Found(0.0, None)
    before = outline.lufs
    wanted_db = goal.target_lufs - before
    if before < QUIETER_THAN_LUFS and wanted_db > 0 and is_noise(sound):
        return Found(
            0.0, before, unreached=f"not reachable: a bare noise floor at {before:.1f} LUFS, left as it is"
        )
    if wanted_db > MOST_GAIN_DB:
        return _settled(
            sound, goal, MOST_GAIN_DB, f"needs {wanted_db:.1f} dB of gain, {MOST_GAIN_DB:.0f} at most"
        )
    headroom_db = goal.ceiling_dbtp - (db_from_gain(outline.peak) or -200.0)
    if wanted_db <= headroom_db - _COARSE_DB:
        return Found(wanted_db, goal.target_lufs)
    return _limited(sound, goal, outline, wanted_db, headroom_db)


def _limited(sound: Sound, goal: Goal, outline: Sketch, wanted_db: float, headroom_db: float) -> Found:
    """Between no more than is wanted and as far as the limiter may be driven."""
    above = gain_from_db(goal.ceiling_dbtp - max(0.0, min(wanted_db, headroom_db + goal.most_limiting_db)))
    error = _error(outline.between_samples(sound, above), goal)
    highest_db = headroom_db + goal.most_limiting_db
    lowest_db = min(wanted_db, highest_db) - 1.0
    if error(highest_db) < -TOLERANCE_LU:
        gentlest_db = _gentlest(error, lowest_db, highest_db)
        return _settled(sound, goal, gentlest_db, _needs(error, goal, headroom_db))
    within = error(highest_db) > 0
    gain_db = brentq(error, lowest_db, highest_db, xtol=0.003) if within else highest_db
    found = _proved(sound, goal, gain_db, error, highest_db)
    if abs(_miss(found, goal)) <= TOLERANCE_LU:
        return found
    return found.falling_short(_needs(error, goal, headroom_db))


def _gentlest(error: Callable[[float], float], lowest_db: float, highest_db: float) -> float:
    """Where the best is out of reach anyway: the least gain that comes within 0.1 LU of it. Past a point more
    limiting makes nothing louder and everything worse."""
    enough = error(highest_db) - TOLERANCE_LU
    if error(lowest_db) >= enough:
        return lowest_db
    return brentq(lambda gain_db: error(gain_db) - enough, lowest_db, highest_db, xtol=0.05)


def _proved(
    sound: Sound, goal: Goal, gain_db: float, error: Callable[[float], float], highest_db: float
) -> Found:
    """Secant steps on the real chain from where the sketch points to, with the sketch's slope first; the best one."""
    slope = _clipped((error(gain_db + 0.25) - error(gain_db - 0.25)) / 0.5)
    found = best = _settled(sound, goal, gain_db)
    for _ in range(MOST_ROUNDS):
        miss = _miss(found, goal)
        best = found if abs(miss) <= abs(_miss(best, goal)) else best
        next_db = min(found.gain_db + miss / slope, highest_db)
        if abs(miss) <= CLOSE_LU or next_db == found.gain_db:
            break
        before, found = replace(found, made=None), _settled(sound, goal, next_db)
        slope = _clipped((_miss(before, goal) - _miss(found, goal)) / (found.gain_db - before.gain_db))
    return best


def _clipped(slope: float) -> float:
    """LU per dB: near the wall it comes to nothing, and no step may be endless."""
    return float(np.clip(slope, 0.05, 1.0))


def _miss(found: Found, goal: Goal) -> float:
    """LU that are missing; none where loudness is undefined."""
    return 0.0 if found.reached_lufs is None else goal.target_lufs - found.reached_lufs


def _error(outline: Sketch, goal: Goal) -> Callable[[float], float]:
    ceiling = gain_from_db(goal.ceiling_dbtp)

    def error(gain_db: float) -> float:
        lufs = outline.limited(gain_from_db(gain_db), ceiling, RELEASE_MS)
        return (-200.0 if lufs is None else lufs) - goal.target_lufs

    return error


def _needs(error: Callable[[float], float], goal: Goal, headroom_db: float) -> str:
    """ "needs 9 dB of limiting, 6 at most": how far the limiter would have to go, as far as the sketch can tell."""
    most = goal.most_limiting_db
    if error(headroom_db + most) >= 0:
        return f"needs more than {most:.0f} dB of limiting"
    if error(headroom_db + MOST_IMAGINED_DB) <= 0:
        return f"needs more than {MOST_IMAGINED_DB:.0f} dB of limiting, {most:.0f} at most"
    limiting_db = brentq(error, headroom_db + most, headroom_db + MOST_IMAGINED_DB, xtol=0.1) - headroom_db
    return f"needs {limiting_db:.0f} dB of limiting, {most:.0f} at most"


def settled_chain(sound: Sound, goal: Goal) -> Processor:
    """The chain that `find_gain` decides on, which says why where it falls short; for `sound` and no other."""
    found = find_gain(sound, goal)
    made = found.made or Chain(sound.rate, sound.channels, found.gain_db, goal.ceiling_dbtp)
    made.warnings, made.unreached = found.warnings, found.unreached
    return made


def _settled(sound: Sound, goal: Goal, gain_db: float, why_not: str | None = None) -> Found:
    """The chain at this gain, measured, and what it gave kept: the sound need not be limited twice."""
    chain = Chain(sound.rate, sound.channels, gain_db, goal.ceiling_dbtp)
    keeping = Keeping(chain, sound.channels)
    reached = integrated_lufs(sound, keeping)
    found = Found(gain_db, reached, chain.limiter.most_db, made=keeping.again())
    return found.falling_short(why_not) if why_not else found


class Chain:
    """Gain into the limiter."""

    latency_frames = 0

    def __init__(self, rate: int, channels: int, gain_db: float, ceiling_dbtp: float) -> None:
        self._level = Level(gain_db, channels)
        self.limiter = Limiting(rate, channels, ceiling_dbtp, RELEASE_MS)
        self.warnings: tuple[str, ...] = ()
        self.unreached: str | None = None

    @property
    def reduction(self) -> Both:
        """Of the limiter, over time."""
        return self.limiter.reduction

    def process(self, block: Samples) -> Samples:
        return self.limiter.process(self._level.process(block))

    def flush(self) -> Samples:
        return self.limiter.flush()
