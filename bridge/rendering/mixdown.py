"""Mixdown: the sum of several sounds as one sound, read in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bridge.analysis.resampled import at_one_rate
from bridge.audio import Samples
from bridge.effects.processor import Sound
from bridge.errors import BadInput
from bridge.units import frames_from_s, gain_from_db

LONGEST_SILENCE_S = 600.0


class Mixdown:
    """A Sound: the sum of `sounds`, from the first one's start to the last one's end, added in float64.

    starts_s: by name, where in the song one begins (0 where it is not named). gains_db: by name, how loud it goes in.
    Mono goes to every channel. Of several rates the highest is that of the sum. Raises BadInput where channels differ
    that are not mono.
    """

    def __init__(
        self,
        sounds: Mapping[str, Sound],
        starts_s: Mapping[str, float] | None = None,
        gains_db: Mapping[str, float] | None = None,
    ) -> None:
        if not sounds:
            raise BadInput("There are no stems to mix.")
        self.channels = _channels(sounds)
        sounds = at_one_rate(sounds)
        self.rate = next(iter(sounds.values())).rate
        starts = {name: frames_from_s((starts_s or {}).get(name, 0.0), self.rate) for name in sounds}
        self._parts = [(sound, starts[name]) for name, sound in sounds.items()]
        self._gains = [gain_from_db((gains_db or {}).get(name, 0.0)) for name in sounds]
        self.frames = max(start + sound.frames for sound, start in self._parts)

    def blocks(self, frames: int = 65536) -> Iterator[Samples]:
        readers = [Reader(sound, start, frames) for sound, start in self._parts]
        for at in range(0, self.frames, frames):
            total = np.zeros((self.channels, min(frames, self.frames - at)), np.float64)
            for reader, gain in zip(readers, self._gains, strict=True):
                heard = reader.take(total.shape[1])
                total[:, : heard.shape[1]] += heard if gain == 1.0 else gain * heard.astype(np.float64)
            yield total.astype(np.float32)


def must_meet(sounds: Mapping[str, Sound], starts_s: Mapping[str, float]) -> None:
    """Raises BadInput for sounds that lie so far apart that they are of no one song: their sum would be hours of
    silence."""
    name, silence_s = longest_silence(sounds, starts_s)
    if silence_s > LONGEST_SILENCE_S:
        raise BadInput(
            f"{name} begins {silence_s / 60:.0f} minutes after all stems before it have ended; at most "
            f"{LONGEST_SILENCE_S / 60:g} minutes of a song are silent. Check where it begins."
        )


def longest_silence(sounds: Mapping[str, Sound], starts_s: Mapping[str, float]) -> tuple[str, float]:
    """Which sound begins latest after all before it have ended, and how many seconds that are; 0 where none does."""
    ended_s, found = 0.0, ("", 0.0)
    for name in sorted(sounds, key=lambda name: starts_s.get(name, 0.0)):
        start_s = starts_s.get(name, 0.0)
        found = max(found, (name, start_s - ended_s), key=lambda each: each[1])
        ended_s = max(ended_s, start_s + sounds[name].frames / sounds[name].rate)
    return found


class Reader:
    """The next frames of a sound that begins later; fewer, or none, once it has ended."""

    def __init__(self, sound: Sound, start: int, size: int) -> None:
        self._blocks = sound.blocks(size)
        self._silent = start
        self._held: Samples = np.zeros((sound.channels, 0), np.float32)

    def take(self, frames: int) -> Samples:
        silence = min(frames, self._silent)
        self._silent -= silence
        wanted = frames - silence
        while self._held.shape[1] < wanted:
            block = next(self._blocks, None)
            if block is None:
                break
            self._held = np.concatenate([self._held, block], axis=1) if self._held.shape[1] else block
        heard, self._held = self._held[:, :wanted], self._held[:, wanted:]
        return np.pad(heard, ((0, 0), (silence, 0))) if silence else heard


def _channels(sounds: Mapping[str, Sound]) -> int:
    """Of the sum."""
    channels = {sound.channels for sound in sounds.values()} - {1} or {1}
    if len(channels) > 1:
        told = ", ".join(f"{name} {one.channels} channels" for name, one in sounds.items())
        raise BadInput(f"These stems have no common mix: {told}. Export them all mono or all of one kind.")
    return channels.pop()
