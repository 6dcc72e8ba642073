"""Open stems, and what planning may ask of them together (`bridge.planning.mixing.ensemble.Ensemble`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bridge.analysis import SLOW_METRICS
from bridge.analysis.reading import Analysis
from bridge.analysis.resampled import Resampled, at_one_rate
from bridge.effects.processor import Sound
from bridge.planning.matching.reference import weighted
from bridge.rendering.mixdown import Mixdown, Reader

if TYPE_CHECKING:
    from bridge.analysis.together import Together
    from bridge.files import Roots
    from bridge.planning.mixing.likeness import Correlation, Likeness

_LEVELS = ("integrated_loudness", "true_peak", "sample_peak")
_BLOCK = 16384
_REFERENCE = "\0reference"
"""No stem has such a name."""


class OpenStems:
    """starts_s: by name, where in the song one begins. references: as a job takes them, of which the first counts."""

    def __init__(
        self,
        sounds: Mapping[str, Sound],
        starts_s: Mapping[str, float] | None = None,
        references: Sequence[str] = (),
        roots: Roots | None = None,
    ) -> None:
        self._sounds, self._starts = sounds, dict(starts_s or {})
        self._reference = weighted(references[0])[0] if references else None
        self._roots = roots
        self._buses: dict[tuple[str, ...], Analysis] = {}

    @cached_property
    def _heard(self) -> Together:
        from bridge.analysis import analyze_together

        return analyze_together(self._sounds, self._starts)

    def together(self) -> Together:
        return self._heard

    def bus(self, stems: tuple[str, ...]) -> Analysis:
        """Measured once."""
        from bridge.analysis import analyze_sound

        if stems not in self._buses:
            sounds = {name: self._sounds[name] for name in stems}
            self._buses[stems] = analyze_sound(Mixdown(sounds, self._starts), SLOW_METRICS)
        return self._buses[stems]

    def mixed(self, gains_db: Mapping[str, float]) -> Analysis:
        from bridge.analysis import analyze_sound
        from bridge.analysis.metrics import METRICS

        without = tuple(metric.name for metric in METRICS if metric.name not in _LEVELS)
        return analyze_sound(Mixdown(self._sounds, self._starts, gains_db), without)

    def likeness(self) -> Likeness | None:
        """Raises what opening a sound raises."""
        from bridge.files import open_sound

        if self._reference is None:
            return None
        with open_sound(self._reference, self._roots) as reference:
            return likeness_of(reference.path.name, reference, self._sounds, self._starts)


def likeness_of(
    name: str, reference: Sound, sounds: Mapping[str, Sound], starts_s: Mapping[str, float]
) -> Likeness:
    """By the samples where the reference is the stems' plain sum, else by their powers."""
    from bridge.analysis.together.stems import measured
    from bridge.planning.mixing.likeness import by_powers, by_samples

    sounds = at_one_rate(sounds)
    rate = next(iter(sounds.values())).rate
    mix = reference if reference.rate == rate else Resampled(reference, rate)
    plain = by_samples(name, sounds, _correlated(mix, sounds, starts_s))
    if plain is not None:
        return plain
    first = next(
        iter(sounds)
    )  # beside one stem, because all of them and a mix may be more than can be heard together
    heard = measured({first: sounds[first], _REFERENCE: mix}, {})[1][1]
    channels = max(sound.channels for sound in sounds.values())
    powers = {stem.name: stem.bark / np.float32(channels) for stem in measured(sounds, starts_s)[1]}
    return by_powers(name, powers, heard.bark / np.float32(max(mix.channels, sounds[first].channels)))


def _correlated(mix: Sound, sounds: Mapping[str, Sound], starts_s: Mapping[str, float]) -> Correlation:
    """Every stem with every other and with the mix, over all channels where both have the same, else over their mean,
    in which mono is as loud as in both channels."""
    from bridge.planning.mixing.likeness import Correlation

    placed = {name: Mixdown({name: sound}, starts_s) for name, sound in sounds.items()}
    alone = {mix.channels, *(sound.channels for sound in sounds.values())}
    channels = mix.channels if alone <= {1, mix.channels} else 1
    frames = max(mix.frames, *(sound.frames for sound in placed.values()))
    readers = [_rows(sound, channels, frames) for sound in (*placed.values(), mix)]
    heard = Correlation(len(sounds))
    for rows in zip(*readers, strict=True):
        heard.push(np.stack(rows[:-1]), rows[-1])
    return heard


def _rows(sound: Sound, channels: int, frames: int) -> Iterator[NDArray[np.float64]]:
    """Blocks of the same length, silence after the end, channels one behind the other [shape=(channels * block,)]."""
    reader = Reader(sound, 0, _BLOCK)
    for _ in range(0, frames, _BLOCK):
        block = reader.take(_BLOCK).astype(np.float64)
        block = block.mean(axis=0, keepdims=True) if channels == 1 else block
        out = np.zeros((channels, _BLOCK))
        out[:, : block.shape[1]] = block
        yield out.ravel()
