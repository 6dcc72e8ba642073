"""Compressor: turns down what is louder than a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity


class Compressor(Effect):
    """Feed-forward, peak detector linked over all channels, log domain, soft knee.

    Static curve and smoothing: Giannoulis, Massberg and Reiss, JAES 60 (2012), 399-408, equations 4 and 17.
    pedalboard's compressor was tried and not taken: with -20 dBFS, 4:1 a loud left channel beside a quiet right one is
    turned down by 14 dB and the right one by nothing, which moves the image.
    """

    name: ClassVar[str] = "compressor"
    title: ClassVar[str] = "Compressor"
    words: ClassVar[tuple[str, ...]] = ("compress", "compressor", "compression", "glue", "even out", "squash")
    stage: ClassVar[Stage] = "dynamics"
    units: ClassVar[Mapping[str, str]] = {
        ":1": "ratio",
        "x": "ratio",
        "db": "threshold_db",
        "dbfs": "threshold_db",
    }
    owns: ClassVar[tuple[str, ...]] = (
        "threshold_db",
        "ratio",
        "attack_ms",
        "makeup_db",
        "knee_db",
        "reduction_db",
    )
    seen_by: ClassVar[str] = "crest_factor"

    threshold_db: Annotated[float, quantity(-60, 0, "dBFS", "Level above which the gain is reduced")] = -18.0
    ratio: Annotated[float, quantity(1, 20, ":1", "dB over the threshold that become 1 dB", scale="log")] = (
        2.0
    )
    attack_ms: Annotated[
        float, quantity(0.1, 250, "ms", "Time constant of turning down (63 % of the way)", scale="log")
    ] = 10.0
    release_ms: Annotated[
        float, quantity(5, 2500, "ms", "Time constant of coming back (63 % of the way)", scale="log")
    ] = 120.0
    makeup_db: Annotated[float, quantity(0, 12, "dB", "Gain after the compression", soft=(0, 6))] = 0.0
    knee_db: Annotated[float, quantity(0, 24, "dB", "Width of the soft bend around the threshold")] = 6.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        from bridge.effects.dsp.ballistics import AttackRelease
        from bridge.effects.dsp.dynamics import Curve, Follower, linear
        from bridge.effects.dsp.transfer import compression_db

        ballistics = AttackRelease(self.attack_ms, self.release_ms, rate)

        def gain(level: Curve) -> Curve:
            asked = compression_db(level, self.threshold_db, self.ratio, self.knee_db)
            return linear(self.makeup_db - ballistics.run(asked))

        return Follower(gain, channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where peaks stand far above the mean level (crest over 12 dB): threshold between the two."""
        rms, crest = analysis.number("rms"), analysis.number("crest_factor")
        if rms is None or crest is None or crest <= 12.0 or amount <= 0:
            return None
        return cls(
            threshold_db=_between(rms, crest),
            ratio=round(min(20.0, 1.0 + amount), 2),
            makeup_db=round(min(12.0, 0.1 * (crest - 12.0) * amount), 1),
        )

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """Threshold between the mean level and the peaks, so that some of the music is over it."""
        plain = cls(ratio=round(1 + amount, 2))
        rms = analysis.number("rms") if analysis else None
        crest = analysis.number("crest_factor") if analysis else None
        if rms is None or crest is None:
            return plain
        return plain.model_copy(update={"threshold_db": _between(rms, crest)})

    def describe(self) -> str:
        makeup = f", make-up {self.makeup_db:+.1f} dB" if self.makeup_db else ""
        return (
            f"{self.ratio:.3g}:1 above {self.threshold_db:.1f} dBFS, attack {self.attack_ms:.3g} ms, "
            f"release {self.release_ms:.3g} ms{makeup}"
        )


def _between(rms_dbfs: float, crest_db: float) -> float:
    """A threshold over the mean level and under the peaks."""
    return round(max(-60.0, min(0.0, rms_dbfs + 0.4 * crest_db)), 1)
