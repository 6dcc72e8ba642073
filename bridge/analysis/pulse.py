"""Which of the related pulses of a rhythm is the beat: judged by what low, middle and high bands do with each of them.

A rhythm repeats in halves, thirds and doubles of the beat alike, so its autocorrelation cannot tell them apart. The
drummer's habits can: kick and snare alternate, hats divide, bars have two, three or four. For every candidate the
accents of three bands are held against pulses from two bars down to the sixth of a beat; how strong each pulse is,
and whether the bands mark it together or in turn, is weighed up by a conditional logit (D. McFadden, "Conditional
logit analysis of qualitative choice behavior", 1974). Own definition; `python -m tests.benchmarks.fits.octave` finds
the weights on rendered music.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.analysis.pulse_weights import CENTRES, SPREADS, WEIGHTS

Row = NDArray[np.float64]

PER_BEAT = (1 / 8, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3, 4, 6)
TOGETHER = (1 / 2, 1, 2)
"""Pulses at which the low band is held against the other two: kick and snare in turn have -1 at half the beat."""

RATIOS = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3)
"""What else the pulse found may be."""

_CHUNK_S = 16.0
"""Longer, and a player's tempo drifts out of the window; shorter, and two bars do not fit."""

_TYPICAL_BPM = 110.0

DOUBT = 1.2
"""Divides the scores: weights found without a genre are surer of that genre than they are right, and music has more
genres than were heard. With 1.2, nine of ten of those held to be 0.8 likely are right even then."""


def chances(envelopes: Row, steps_per_s: float, bpm: Row) -> Row:
    """Probability of each tempo of `bpm` to be the beat; they sum to 1 [shape=(tempi,)].

    envelopes [shape=(3, steps)]: accents of the low, middle and high bands, as in `Onsets`.
    """
    scores: Row = (evidence(envelopes, steps_per_s, bpm) - CENTRES) / SPREADS @ WEIGHTS / DOUBT
    likely: Row = np.exp(scores - scores.max())
    likely /= likely.sum()
    return likely


def evidence(envelopes: Row, steps_per_s: float, bpm: Row) -> Row:
    """What speaks for each tempo [shape=(tempi, features)]."""
    pulses, place = np.unique(np.round(np.outer(bpm / 60.0, PER_BEAT), 6), return_inverse=True)
    place = place.reshape(bpm.size, len(PER_BEAT))
    waves = _waves(envelopes, steps_per_s, pulses)
    strength = np.abs(waves).mean(axis=0)
    crossed = [waves[:, 0] * np.conj(waves[:, other]) for other in (1, 2)]
    together = np.stack([(x.real / np.sqrt(np.abs(x) + 1e-9)).mean(axis=0) for x in crossed])
    octaves = np.log2(bpm / _TYPICAL_BPM)
    columns = [strength[:, place[:, k]].T for k in range(len(PER_BEAT))]
    columns += [together[:, place[:, PER_BEAT.index(one)]].T for one in TOGETHER]
    return np.concatenate([*columns, octaves[:, None], octaves[:, None] ** 2], axis=1)


def _waves(envelopes: Row, steps_per_s: float, pulses: Row) -> NDArray[np.complex128]:
    """Each pulse's amplitude and phase in stretches of 16 s, bands equally strong [shape=(stretches, 3, pulses)]."""
    spread = envelopes.std(axis=1, keepdims=True)
    even = envelopes - envelopes.mean(axis=1, keepdims=True)
    even /= np.where(spread > 0, spread, 1.0)
    count = max(1, int(envelopes.shape[1] / steps_per_s / _CHUNK_S))
    length = envelopes.shape[1] // count
    window = np.hanning(length)
    basis = (
        np.exp(-2j * np.pi * np.outer(np.arange(length) / steps_per_s, pulses))
        * window[:, None]
        / window.sum()
    )
    chunks = even[:, : count * length].reshape(3, count, length).transpose(1, 0, 2)
    # Not a matrix product: its threads cost more than the few sums, and waste a busy machine.
    found: NDArray[np.complex128] = np.einsum("crl,lp->crp", chunks, basis)
    return found
