"""Gate and expander: turns down what is quieter than a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.units import frames_from_ms

_CLEAN_DBFS = -80.0
"""Pauses this quiet have nothing in them that a gate could take away."""
_NOISE_PEAKS_DB, _OVER_THEM_DB = 12.0, 8.0
"""The detector reads peaks, and those of noise stand some 12 dB above its RMS level."""
_LEAST_BELOW_RMS_DB = 18.0


class Gate(Effect):
    """Downward expander with one detector for all channels; stays open for its hold after the last loud frame.

    A ratio of 10:1 and more is a gate; 1.5:1 to 3:1 expands gently.
    """

    name: ClassVar[str] = "gate"
    title: ClassVar[str] = "Noise gate"
    words: ClassVar[tuple[str, ...]] = ("gate", "noise gate", "expander", "gating")
    example: ClassVar[str] = "gate at -40 dB, hold 100 ms"
    stage: ClassVar[Stage] = "repair"
    units: ClassVar[Mapping[str, str]] = {":1": "ratio", "db": "threshold_db", "dbfs": "threshold_db"}
    owns: ClassVar[tuple[str, ...]] = ("hysteresis_db", "hold_ms")
    seen_by: ClassVar[str] = "noise_floor"

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
    hysteresis_db: Annotated[
        float,
        quantity(
            0, 24, "dB", "How far under the threshold an open gate still stays open: it does not flutter"
        ),
    ] = 0.0
    hold_ms: Annotated[
        float,
        quantity(
            1,
            1000,
            "ms",
            "How long it stays open after the last loud wave; 25 bridges one of 20 Hz",
            scale="log",
        ),
    ] = 25.0
    lookahead_ms: Annotated[
        float, quantity(0, 20, "ms", "How far the gain moves ahead of the sound, which is not delayed by it")
    ] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        import numpy as np

        from bridge.effects.dsp.ballistics import AttackRelease
        from bridge.effects.dsp.dynamics import Curve, Follower, Hold, Schmitt, linear
        from bridge.effects.dsp.reduction import Reduction, of_gain
        from bridge.effects.dsp.transfer import expansion_db

        hold = Hold(frames_from_ms(self.hold_ms, rate))
        state = Schmitt(self.threshold_db, self.threshold_db - self.hysteresis_db)
        opening = AttackRelease(self.attack_ms, self.release_ms, rate)
        lookahead = frames_from_ms(self.lookahead_ms, rate) if self.lookahead_ms else 0
        done = Reduction(rate, late=lookahead)

        def gain(level: Curve) -> Curve:
            held = hold.run(level)
            closed = expansion_db(held, self.threshold_db, self.ratio, self.range_db)
            if self.hysteresis_db:
                closed[state.run(held)] = 0.0
            factor = opening.run(linear(-closed))
            done.push(np.minimum(of_gain(factor), self.range_db))
            return factor

        return Follower(gain, channels, lookahead_frames=lookahead, reduction=done)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where pauses have noise in them and the sound stands well above: between the two, nearer to the noise.

        Needs 18 dB between the quietest moments and the RMS level, and noise above -80 dBFS.
        """
        rms, floor = analysis.number("rms"), analysis.number("noise_floor")
        if rms is None or floor is None or amount <= 0 or floor <= _CLEAN_DBFS:
            return None
        if floor > rms - _LEAST_BELOW_RMS_DB:
            return None
        threshold_db = floor + _NOISE_PEAKS_DB + _OVER_THEM_DB
        return cls(
            threshold_db=round(max(-90.0, min(0.0, threshold_db)), 1),
            ratio=round(min(20.0, 1 + 3 * amount), 2),
        )

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """30 dB under the RMS level, where no noise shows where to close."""
        rms = analysis.number("rms") if analysis else None
        return cls() if rms is None else cls(threshold_db=round(max(-90.0, min(0.0, rms - 30.0)), 1))

    def describe(self) -> str:
        extras = (
            f", hysteresis {self.hysteresis_db:.3g} dB" if self.hysteresis_db else "",
            f", hold {self.hold_ms:.3g} ms" if self.hold_ms != 25.0 else "",
            f", look-ahead {self.lookahead_ms:.3g} ms" if self.lookahead_ms else "",
        )
        return (
            f"closes below {self.threshold_db:.1f} dBFS, {self.ratio:.3g}:1, attack {self.attack_ms:.3g} ms, "
            f"release {self.release_ms:.3g} ms{''.join(extras)}"
        )
