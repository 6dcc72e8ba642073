"""A long sound through Rubber Band piece by piece, joined where it is quiet, so that memory does not grow with it."""

from __future__ import annotations

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.silence import nothing

PIECE_S, SEARCH_S = 20.0, 5.0
"""Up to 25 s go through at once; a joint is sought in the last 5 s. With 45 s, Rubber Band's copies took 290 MB."""

_CONTEXT_S = 0.25
"""Of the sound before and behind a piece, in which Rubber Band settles."""

_QUIET_S, _GRID_S = 0.03, 0.005
_FADE_S = 0.03
_SHIFT_S = 0.004
"""How far a piece is moved so that its waves meet those of the one before; within what the ear takes for together."""


class Stretching:
    """Gives `round(frames / speed)` frames for `frames`. The pieces follow the sound and not the blocks it comes in.

    Where two pieces meet, the phases of what sounds on differ; the second is moved by up to 4 ms so that they agree as
    well as they can, at the quietest place of 5 s.
    """

    latency_frames = 0

    def __init__(self, rate: int, channels: int, speed: float, semitones: float, formants: bool) -> None:
        self._rate, self._channels = rate, channels
        self._speed, self._semitones, self._formants = speed, semitones, formants
        self._held = nothing(channels)
        self._held_from = 0
        self._joint = 0
        self._given = 0
        self._overlap = nothing(channels)
        self.warnings: tuple[str, ...] = ()
        self.unreached = ""

    def process(self, block: Samples) -> Samples:
        self._held = np.concatenate([self._held, block], axis=1)
        done = [nothing(self._channels)]
        while self._held_from + self._held.shape[1] >= self._joint + self._frames(
            PIECE_S + SEARCH_S + _CONTEXT_S
        ):
            done.append(self._piece(self._quietest()))
        return np.concatenate(done, axis=1)

    def flush(self) -> Samples:
        if not self._held.shape[1]:
            return nothing(self._channels)
        return self._piece(None)

    def _frames(self, seconds: float) -> int:
        return round(seconds * self._rate)

    def _quietest(self) -> int:
        """The middle of the quietest 30 ms in the last 5 s of a piece, in frames of the input."""
        start = self._joint + self._frames(PIECE_S)
        part = self._held[:, start - self._held_from : start - self._held_from + self._frames(SEARCH_S)]
        total = np.concatenate([[0.0], np.cumsum(np.sum(part.astype(np.float64) ** 2, axis=0))])
        wide = self._frames(_QUIET_S)
        at = np.arange(0, part.shape[1] - wide, max(1, self._frames(_GRID_S)))
        return int(start + at[np.argmin(total[at + wide] - total[at])] + wide // 2)

    def _piece(self, until: int | None) -> Samples:
        """What lies between the last joint and the next; until: the next, None for the end of the sound."""
        from bridge.effects.dsp.rubber_band import stretched

        context = self._frames(_CONTEXT_S)
        first = max(self._held_from, self._joint - context)
        last = self._held_from + self._held.shape[1] if until is None else until + context
        part = self._held[:, first - self._held_from : last - self._held_from]
        made = stretched(part, self._rate, self._speed, self._semitones, self._formants)
        begin = self._joined(made, self._given - round(first / self._speed))
        if until is None:
            wanted = round(last / self._speed) - self._given
            self._held = nothing(self._channels)
        else:
            wanted = round(until / self._speed) - self._frames(_FADE_S) // 2 - self._given
            keep = until - context
            self._held, self._held_from = self._held[:, keep - self._held_from :].copy(), keep
            self._joint = until
        out = made[:, begin : begin + wanted]
        out = np.pad(out, ((0, 0), (0, wanted - out.shape[1])))
        self._overlap = made[:, begin + wanted : begin + wanted + self._frames(_FADE_S)].copy()
        self._given += wanted
        return out

    def _joined(self, made: Samples, begin: int) -> int:
        """Where in `made` the output goes on; its first frames are faded with what the piece before gave."""
        before = self._overlap
        wide = before.shape[1]
        if not wide:
            return begin
        begin += _meeting(before, made, begin, self._frames(_SHIFT_S))
        after = made[:, begin : begin + wide]
        rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(wide) + 0.5) / wide)).astype(np.float32)
        made[:, begin : begin + wide] = before[:, : after.shape[1]] * (1 - rise) + after * rise
        return begin


def _meeting(before: Samples, made: Samples, begin: int, reach: int) -> int:
    """By how many frames `made` is moved so that it is most alike to `before` from `begin` on."""
    from scipy.signal import correlate

    reach = min(reach, begin)
    wide = before.shape[1]
    there = made[:, begin - reach : begin + wide + reach].astype(np.float64)
    if there.shape[1] < wide + 2 * reach or not np.any(before):
        return 0
    alike = sum(
        correlate(row, other, mode="valid")
        for row, other in zip(there, before.astype(np.float64), strict=True)
    )
    power = np.concatenate([[0.0], np.cumsum(np.sum(there**2, axis=0))])
    return int(np.argmax(alike / np.sqrt(power[wide:] - power[:-wide] + 1e-12))) - reach
