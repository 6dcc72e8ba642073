"""Short songs of a known form: a beat at 120 BPM with a chord over it, another one in each kind of part."""

from __future__ import annotations

import numpy as np

from bridge.audio import Audio

RATE = 22050


def _bars(
    rng: np.random.Generator, root_hz: float, gain: float, top: float, seconds: float = 16.0
) -> np.ndarray:
    """A beat at 120 BPM with a chord over it; top: how much of it is cymbals."""
    time = np.arange(int(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * root_hz * ratio * time) for ratio in (1.0, 1.25, 1.5)) / 6
    hits = np.exp(-25 * (time % 0.5))
    beat = hits * np.sin(2 * np.pi * 55 * time) + top * np.exp(-60 * (time % 0.25)) * rng.standard_normal(
        time.size
    )
    return gain * (chord + 0.7 * beat) + 1e-4 * rng.standard_normal(time.size)


def song_of(form: str) -> Audio:
    """form: of i (intro), v (verse) and c (chorus), 16 s each."""
    rng = np.random.default_rng(440)
    kinds = {"v": (220.0, 0.12, 0.1), "c": (330.0, 0.3, 0.6), "i": (220.0, 0.03, 0.0)}
    mono = np.concatenate([_bars(rng, *kinds[kind]) for kind in form])
    return Audio(np.stack([mono, mono]).astype(np.float32), RATE)
