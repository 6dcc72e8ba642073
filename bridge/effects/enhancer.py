"""Enhancer: new harmonics of the treble, for sound that lacks it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

DULL_DB = -6.0
"""Of spectral tilt an octave: pink noise falls by 3 dB, most mixes by 4 to 6."""


class Enhancer(Effect):
    """An exciter: what lies above `above_hz` goes through a soft, slightly uneven curve, oversampled to 352.8 kHz or
    more, and of what comes out only that is added which was not there: harmonics, `harmonics_db` below the band they
    come from, by power over the whole sound. A trim of some hundredths of a dB keeps the loudness.
    """

    name: ClassVar[str] = "enhancer"
    title: ClassVar[str] = "Enhancer"
    words: ClassVar[tuple[str, ...]] = (
        "enhancer",
        "exciter",
        "excite",
        "treble harmonics",
        "add sparkle harmonics",
    )
    example: ClassVar[str] = "add an enhancer"
    stage: ClassVar[Stage] = "colour"
    decides_by: ClassVar[tuple[str, ...]] = ("spectral_tilt",)
    decides: ClassVar[str] = "adds treble harmonics where the spectrum falls more steeply than 6 dB an octave"
    units: ClassVar[Mapping[str, str]] = {"db": "harmonics_db", "hz": "above_hz"}
    owns: ClassVar[tuple[str, ...]] = ("harmonics_db",)
    seen_by: ClassVar[str] = "spectral_tilt"
    needs_sound: ClassVar[bool] = True

    harmonics_db: Annotated[
        float,
        quantity(-60, 0, "dB", "Level of the new harmonics against the band they come from", soft=(-40, -9)),
    ] = -18.0
    above_hz: Annotated[
        float, quantity(1000, 10000, "Hz", "Where the band begins that harmonics are made of", scale="log")
    ] = 3000.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.exciting import exciter

        if sound is None:
            raise ValueError("an enhancer must hear the sound first")
        return exciter(sound, self.above_hz, self.harmonics_db)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where treble is short (a tilt steeper than -6 dB an octave): the steeper, the more, -24 to -14 dB."""
        tilt = analysis.number("spectral_tilt")
        if tilt is None or tilt >= DULL_DB or amount <= 0:
            return None
        plain = min(-14.0, -24.0 + 2.0 * (DULL_DB - tilt))
        return cls(harmonics_db=round(_at(plain, amount), 1))

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """-18 dB, 6 dB less for half of it."""
        return cls(harmonics_db=round(_at(-18.0, amount), 1))

    def describe(self) -> str:
        return f"harmonics of what lies above {self.above_hz:.0f} Hz, {self.harmonics_db:.1f} dB below it"


def _at(plain_db: float, amount: float) -> float:
    """A share of an amplitude in dB, within what the bridge takes by itself."""
    return max(-40.0, min(-9.0, plain_db + 20.0 * math.log10(max(amount, 0.05))))
