"""How loud several songs are as one programme, as a listener hears an album from its first song to its last."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bridge.analysis.passes.loudness import ABSOLUTE_GATE_LUFS, gated, power_of
from bridge.analysis.reading import Analysis


def album_loudness(songs: Iterable[Analysis]) -> float | None:
    """Integrated loudness of all of them in LUFS; None where none has any.

    ITU-R BS.1770-5 Annex 1 over the gating blocks of all songs, whatever their rates and channels; no block lies
    across a border between two songs. One gain for all moves it by just that gain, unless something falls under the
    absolute gate.
    """
    blocks = [_blocks(song) for song in songs]
    powers = np.concatenate([*blocks, np.zeros(0)])
    return gated(powers) if (powers > power_of(ABSOLUTE_GATE_LUFS)).any() else None


def _blocks(song: Analysis) -> np.ndarray:
    """Mean squares of the windows of 400 ms, ten a second."""
    levels = song.curves.get("loudness", {}).get("momentary_lufs", ())
    return np.array([power_of(level) for level in levels if level is not None])
