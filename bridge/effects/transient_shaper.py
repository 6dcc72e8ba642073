"""Transient shaper: onsets sharper or softer, decays longer or shorter, whatever the level is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

_SOFT_DB, _DENSE_DB = 5.0, 11.0


class TransientShaper(Effect):
    """No threshold: what rises faster than its own envelope is attack, what falls faster than it is sustain. One
    detector for all channels; a held tone is neither and passes untouched."""

    name: ClassVar[str] = "transient_shaper"
    title: ClassVar[str] = "Transient shaper"
    words: ClassVar[tuple[str, ...]] = (
        "transient shaper", "transient shaping", "transient designer", "shape the transients", "transient design",
    )  # fmt: skip
    example: ClassVar[str] = "more snap, less ring"
    stage: ClassVar[Stage] = "dynamics"
    units: ClassVar[Mapping[str, str]] = {"db": "attack_db"}
    owns: ClassVar[tuple[str, ...]] = ("attack_db", "sustain_db")
    seen_by: ClassVar[str] = "transient_strength"

    attack_db: Annotated[
        float, quantity(-24, 24, "dB", "Gain of the first 15 ms of a hit or note", soft=(-9, 9))
    ] = 0.0
    sustain_db: Annotated[float, quantity(-24, 24, "dB", "Gain of what rings on after it", soft=(-12, 9))] = (
        0.0
    )

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.dynamics import Follower
        from bridge.effects.dsp.reduction import Reduction
        from bridge.effects.dsp.transients import LOOKAHEAD_MS, Shaping
        from bridge.units import frames_from_ms

        ahead = frames_from_ms(LOOKAHEAD_MS, rate)
        done = Reduction(rate, late=ahead)
        shaping = Shaping(self.attack_db, self.sustain_db, rate, done)
        return Follower(shaping.gain, channels, lookahead_frames=ahead, reduction=done)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where hits hardly stand out (transient strength under 5 dB) of a dense sound (crest under 11 dB)."""
        strength, crest = analysis.number("transient_strength"), analysis.number("crest_factor")
        if strength is None or crest is None or strength >= _SOFT_DB or crest >= _DENSE_DB or amount <= 0:
            return None
        return cls(attack_db=round(min(9.0, (_SOFT_DB - strength + 2.0) * amount), 1))

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        return cls(attack_db=round(max(-9.0, min(9.0, 4.0 * amount)), 1))

    def describe(self) -> str:
        return f"attack {self.attack_db:+.1f} dB, sustain {self.sustain_db:+.1f} dB"
