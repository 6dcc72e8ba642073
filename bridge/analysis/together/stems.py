"""Stems heard together: each one's power in the Bark bands over time, and windows of several at the same moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.analyzer import Sound
from bridge.analysis.passes.spectrum import Spectrum
from bridge.analysis.resampled import Whole, at_one_rate
from bridge.analysis.stream import Chunk, Stream
from bridge.analysis.windows import HANN_POWER
from bridge.audio import LARGEST, Samples
from bridge.errors import BadInput
from bridge.units import frames_from_s

Power = NDArray[np.float32]

MOST_STEMS = 64
"""Two thousand pairs."""

LONGEST_OFFSET_S = 86400.0

_FRAMES_AT_ONCE = 16


class Later:
    """A sound that begins at `offset` frames of the song; silence before it."""

    def __init__(self, sound: Sound, offset: int) -> None:
        self._sound, self._offset = sound, offset
        self.rate, self.channels = sound.rate, sound.channels

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        silence = (
            np.zeros((self.channels, min(frames, self._offset - at)), np.float32)
            for at in range(0, self._offset, frames)
        )
        return chain(silence, self._sound.blocks(frames))


@dataclass(frozen=True)
class Stem:
    """One stem, measured. bark: mean square of all channels in each Bark band, 0 dBFS sine in one channel 0.5;
    beside stereo stems a mono one counts in both channels, as it does in their mix
    [shape=(24, frames of the stream)]; sound: to read windows from."""

    name: str
    sound: Sound
    bark: Power

    @property
    def power(self) -> Power:
        """Mean square in all bands [shape=(frames,)]."""
        total: Power = self.bark.sum(axis=0)
        return total


def measured(sounds: Mapping[str, Whole], offsets_s: Mapping[str, float]) -> tuple[Stream, tuple[Stem, ...]]:
    """Reads every sound once, one after the other, in bounded memory: 24 numbers each 85 ms remain.

    Of several rates the highest is that of all; the others are heard at it. Raises BadInput for fewer than two or more
    than 64, and for offsets of nothing, into the past or beyond 24 h.
    """
    stream = _common(sounds)
    sounds = at_one_rate(sounds)
    unknown = [name for name in offsets_s if name not in sounds]
    if unknown:
        raise BadInput(f"There is no stem {unknown[0]!r}; there are: {', '.join(sounds)}.")
    if any(not 0 <= offset <= LONGEST_OFFSET_S for offset in offsets_s.values()):
        raise BadInput(
            "An offset says how many seconds after the first stem one begins; "
            "it cannot be negative, nor longer than 24 hours."
        )
    placed = {
        name: Later(sound, frames_from_s(offsets_s.get(name, 0.0), sound.rate))
        for name, sound in sounds.items()
    }
    widest = max(sound.channels for sound in sounds.values())
    rows = {
        name: _bark(sound) * np.float32(widest if sound.channels == 1 else 1)
        for name, sound in placed.items()
    }
    longest = max(row.shape[1] for row in rows.values())
    padded = {name: np.pad(row, ((0, 0), (0, longest - row.shape[1]))) for name, row in rows.items()}
    return stream, tuple(Stem(name, placed[name], padded[name]) for name in sounds)


def _common(sounds: Mapping[str, Whole]) -> Stream:
    if len(sounds) < 2:
        raise BadInput("Two stems or more are needed to hear how they stand to each other.")
    if len(sounds) > MOST_STEMS:
        raise BadInput(f"At most {MOST_STEMS} stems can be heard together; these are {len(sounds)}.")
    return Stream(max(sound.rate for sound in sounds.values()), 1)


def _bark(sound: Sound) -> Power:
    """Power of each frame in the Bark bands [shape=(24, frames)]."""
    stream = Stream(sound.rate, sound.channels)
    spectrum = Spectrum(stream)
    at = 0
    for samples in _cut(sound, _FRAMES_AT_ONCE * stream.frame):
        frames = -(-samples.shape[1] // stream.frame)
        padded = np.zeros((sound.channels, frames * stream.frame), np.float32)
        padded[:, : samples.shape[1]] = samples
        whole = samples.shape[1] // stream.frame * stream.frame
        if whole:
            spectrum.push(Chunk(stream, padded[:, :whole], at, whole))
        if whole < samples.shape[1]:
            spectrum.push(Chunk(stream, padded[:, whole:], at + whole, samples.shape[1] - whole))
        at += samples.shape[1]
    return np.asarray(spectrum.bark.values * (2 / (HANN_POWER * stream.frame**2)), np.float32)


def _cut(sound: Sound, size: int) -> Iterator[Samples]:
    """The sound in blocks of `size` frames, the last as long as it is; what is not finite becomes silence."""
    held = np.zeros((sound.channels, 0), np.float32)
    for block in sound.blocks(size):
        held = np.concatenate([held, block], axis=1) if held.shape[1] else block
        while held.shape[1] >= size:
            yield _finite(held[:, :size])
            held = held[:, size:]
    if held.shape[1]:
        yield _finite(held)


def _finite(block: Samples) -> Samples:
    return np.where(np.abs(block) <= LARGEST, block, np.float32(0))


def windows(sound: Sound, size: int, wanted: list[int]) -> Iterator[Samples]:
    """The windows that begin at `wanted` (rising) half windows, of left plus right [shape=(size,)], each when asked."""
    half, index, ahead = size // 2, 0, iter(wanted)
    target = next(ahead, None)
    before = np.zeros(half, np.float32)
    # Window n has halves n and n + 1, so it is whole when half n + 1 has come.
    for block in chain(_cut(sound, half), [np.zeros((sound.channels, half), np.float32)]):
        if target is None:
            return
        now = np.zeros(half, np.float32)
        now[: block.shape[1]] = block[:2].sum(axis=0)
        if index == target + 1:
            yield np.concatenate([before, now])
            target = next(ahead, None)
        before, index = now, index + 1
