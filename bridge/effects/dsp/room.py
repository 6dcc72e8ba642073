"""A room after Freeverb, through pedalboard, tuned by decay time and level instead of by its raw knobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bridge.audio import Samples
from bridge.effects.dsp.cuts import cuts
from bridge.effects.dsp.equal_power import equal_power
from bridge.effects.dsp.overlap import Overlapped
from bridge.effects.dsp.shift import Shift
from bridge.errors import BadInput

if TYPE_CHECKING:
    import pedalboard

SHORTEST_DECAY_S = 0.64
LONGEST_DECAY_S = 11.3
# Below 200 Hz Freeverb's shortest delay line has no frame; above 1.3 MHz the library's reckoning of the longest one
# overflows. Either ends the process.
_LOWEST_RATE, _HIGHEST_RATE = 1_000, 768_000
_MEASURED_S = 4.0
_CHUNK = 4096  # the library's reverb gives other bits (by 1e-5) for blocks of a few frames
_SETTLING_S = 0.05  # the library glides its parameters for 10 ms after it was made


def room_size(decay_s: float) -> float:
    """pedalboard's room_size for an RT60: its combs decay with RT60 = 0.099 / -log10(0.7 + 0.28 room_size).

    Measured on its wet impulse response by backward integration, within 1 % from 0.64 to 11.3 s, 44.1 to 192 kHz.
    """
    return float(np.clip((10 ** (-0.099 / decay_s) - 0.7) / 0.28, 0.0, 1.0))


class Room:
    """out = cos(mix pi/2) · dry + sin(mix pi/2) · wet, the wet sound as loud as the dry one, `pre_delay` behind it.

    The library's own first echo comes after 25 ms. Where a shorter pre-delay is asked, the dry path waits for it; that
    delay is `latency_frames`.
    """

    def __init__(
        self,
        rate: int,
        channels: int,
        decay_s: float,
        damping: float,
        pre_delay_ms: float,
        mix: float,
        cut_hz: tuple[float, float] = (0.0, 0.0),
        width: float = 1.0,
    ) -> None:
        """cut_hz: what the wet sound loses below and above; 0 is off. width: 0 is the same on both sides."""
        if not _LOWEST_RATE <= rate <= _HIGHEST_RATE:
            raise BadInput(
                f"A reverb works from {_LOWEST_RATE} to {_HIGHEST_RATE} Hz, not at a rate of {rate} Hz."
            )
        stereo = channels == 2
        self._rooms = [_room(decay_s, damping, width) for _ in range(1 if stereo else channels)]
        self._rate = rate
        first, loudness = _response(self._rooms[0], 2 if stereo else 1, rate, decay_s)
        behind = round(pre_delay_ms * rate / 1000) - first
        self.latency_frames = max(0, -behind)
        self._dry = Shift(self.latency_frames, channels)
        self._wet = Shift(max(0, behind), channels)
        dry, wet = equal_power(mix)
        self._dry_gain, self._wet_gain = np.float32(dry), np.float32(wet / loudness)
        self._channels = channels
        self._cuts = cuts(*cut_hz, rate, channels)
        self._grid = Overlapped(self._mix, channels, 0, _CHUNK, 0)
        for room in self._rooms:
            room.reset()
            _settle(room, 2 if stereo else 1, rate)

    def process(self, block: Samples) -> Samples:
        return self._grid.process(block)

    def flush(self) -> Samples:
        last = self._grid.process(np.zeros((self._channels, self.latency_frames), np.float32))
        return np.concatenate([last, self._grid.flush()], axis=1)

    def _mix(self, block: Samples) -> Samples:
        wet = self._cuts.process(self._wet.run(self._reverberate(block)))
        return self._dry_gain * self._dry.run(block) + self._wet_gain * wet

    def _reverberate(self, block: Samples) -> Samples:
        block = np.ascontiguousarray(block)
        if len(self._rooms) == 1:
            return np.asarray(self._rooms[0].process(block, self._rate, reset=False), np.float32)
        parts = [
            room.process(row[None], self._rate, reset=False)
            for room, row in zip(self._rooms, block, strict=True)
        ]
        return np.concatenate(parts, axis=0)


def _room(decay_s: float, damping: float, width: float) -> pedalboard.Reverb:
    from pedalboard import Reverb

    return Reverb(room_size=room_size(decay_s), damping=damping, wet_level=1.0, dry_level=0.0, width=width)


def _settle(room: pedalboard.Reverb, channels: int, rate: int) -> None:
    room.process(np.zeros((channels, round(_SETTLING_S * rate)), np.float32), rate, reset=False)


def _response(room: pedalboard.Reverb, channels: int, rate: int, decay_s: float) -> tuple[int, float]:
    """Frames until the first echo, and the gain of the room for noise that all channels share."""
    _settle(room, channels, rate)
    impulse = np.zeros((channels, round(min(decay_s, _MEASURED_S) * rate)), np.float32)
    impulse[:, 0] = 1.0
    response = np.asarray(room.process(impulse, rate, reset=False), np.float64)
    first = int(np.argmax(np.abs(response).max(axis=0) > 1e-9))
    return first, float(np.sqrt((response**2).sum() / channels))
