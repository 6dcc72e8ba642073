"""Together: what several stems do to each other, measured in bounded memory.

Every stem is read once for its Bark bands. Where two sound loudly at the same moment, windows of both are read again,
side by side, and asked whether they are microphones of one source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from bridge.analysis.finding import ORDER
from bridge.analysis.resampled import Whole
from bridge.analysis.together.alignment import WINDOWS, Alignment, Correlator, window_frames
from bridge.analysis.together.findings import OTHERS, PairFinding, double_miked, masked_stems
from bridge.analysis.together.masking import Masking, masking
from bridge.analysis.together.spots import Spot, spots, with_spots
from bridge.analysis.together.stems import Power, Stem, measured, windows
from bridge.analysis.windows import hann

_LOUD_ENOUGH = 1e-6
"""Mean square of a window, -60 dBFS, below which nothing is asked of it."""


@dataclass(frozen=True)
class Pair:
    """Two stems: how they lie in time, and what each hides of the other."""

    first: str
    second: str
    alignment: Alignment
    masking: tuple[Masking, Masking]

    def to_json(self) -> dict[str, Any]:
        return {
            "stems": [self.first, self.second],
            "alignment": self.alignment.to_json(),
            "masking": [_masking_json(one) for one in self.masking],
        }


def _masking_json(one: Masking) -> dict[str, Any]:
    return {**one.to_json(), "spots": [spot.to_json() for spot in spots(one)]}


@dataclass(frozen=True)
class Together:
    """stems: their names. pairs: each two of them. against_others: each stem and the sum of all others, where there
    are three or more. findings: the worst first. powers: of each stem in the Bark bands [shape=(24, frames)], of which
    one takes frame_s seconds; rate: of all of them in Hz."""

    stems: tuple[str, ...]
    pairs: tuple[Pair, ...]
    against_others: tuple[Masking, ...]
    findings: tuple[PairFinding, ...]
    powers: Mapping[str, Power]
    frame_s: float
    rate: int

    def pair(self, first: str, second: str) -> Pair:
        """In either order. Raises KeyError."""
        for pair in self.pairs:
            if {pair.first, pair.second} == {first, second}:
                return pair
        raise KeyError((first, second))

    def to_json(self) -> dict[str, Any]:
        return {
            "stems": list(self.stems),
            "pairs": [pair.to_json() for pair in self.pairs],
            "against_others": [_masking_json(one) for one in self.against_others],
            "findings": [finding.to_json() for finding in self.findings],
        }


def analyze_together(sounds: Mapping[str, Whole], offsets_s: Mapping[str, float] | None = None) -> Together:
    """How named stems of one song stand to each other.

    sounds: Audio, open files; each is read twice. offsets_s: by name, where in the song a stem begins (0 where it is
    not named). Different lengths are fine, and so are different rates: all are heard at the highest. Raises BadInput
    for fewer than two or more than 64, and for offsets below 0 or above 24 h.
    """
    stream, stems = measured(sounds, offsets_s or {})
    frame_s = stream.frame / stream.rate
    aligned = _aligned(stems, stream.rate, stream.frame)
    pairs = tuple(
        Pair(
            one.name,
            other.name,
            aligned[one.name, other.name],
            (
                with_spots(masking((one.name, one.bark), (other.name, other.bark), frame_s)),
                with_spots(masking((other.name, other.bark), (one.name, one.bark), frame_s)),
            ),
        )
        for one, other in combinations(stems, 2)
    )
    against = tuple(_against_others(stems, frame_s)) if len(stems) > 2 else ()
    powers = {stem.name: stem.bark for stem in stems}
    return Together(tuple(sounds), pairs, against, _findings(pairs, against), powers, frame_s, stream.rate)


def _against_others(stems: tuple[Stem, ...], frame_s: float) -> Iterator[Masking]:
    total = sum((stem.bark.astype(np.float64) for stem in stems), np.zeros(1))
    for stem in stems:
        rest = np.maximum(total - stem.bark, 0).astype(np.float32)
        yield with_spots(masking((stem.name, stem.bark), (OTHERS, rest), frame_s))


def _findings(pairs: tuple[Pair, ...], against: tuple[Masking, ...]) -> tuple[PairFinding, ...]:
    hidden: list[tuple[Masking, tuple[Spot, ...]]] = [
        (one, spots(one)) for pair in pairs if not pair.alignment.related for one in pair.masking
    ]
    hidden += [(one, spots(one)) for one in against]
    found = [
        *(finding for pair in pairs for finding in double_miked(pair.first, pair.second, pair.alignment)),
        *masked_stems(hidden),
    ]
    return tuple(sorted(found, key=lambda finding: ORDER.index(finding.severity)))


def _aligned(stems: tuple[Stem, ...], rate: int, frame: int) -> dict[tuple[str, str], Alignment]:
    """Of each pair, from its loudest common windows; all stems are read side by side, one window of each in memory."""
    size = window_frames(rate)
    half = size // 2 // frame
    wanted = {(one.name, other.name): _loudest(one, other, half) for one, other in combinations(stems, 2)}
    correlators = {names: Correlator(rate) for names in wanted}
    read = {stem.name: windows(stem.sound, size, _of_stem(stem.name, wanted)) for stem in stems}
    shape = hann(size)
    for at in sorted({at for ats in wanted.values() for at in ats}):
        pairs = [names for names, ats in wanted.items() if at in ats]
        heard = {
            name: _spectrum(next(read[name]) * shape) for name in {name for names in pairs for name in names}
        }
        for one, other in pairs:
            correlators[one, other].push(heard[one], heard[other])
    return {names: correlator.read() for names, correlator in correlators.items()}


def _of_stem(name: str, wanted: Mapping[tuple[str, str], frozenset[int]]) -> list[int]:
    return sorted({at for names, ats in wanted.items() if name in names for at in ats})


def _spectrum(window: np.ndarray) -> np.ndarray:
    from scipy.fft import rfft

    return np.asarray(rfft(window))


def _loudest(one: Stem, other: Stem, half: int) -> frozenset[int]:
    """Indices of half windows at which the quieter of the two is loudest; half: frames of the stream in one."""
    if half < 1 or one.bark.shape[1] // half < 2:  # below 512 Hz no window holds a frame
        return frozenset()
    count = one.bark.shape[1] // half
    powers = [stem.power[: count * half].reshape(count, half).mean(axis=1) for stem in (one, other)]
    both = np.minimum(*[(power[:-1] + power[1:]) / 2 for power in powers])
    best = np.argsort(-both, kind="stable")[:WINDOWS]
    return frozenset(int(at) for at in best if both[at] >= _LOUD_ENOUGH)
