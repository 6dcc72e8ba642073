"""A convolution reverb at work: its response found, brought to the rate, filtered, and laid between the channels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bridge.effects.dsp.convolution import Convolver, Route
from bridge.effects.dsp.cuts import cuts
from bridge.effects.dsp.equal_power import equal_power
from bridge.effects.dsp.made_rooms import made_room
from bridge.effects.dsp.sides import PAIRS
from bridge.effects.impulse_files import LONGEST_S, Impulse, read_impulse
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.effects.convolution_reverb import ConvolutionReverb

Wave = NDArray[np.float64]


def convolved(effect: ConvolutionReverb, rate: int, channels: int) -> Convolver:
    """The processor of the effect. Raises BadInput for a file that is no response or another one than was meant."""
    warnings: tuple[str, ...] = ()
    if effect.file:
        impulse = read_impulse(effect.file)
        warnings = _remarks(effect, impulse)
        responses: Sequence[Wave] = [resampled(row, impulse.rate, rate) for row in impulse.samples]
    else:
        responses = made_room(effect.kind, effect.decay_s, effect.damping, effect.seed, rate)
    before = round(effect.pre_delay_ms * rate / 1000)
    wet = [
        _returned(row, before, (effect.low_cut_hz, effect.high_cut_hz), rate) for row in _as_loud(responses)
    ]
    made = Convolver(wet, routes(len(wet), channels), channels, equal_power(effect.mix))
    made.warnings = warnings
    return made


def _remarks(effect: ConvolutionReverb, impulse: Impulse) -> tuple[str, ...]:
    if effect.sha256 and effect.sha256 != impulse.sha256:
        raise BadInput(
            f"{effect.file}: this is not the impulse response that the plan was made with; "
            "put that one there, or make the plan anew."
        )
    said = []
    if not effect.sha256:
        said.append(f"the plan does not hold which sound {effect.file} was; it is sha256 {impulse.sha256}")
    if impulse.cut:
        said.append(f"{effect.file} was cut after {LONGEST_S:g} s")
    return tuple(said)


def resampled(row: Wave, rate: int, to: int) -> Wave:
    """A response at another rate, in its spectrum: nothing aliases, and its gain stays [shape=(frames,)]."""
    from scipy import fft

    if rate == to:
        return row
    ratio = Fraction(to, rate)
    size = -(-(len(row) + 1024) // ratio.denominator) * ratio.denominator
    wanted = size * ratio.numerator // ratio.denominator
    spectrum = fft.rfft(row, size)
    kept = np.zeros(wanted // 2 + 1, np.complex128)
    shared = min(len(spectrum), len(kept))
    kept[:shared] = spectrum[:shared]
    # Values keep their height through the lengths, sums their gain through the rates: both are the same ratio.
    frames = math.ceil(len(row) * to / rate)
    return np.asarray(fft.irfft(kept, wanted)[:frames], np.float64)


def _as_loud(responses: Sequence[Wave]) -> list[Wave]:
    """All by one gain: noise comes out as loud as it went in, on the mean of the sides."""
    outputs = 2 if len(responses) == 4 else len(responses)
    energy = sum(float(row @ row) for row in responses) / outputs
    return [row / math.sqrt(energy) for row in responses]


def _returned(row: Wave, before: int, cut_hz: tuple[float, float], rate: int) -> Wave:
    """With its pre-delay and without its ends: a filter of the response is one of the sound."""
    filtered = cuts(*cut_hz, rate, 1).run(row[None])[0]
    return np.concatenate([np.zeros(before), filtered])


def routes(responses: int, channels: int) -> list[Route]:
    """Who goes where. One response: each channel in itself. Two: left partners have the first, right ones the second,
    others the first. Four: both of a pair go to both."""
    if responses == 1:
        return [(index, index, 0) for index in range(channels)]
    out: list[Route] = []
    paired = PAIRS.get(channels, ())
    for left, right in paired:
        crossed = [(left, left, 0), (left, right, 1), (right, left, 2), (right, right, 3)]
        out += crossed if responses == 4 else [(left, left, 0), (right, right, 1)]
    alone = set(range(channels)) - {index for pair in paired for index in pair}
    return [*out, *((index, index, 0) for index in sorted(alone))]
