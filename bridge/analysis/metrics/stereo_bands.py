"""Correlation, width and mono loss per band, and the mono loss of the whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.analysis.wording import number, pick

RANGES: dict[str, tuple[float, float]] = {
    "low": (20.0, 120.0),
    "mid": (120.0, 2000.0),
    "high": (2000.0, 20000.0),
}
"""Bass that should be mono, the body, and where width is heard (Hz)."""

_FAINT = 1e-6
"""A band 60 dB below the whole is leakage of the window rather than sound."""

WIDEST_DB = 60.0
"""Where width and loss are held: single precision tells no deeper cancellation."""

_LOSS = (
    (1.0, "safe in mono"),
    (3.5, "as wide or unrelated sound has it"),
    (6.0, "clearly weaker in mono"),
    (float("inf"), "mostly cancelled in mono"),
)


def _powers(passes: Passes, low_hz: float, high_hz: float) -> tuple[float, float, float]:
    """Power of L and of R and their cross-power in a band. Raises Unmeasurable for mono, silence, an empty band."""
    if passes.stream.channels < 2:
        raise Unmeasurable("mono")
    spectrum = passes.spectrum
    if passes.stream.nyquist_hz <= low_hz:
        raise Unmeasurable(f"a rate of {passes.stream.rate} Hz does not hold this band")
    left, right, whole = (
        spectrum.between(power, low_hz, high_hz)
        for power in (spectrum.power[0], spectrum.power[1], spectrum.total())
    )
    everything = spectrum.between(spectrum.total(), 0.0, passes.stream.nyquist_hz)
    if not whole > everything * _FAINT or not left + right > 0.0:
        raise Unmeasurable("nothing in this band")
    return left, right, spectrum.between_signed(spectrum.cross, low_hz, high_hz)


def _correlation(left: float, right: float, cross: float) -> float:
    if not min(left, right) > _FAINT * max(left, right):
        raise Unmeasurable("one channel is silent")
    return max(-1.0, min(1.0, cross / math.sqrt(left * right)))


def _width(left: float, right: float, cross: float) -> float:
    mid, side = left + right + 2 * cross, left + right - 2 * cross
    return max(-WIDEST_DB, min(WIDEST_DB, _ratio_db(side, mid)))


def _mono_loss(left: float, right: float, cross: float) -> float:
    return max(0.0, min(WIDEST_DB, _ratio_db(2.0 * (left + right), left + right + 2 * cross)))


def _ratio_db(above: float, below: float) -> float:
    if below <= 0.0:
        return WIDEST_DB
    return 10.0 * math.log10(max(above, below * 1e-9) / below)


class StereoBand(Metric):
    """One relation of left and right in one range of frequencies."""

    needs = ("spectrum",)
    low_hz: ClassVar[float]
    high_hz: ClassVar[float]
    relation: ClassVar[Callable[[float, float, float], float]]

    def read(self, passes: Passes) -> float | str:
        return type(self).relation(*_powers(passes, self.low_hz, self.high_hz))

    def explain(self, value: float | str) -> str:
        return f"{number(value):+.2f} {self.unit}".rstrip() + f" from {self.low_hz:g} to {self.high_hz:g} Hz."


class MonoLoss(Metric):
    name = "mono_loss"
    unit = "dB"
    source = "Power of (L+R)/2 against the mean power of L and R: 0 the same, 3.01 unrelated; 60 at most"
    sentence = "How much quieter the sound gets in mono."
    needs = ("levels",)

    def read(self, passes: Passes) -> float | str:
        left, right = passes.levels.pair()
        mid, _ = passes.levels.sum_and_difference()
        if not left + right > 0.0:
            raise Unmeasurable(SILENCE)
        return max(0.0, min(WIDEST_DB, _ratio_db(2.0 * (left + right), mid)))

    def explain(self, value: float | str) -> str:
        return f"{number(value):.1f} dB weaker in mono: {pick(number(value), _LOSS)}."


_KINDS: tuple[tuple[str, str, Callable[[float, float, float], float], str, str], ...] = (
    (
        "correlation",
        "",
        _correlation,
        "Real part of the cross-power over the root of L's and R's power",
        "How alike left and right are",
    ),
    (
        "width",
        "dB",
        _width,
        "Power of L-R over power of L+R, held to 60 dB either way",
        "How wide the sound is",
    ),
    (
        "mono_loss",
        "dB",
        _mono_loss,
        "Power of (L+R)/2 against the mean power of L and R",
        "How much quieter mono is",
    ),
)


def _made(kind: int, band: str) -> StereoBand:
    name, unit, relation, source, tells = _KINDS[kind]
    low_hz, high_hz = RANGES[band]
    body = {
        "name": f"{name}_{band}",
        "unit": unit,
        "source": f"{source}, in the long-term spectrum of the front pair, {low_hz:g} to {high_hz:g} Hz",
        "sentence": f"{tells} in the {band} frequencies, {low_hz:g} to {high_hz:g} Hz.",
        "low_hz": low_hz,
        "high_hz": high_hz,
        "relation": staticmethod(relation),
    }
    made: StereoBand = type(f"{name.title()}{band.title()}", (StereoBand,), body)()
    return made


STEREO_BANDS = tuple(_made(kind, band) for kind in range(len(_KINDS)) for band in RANGES)
