"""Clean mixes: varied stereo music that a good engineer would call free of faults.

Songs played by General MIDI sounds, arrangements of real recordings, and synthetic pieces; each is mastered without
any clipping. 8 to 20 s, 44.1 and 48 kHz, 16 and 24 bits with dither, sparse and dense, nearly mono and wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from bridge.audio import Audio
from tests.analysis import pieces, rendered_music
from tests.analysis.corpus import recordings
from tests.analysis.corpus.mastering import Wave, mastered, ordinary
from tests.analysis.midi_player import must_have_players
from tests.real import must_have
from tests.signals import music_like

KINDS = ("song", "recordings", "song", "ballad", "recordings", "synthetic")


def must_have_sources() -> None:
    """Skips (with CI=true: fails) where the players or the recordings are missing."""
    must_have_players()
    must_have("sonic-pi-samples and alsa-utils", recordings.available())


def clean_mixes(seed: int, count: int) -> Iterator[tuple[str, Audio]]:
    """`count` mixes by name; the n-th is the same whatever the count."""
    for number in range(count):
        yield clean_mix(seed, number)


@lru_cache(maxsize=16)
def clean_mix(seed: int, number: int) -> tuple[str, Audio]:
    """One of them; what mastering could not bring to an ordinary tone is played anew."""
    kind = KINDS[number % len(KINDS)]
    for take in range(8):
        audio = _take(kind, np.random.default_rng([seed, number, take]))
        if ordinary(audio):
            break
    return f"{kind}-{seed}-{number}", audio


def _take(kind: str, generator: np.random.Generator) -> Audio:
    rate = int(generator.choice([44100, 48000]))
    return mastered(_MADE[kind](generator, generator.uniform(8, 20), rate), rate, generator)


def _song(generator: np.random.Generator, seconds: float, rate: int) -> Wave:
    audio, _ = rendered_music.song(int(generator.integers(2**31)), seconds)
    return _at(audio, rate)


def _ballad(generator: np.random.Generator, seconds: float, rate: int) -> Wave:
    tonic, mode = int(generator.integers(12)), ("major", "minor")[int(generator.integers(2))]
    audio, _ = rendered_music.progression(
        int(generator.integers(2**31)), seconds, tonic, mode, bpm=generator.uniform(60, 100)
    )
    return _at(audio, rate)


def _recordings(generator: np.random.Generator, seconds: float, rate: int) -> Wave:
    return recordings.arrangement(generator, seconds, rate)


def _synthetic(generator: np.random.Generator, seconds: float, rate: int) -> Wave:
    """Two takes of a piece of pure tones and noise, one on each side, and one in the middle."""
    seed = int(generator.integers(2**31))
    if generator.uniform() < 0.3:
        return music_like(seconds, rate, seed=seed).samples.astype(np.float64)
    drums = _at(pieces.groove(generator.uniform(80, 130), seed, seconds + 1), rate)
    left, right = (
        _at(pieces.progression(seed % 12, "minor", seed + take), rate)[:, : drums.shape[1]] for take in (0, 1)
    )
    frames = min(drums.shape[1], left.shape[1], round(seconds * rate))
    middle = drums[:, :frames]
    return np.concatenate([middle + 0.4 * left[:, :frames], middle + 0.4 * right[:, :frames]])


def _at(audio: Audio, rate: int) -> Wave:
    """The sound at `rate` [shape=(channels, frames)]."""
    import soxr

    if audio.rate == rate:
        return audio.samples.astype(np.float64)
    return np.asarray(soxr.resample(audio.samples.T.astype(np.float64), audio.rate, rate).T)


_MADE = {"song": _song, "ballad": _ballad, "recordings": _recordings, "synthetic": _synthetic}
