"""Denoise: steady noise (hiss, air conditioning, a preamp) taken out from under the sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed

if TYPE_CHECKING:
    from bridge.effects.dsp.noise_profile import NoiseProfile

PLAIN_DB = 24.0
_LEAST_DB, _MOST_DB = 3.0, 40.0

STEADY_DB = 1.5
"""Noise varies by less (`hiss_unrest`)."""

_AUDIBLE_LU = -55.0
_HIDDEN_LU = -62.0
"""Music at 80 dB SPL leaves such noise at 18 dB SPL: quieter than any room."""

_FULL_SNR_DB, _NONE_SNR_DB = 32.0, 48.0
"""Found noise is taken down fully where it stands so far under the sound or nearer, and less and less up to the second,
where there is more to lose than to win."""


class Denoise(Effect):
    """A Wiener gain in every bin of the short-time spectrum, from a profile of the noise.

    The profile is found in what is quietest, or measured in a stretch where the noise is alone. What moves (traffic,
    voices) is no steady noise, and clean sound is left as it is, to the bit.
    """

    name: ClassVar[str] = "denoise"
    title: ClassVar[str] = "Noise reduction"
    words: ClassVar[tuple[str, ...]] = ("denoise", "denoiser", "noise reduction", "noise reducer")
    example: ClassVar[str] = "remove the noise by 12 dB"
    stage: ClassVar[Stage] = "repair"
    decides_by: ClassVar[tuple[str, ...]] = ("hiss", "integrated_loudness", "hiss_unrest")
    decides: ClassVar[str] = "takes out steady noise that lies less than 55 dB under the loudness"
    units: ClassVar[Mapping[str, str]] = {"db": "amount_db"}
    seen_by: ClassVar[str] = "hiss"
    needs_sound: ClassVar[bool] = True

    amount_db: Annotated[
        float, quantity(_LEAST_DB, _MOST_DB, "dB", "How far the noise goes down at most", soft=(6, 30))
    ] = PLAIN_DB
    smoothing: Annotated[
        float, quantity(0, 1, "", "How even the rest is kept: more rings less, and takes a little more")
    ] = 0.8
    profile_start_s: Annotated[float, quantity(0, 36000, "s", "Where the noise stands alone")] = 0.0
    profile_length_s: Annotated[
        float, quantity(0, 60, "s", "For how long it stands alone there; 0 finds the noise by itself")
    ] = 0.0

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed without the sound: the noise is found in all of it."""
        from bridge.effects.dsp.denoising import Denoising
        from bridge.effects.dsp.frames import Frames
        from bridge.effects.dsp.noise_profile import find_profile, measure_profile
        from bridge.effects.dsp.untouched import Untouched

        if sound is None:
            raise Failed("Noise reduction needs the whole sound; render it instead of streaming it.")
        frames = Frames(rate)
        if self.profile_length_s > 0:
            told = measure_profile(sound, frames, self.profile_start_s, self.profile_length_s)
            if told is not None:
                return Denoising(frames, told, self.amount_db, self.smoothing)
        profile = find_profile(sound, frames)
        amount_db = self._worth_db(profile)
        if profile is None or amount_db < 1.0:
            return Untouched(channels, (_nothing(profile),))
        done = Denoising(frames, profile, amount_db, self.smoothing)
        if self.profile_length_s > 0:
            done.warnings = (
                "nothing sounds where the noise should stand alone; it was looked for everywhere.",
            )
        return done

    def _worth_db(self, profile: NoiseProfile | None) -> float:
        if profile is None or profile.snr_db is None:
            return 0.0
        part = (_NONE_SNR_DB - profile.snr_db) / (_NONE_SNR_DB - _FULL_SNR_DB)
        return self.amount_db * min(1.0, max(0.0, part))

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where steady noise stands between the notes, at most 55 dB below the loudness; the nearer the deeper."""
        under = _under_lu(analysis, "hiss")
        unrest = analysis.number("hiss_unrest")
        if under is None or unrest is None or amount <= 0:
            return None
        if under < _AUDIBLE_LU or unrest > STEADY_DB:
            return None
        return cls(amount_db=_held((under - _HIDDEN_LU) * amount))

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        return cls(amount_db=_held(PLAIN_DB * amount))

    @classmethod
    def unneeded(cls, analysis: Analysis) -> str | None:
        """Where even the quietest moments lie under what any room has."""
        under, floor = _under_lu(analysis, "noise_floor"), analysis.number("noise_floor")
        if under is None or floor is None or under >= _HIDDEN_LU:
            return None
        return f"the quietest moments lie at {floor:.0f} dBFS, {-under:.0f} dB below the loudness: no noise to take out"

    def describe(self) -> str:
        where = "found in what is quietest"
        if self.profile_length_s > 0:
            end = self.profile_start_s + self.profile_length_s
            where = f"as it stands from {self.profile_start_s:.4g} to {end:.4g} s"
        return f"up to {self.amount_db:.1f} dB off the noise, {where}"


def _under_lu(analysis: Analysis, metric: str) -> float | None:
    level, loudness = analysis.number(metric), analysis.number("integrated_loudness")
    return None if level is None or loudness is None else level - loudness


def _held(amount_db: float) -> float:
    return round(min(_MOST_DB, max(_LEAST_DB, amount_db)), 1)


def _nothing(profile: NoiseProfile | None) -> str:
    if profile is None:
        return "too short or too quiet to find noise in; nothing was taken."
    if profile.snr_db is None:
        return "nothing that stands still was found; nothing was taken."
    return f"noise lies {profile.snr_db:.0f} dB under the sound at most; nothing was taken."
