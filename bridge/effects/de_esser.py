"""De-esser: turns down sharp s sounds and leaves everything between them alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.equalizer import hertz
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_USUAL_HZ = 7000.0
_SPAN_HZ = (4500.0, 9500.0)
_GENTLE_DB = -2.0
"""A voice whose s stands so far over its vowels, by the metric `sibilance`, sounds natural; sharper is too sharp."""
_LIMIT_DB = 2.0
_AHEAD_S = 0.003
_HIGHEST_OF_RATE = 0.42


class DeEsser(Effect):
    """Listens for hiss that stands out of the voice while the voice itself falls silent, which vowels never do.

    The threshold is relative to the voice, so the level of the recording does not matter. Split band in zero phase:
    between the s sounds the very same samples come out.
    """

    name: ClassVar[str] = "de_esser"
    title: ClassVar[str] = "De-esser"
    words: ClassVar[tuple[str, ...]] = (
        "de-ess", "de-esser", "de-essing", "deess", "deesser", "deessing", "de-essed", "deessed", "split band de-esser",
    )  # fmt: skip
    example: ClassVar[str] = "de-ess 6 dB at 7 kHz"
    stage: ClassVar[Stage] = "dynamics"
    units: ClassVar[Mapping[str, str]] = {"db": "amount_db", "hz": "frequency_hz"}
    seen_by: ClassVar[str] = "sibilance"

    frequency_hz: Annotated[
        float, quantity(3000, 12000, "Hz", "Where the s sounds are strongest", scale="log")
    ] = _USUAL_HZ
    amount_db: Annotated[float, quantity(0, 24, "dB", "How far an s is turned down", soft=(0, 12))] = 5.0
    threshold_db: Annotated[
        float,
        quantity(-40, 20, "dB", "Level of the hiss, against the vowels before it, above which it is an s"),
    ] = -18.0
    mode: Literal["split", "wide"] = Field(
        default="split", description="Turned down: what lies above the s, or all of the sound"
    )

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        import numpy as np
        from numpy.typing import NDArray

        from bridge.effects.dsp.sibilants import VOICE_HZ, Sibilants, above, between
        from bridge.effects.dsp.zero_phase import BandGain

        centre = min(self.frequency_hz, _HIGHEST_OF_RATE * rate)

        def weights(at_hz: NDArray[np.float64]) -> list[NDArray[np.float64]]:
            turned = np.ones(at_hz.shape) if self.mode == "wide" else above(at_hz, centre / 1.75)
            return [turned, between(at_hz, centre / 1.5, centre * 1.6), between(at_hz, *VOICE_HZ)]

        listening = Sibilants(self.threshold_db, self.amount_db, rate)
        return BandGain(
            rate,
            channels,
            weights,
            listening.gains,
            lowest_hz=VOICE_HZ[0],
            names=("esses",),
            ahead_s=_AHEAD_S,
        )

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where s sounds burst out over the vowels (sibilance over 2 dB): down to 2 dB under them."""
        found = analysis.number("sibilance")
        if found is None or found <= _LIMIT_DB or amount <= 0:
            return None
        return cls(
            frequency_hz=_strongest_hz(analysis),
            amount_db=round(max(2.0, min(12.0, (found - _GENTLE_DB) * amount)), 1),
        )

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """5 dB where the highs of the sound stand strongest."""
        hz = _strongest_hz(analysis) if analysis else _USUAL_HZ
        return cls(frequency_hz=hz, amount_db=round(max(0.0, min(12.0, 5.0 * amount)), 1))

    def describe(self) -> str:
        wide = ", all of the sound" if self.mode == "wide" else ""
        return f"s sounds around {hertz(self.frequency_hz)} down by {self.amount_db:.1f} dB{wide}"


def _strongest_hz(analysis: Analysis) -> float:
    """Centre of the third octave from 4.5 to 9.5 kHz that stands highest over a fall of 6 dB an octave."""
    import math

    curve = analysis.curves.get("spectrum")
    if not curve:
        return _USUAL_HZ
    low, high = _SPAN_HZ
    standing = [
        (level + 6.0 * math.log2(hz / low), hz)
        for hz, level in zip(curve["centre_hz"], curve["level_db"], strict=True)
        if level is not None and low < hz < high
    ]
    return round(max(standing)[1], 0) if standing else _USUAL_HZ
