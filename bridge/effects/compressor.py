"""Compressor: turns down what is louder than a threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed

if TYPE_CHECKING:
    from bridge.effects.dsp.dynamics import Follower


WIDE_LU = 15.0
"""Loudness range from which passages are brought nearer to each other without being asked: quiet ones are then lost in
a car or a kitchen; own judgement."""

_PASSAGES_S = 20.0
_BELOW_DB = 10.0


class Compressor(Effect):
    """Feed-forward, detector linked over all channels, log domain, soft knee.

    Static curve and smoothing: Giannoulis, Massberg and Reiss, JAES 60 (2012), 399-408, equations 4 and 17.
    pedalboard's compressor was tried and not taken: with -20 dBFS, 4:1 a loud left channel beside a quiet right one is
    turned down by 14 dB and the right one by nothing, which moves the image.
    """

    name: ClassVar[str] = "compressor"
    title: ClassVar[str] = "Compressor"
    words: ClassVar[tuple[str, ...]] = ("compress", "compressor", "compression", "glue", "even out", "squash")
    example: ClassVar[str] = "compress 4:1 at -20 dB, attack 5 ms"
    stage: ClassVar[Stage] = "dynamics"
    decides_by: ClassVar[tuple[str, ...]] = ("crest_factor", "loudness_range", "onset_rate")
    decides: ClassVar[str] = (
        "brings passages together that lie more than 15 LU apart, and compresses where peaks stand more than 12 dB "
        "over the mean level"
    )
    units: ClassVar[Mapping[str, str]] = {
        ":1": "ratio",
        "x": "ratio",
        "db": "threshold_db",
        "dbfs": "threshold_db",
        "%": "mix",
    }
    owns: ClassVar[tuple[str, ...]] = (
        "threshold_db",
        "ratio",
        "attack_ms",
        "makeup_db",
        "auto_makeup",
        "knee_db",
        "reduction_db",
        "lookahead_ms",
        "detector_high_pass_hz",
    )
    seen_by: ClassVar[str] = "crest_factor"
    refines: ClassVar[tuple[str, ...]] = ("auto_makeup",)

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
    auto_makeup: bool = Field(
        default=False,
        description="Make-up is measured: as loud behind it as before, whatever `makeup_db` says",
    )
    mix: Annotated[
        float, quantity(0, 1, "", "Share of the compressed sound; below 1 is parallel compression")
    ] = 1.0
    lookahead_ms: Annotated[
        float, quantity(0, 20, "ms", "How far the gain moves ahead of the sound, which is not delayed by it")
    ] = 0.0
    detector: Literal["peak", "rms"] = Field(
        default="peak", description="What is compared with the threshold: each wave, or the mean of 10 ms"
    )
    detector_high_pass_hz: Annotated[
        float,
        quantity(0, 500, "Hz", "Below it the detector hears nothing, so that bass does not pump; 0: off"),
    ] = 0.0
    upward_db: Annotated[
        float,
        quantity(0, 24, "dB", "How far what lies under the threshold is raised at most, by the same ratio"),
    ] = 0.0

    range_target_lu: Annotated[
        float | None,
        quantity(
            1,
            40,
            "LU",
            "Loudness range aimed at; the ratio is then found on the sound, whatever `ratio` says",
        ),
    ] = None

    @property
    def hears_first(self) -> bool:
        return self.auto_makeup or self.range_target_lu is not None

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed where make-up or ratio shall be found and the sound is not given."""
        if not self.hears_first:
            return self._at(rate, channels, self.makeup_db)
        if sound is None:
            what = "Automatic make-up" if self.auto_makeup else "A loudness range"
            raise Failed(f"{what} needs the whole sound; render it instead of streaming it.")
        settled, warning = self._with_its_ratio(sound)
        made = settled._at(rate, channels, settled._makeup(sound))
        made.warnings = warning
        return made

    def _makeup(self, sound: MeasuredSound) -> float:
        from bridge.effects.dsp.makeup import matching_db

        if not self.auto_makeup:
            return self.makeup_db
        return matching_db(sound, self._at(sound.rate, sound.channels, 0.0))

    def _with_its_ratio(self, sound: MeasuredSound) -> tuple[Self, tuple[str, ...]]:
        """The same with the ratio that reaches the range, and what to say where none does."""
        if self.range_target_lu is None:
            return self, ()
        from bridge.effects.dsp.range_target import NEAR_LU, ratio_for

        def made(ratio: float) -> Processor:
            return self.model_copy(update={"ratio": ratio})._at(sound.rate, sound.channels, 0.0)

        ratio, left = ratio_for(sound, self.range_target_lu, made)
        said: tuple[str, ...] = ()
        if left is not None and left > self.range_target_lu + 2.5 * NEAR_LU:
            said = (
                f"a loudness range of {self.range_target_lu:g} LU is out of reach; {left:.1f} LU are left.",
            )
        return self.model_copy(update={"ratio": max(1.0, ratio)}), said

    def _at(self, rate: int, channels: int, makeup_db: float) -> Follower:
        from bridge.effects.dsp.ballistics import AttackRelease
        from bridge.effects.dsp.detector import detector
        from bridge.effects.dsp.dynamics import Curve, Follower, linear
        from bridge.effects.dsp.reduction import Reduction, of_gain
        from bridge.effects.dsp.transfer import compression_db, upward_db
        from bridge.units import frames_from_ms, gain_from_db

        ballistics = AttackRelease(self.attack_ms, self.release_ms, rate)
        lookahead = frames_from_ms(self.lookahead_ms, rate) if self.lookahead_ms else 0
        done = Reduction(rate, late=lookahead)

        def gain(level: Curve) -> Curve:
            asked = compression_db(level, self.threshold_db, self.ratio, self.knee_db)
            if self.upward_db:
                # Raised fully in silence, and every rise of the level is an attack that takes some of it back.
                asked = (
                    asked + self.upward_db - upward_db(level, self.threshold_db, self.ratio, self.upward_db)
                )
            reduction = ballistics.run(asked) - self.upward_db
            if self.mix == 1.0:
                done.push(reduction)
                return linear(makeup_db - reduction)
            blended = (1.0 - self.mix) + self.mix * linear(-reduction)
            done.push(of_gain(blended))
            return blended * gain_from_db(makeup_db)

        listening = detector(self.detector, self.detector_high_pass_hz, rate, channels)
        return Follower(gain, channels, detector=listening, lookahead_frames=lookahead, reduction=done)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Brings passages together that lie more than 15 LU apart; else, where peaks stand far above the mean level
        (crest over 12 dB), a threshold between the two.

        Times follow the sound: a release of two thirds of the mean time between onsets, so that the gain is back when
        the next one comes, and an attack that lets the onset itself through the longer the sharper the peaks are.
        """
        levelled = cls._levelling(analysis, WIDE_LU, amount)
        if levelled is not None:
            return levelled
        rms, crest = analysis.number("rms"), analysis.number("crest_factor")
        if rms is None or crest is None or crest <= 12.0 or amount <= 0:
            return None
        return cls(
            threshold_db=_between(rms, crest),
            ratio=round(min(20.0, 1.0 + amount), 2),
            makeup_db=round(min(12.0, 0.1 * (crest - 12.0) * amount), 1),
            auto_makeup=True,
            **_times(crest, analysis.number("onset_rate")),
        )

    @classmethod
    def towards(cls, analysis: Analysis, target: Target, amount: float = 1.0) -> Self | None:
        """To the widest loudness range that the target takes, where the sound has a wider one; else as `auto`."""
        span = target.expects.get("loudness_range")
        if span is not None and span.high is not None:
            levelled = cls._levelling(analysis, span.high, amount)
            if levelled is not None:
                return levelled
        return cls.auto(analysis, amount)

    @classmethod
    def _levelling(cls, analysis: Analysis, widest_lu: float, amount: float) -> Self | None:
        """A slow one that hears all of the sound, quiet passages too, and leaves every onset as sharp as it was.

        None where passages lie near enough together, and for sounds too short to have passages.
        """
        wide, loudness = analysis.number("loudness_range"), analysis.number("integrated_loudness")
        if (
            wide is None
            or loudness is None
            or wide <= widest_lu
            or amount <= 0
            or analysis.seconds < _PASSAGES_S
        ):
            return None
        return cls(
            threshold_db=round(max(-60.0, min(0.0, loudness - wide - _BELOW_DB)), 1),
            range_target_lu=round(max(1.0, wide - (wide - widest_lu) * min(1.0, amount)), 1),
            attack_ms=100.0,
            release_ms=1500.0,
            lookahead_ms=20.0,
            knee_db=12.0,
            detector="rms",
            auto_makeup=True,
        )

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        """Threshold between the mean level and the peaks, so that some of the music is over it; as loud as before, as
        where its own judgement finds a need."""
        plain = cls(ratio=round(1 + amount, 2))
        rms = analysis.number("rms") if analysis else None
        crest = analysis.number("crest_factor") if analysis else None
        if rms is None or crest is None:
            return plain
        return plain.model_copy(update={"threshold_db": _between(rms, crest), "auto_makeup": True})

    def describe(self) -> str:
        makeup = f", make-up {self.makeup_db:+.1f} dB" if self.makeup_db else ""
        makeup = ", as loud as before" if self.auto_makeup else makeup
        extras = (
            f", look-ahead {self.lookahead_ms:.3g} ms" if self.lookahead_ms else "",
            ", RMS" if self.detector == "rms" else "",
            f", deaf below {self.detector_high_pass_hz:.0f} Hz" if self.detector_high_pass_hz else "",
            f", raises up to {self.upward_db:.1f} dB below it" if self.upward_db else "",
            f", {self.mix:.0%} of it" if self.mix < 1 else "",
        )
        ratio = f"{self.ratio:.3g}:1"
        if self.range_target_lu is not None:
            ratio = f"passages within {self.range_target_lu:.1f} LU of each other by what is"
        return (
            f"{ratio} above {self.threshold_db:.1f} dBFS, attack {self.attack_ms:.3g} ms, "
            f"release {self.release_ms:.3g} ms{makeup}{''.join(extras)}"
        )


def _between(rms_dbfs: float, crest_db: float) -> float:
    """A threshold over the mean level and under the peaks."""
    return round(max(-60.0, min(0.0, rms_dbfs + 0.4 * crest_db)), 1)


_SPARSEST_S, _DENSEST_S = 0.06, 0.45
_OF_THE_GAP = 0.66


def _times(crest_db: float, onsets_per_s: float | None) -> dict[str, float]:
    """Attack and release for that crest and rate of onsets; none where no onsets were counted."""
    if not onsets_per_s:
        return {}
    release_s = max(_SPARSEST_S, min(_DENSEST_S, _OF_THE_GAP / onsets_per_s))
    attack_ms = max(5.0, min(30.0, 10.0 + 2.5 * (crest_db - 12.0)))
    return {"attack_ms": round(attack_ms, 1), "release_ms": round(1000 * release_s, 0)}
