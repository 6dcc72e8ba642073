"""Gate: turns down what is quieter than a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.units import frames_from_ms

HOLD_MS = 25.0
"""Half a period of 20 Hz: a held bass note must not open and close the gate with its wave."""


class Gate(Effect):
    """Downward expander with one detector for all channels; stays open 25 ms after the last loud frame."""

    name: ClassVar[str] = "gate"
    title: ClassVar[str] = "Noise gate"
    words: ClassVar[tuple[str, ...]] = ("gate", "noise gate", "expander", "gating")
    stage: ClassVar[Stage] = "repair"
    units: ClassVar[Mapping[str, str]] = {":1": "ratio", "db": "threshold_db", "dbfs": "threshold_db"}
    seen_by: ClassVar[str] = "rms"

    threshold_db: Annotated[float, quantity(-90, 0, "dBFS", "Peak level below which the gate closes")] = -50.0
    ratio: Annotated[
        float,
        quantity(1, 20, ":1", "dB that each dB under the threshold becomes, at the output", scale="log"),
    ] = 10.0
    attack_ms: Annotated[
        float, quantity(0.1, 100, "ms", "Time constant of opening (63 % of the way)", scale="log")
    ] = 1.0
    release_ms: Annotated[
        float,
        quantity(5, 2500, "ms", "Time constant of closing: the gain falls by 8.7 dB in it", scale="log"),
    ] = 100.0
    range_db: Annotated[float, quantity(0, 90, "dB", "How far it closes at most")] = 80.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.ballistics import AttackRelease
        from bridge.effects.dsp.dynamics import Curve, Follower, Hold, linear
        from bridge.effects.dsp.transfer import expansion_db

        hold = Hold(frames_from_ms(HOLD_MS, rate))
        opening = AttackRelease(self.attack_ms, self.release_ms, rate)

        def gain(level: Curve) -> Curve:
            closed = expansion_db(hold.run(level), self.threshold_db, self.ratio, self.range_db)
            return opening.run(linear(-closed))

        return Follower(gain, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where the sound has wide gaps (loudness range over 12 LU): a threshold 30 dB under the RMS level."""
        rms, spread = analysis.number("rms"), analysis.number("loudness_range")
        if rms is None or spread is None or spread <= 12.0 or amount <= 0:
            return None
        return cls(
            threshold_db=round(max(-90.0, min(0.0, rms - 30.0)), 1), ratio=round(min(20.0, 1 + 3 * amount), 2)
        )

    def describe(self) -> str:
        return (
            f"closes below {self.threshold_db:.1f} dBFS, {self.ratio:.3g}:1, attack {self.attack_ms:.3g} ms, "
            f"release {self.release_ms:.3g} ms"
        )
