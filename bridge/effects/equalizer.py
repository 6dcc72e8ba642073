"""Equalizer: bells, shelves and passes, from the Audio EQ Cookbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.effects.effect import Effect, Stage
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity

Kind = Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"]

HIGHEST_OF_RATE = 0.45
"""Above this part of the rate the bilinear transform squeezes a curve out of shape; bands are held below it."""

_OF_ITS_HEIGHT, _DEEPEST_CUT_DB = 0.9, 12.0
"""A resonance that is read a little too high must not become a hole."""

_MOST_BANDS, _MOST_RESONANCES, _MOST_TONE_DB = 8, 4, 6.0
"""Of its own judgement: more could not be looked over by who edits them, or would make another sound of it."""

_USUAL_RATE = 48000

_NAMES = {
    "bell": "bell",
    "low_shelf": "low shelf",
    "high_shelf": "high shelf",
    "high_pass": "high-pass",
    "low_pass": "low-pass",
}


class Band(BaseModel):
    """One band. Passes are Butterworth (-3 dB at the frequency, no gain, q unused); slopes are for passes alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = Field(default="bell", description="The shape of the band")
    frequency_hz: Annotated[
        float,
        quantity(
            20,
            20000,
            "Hz",
            "Centre of a bell, half-gain point of a shelf, -3 dB point of a pass",
            scale="log",
        ),
    ]
    gain_db: Annotated[float, quantity(-18, 18, "dB", "Boost or cut of a bell or shelf", soft=(-9, 9))] = 0.0
    q: Annotated[float, quantity(0.1, 50, "", "How narrow a bell or how steep a shelf is", scale="log")] = (
        0.71
    )
    slope_db_per_octave: Literal[12, 24] = Field(default=12, description="How steeply a pass falls")

    @property
    def is_pass(self) -> bool:
        return self.kind in ("high_pass", "low_pass")

    def describe(self) -> str:
        if self.is_pass:
            return f"{_NAMES[self.kind]} at {hertz(self.frequency_hz)}, {self.slope_db_per_octave} dB/oct"
        kind = "" if self.kind == "bell" else f"{_NAMES[self.kind]} "
        return f"{kind}{self.gain_db:+.1f} dB at {hertz(self.frequency_hz)}, Q {self.q:.2g}"


def hertz(frequency: float) -> str:
    """For people: "250 Hz", "2.5 kHz"."""
    return f"{frequency / 1000:.3g} kHz" if frequency >= 1000 else f"{frequency:.4g} Hz"


class Equalizer(Effect):
    """Up to 24 bands in series; minimum phase, no delay."""

    name: ClassVar[str] = "equalizer"
    title: ClassVar[str] = "Parametric EQ"
    words: ClassVar[tuple[str, ...]] = (
        "eq", "equalizer", "equaliser", "equalize", "bell", "shelf", "high-pass", "low-pass", "low cut", "high cut",
        "hpf", "lpf", "filter",
    )  # fmt: skip
    example: ClassVar[str] = "cut 3 dB at 250 Hz, high-pass at 80 Hz"
    stage: ClassVar[Stage] = "tone"
    decides_by: ClassVar[tuple[str, ...]] = ("resonance", "band_sub", "band_low")
    decides: ClassVar[str] = "takes out resonances and rumble and brings third octaves to their curve"
    seen_by: ClassVar[str] = "spectral_centroid"

    bands: tuple[Band, ...] = Field(default=(), max_length=24, description="Bands, in series")

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        import numpy as np

        from bridge.effects.dsp.biquad import Filter

        rows = [row for band in self.bands for row in sections(band, rate)]
        return Filter(np.array(rows).reshape(-1, 6), channels)

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Takes rumble away where the sub band stands out above the band over it, flattens resonances, and brings
        third octaves to a smooth slope through them where they lie off it: 8 bands at most, for tone within 6 dB."""
        return cls._judged(analysis, None, amount)

    @classmethod
    def towards(cls, analysis: Analysis, target: Target, amount: float = 1.0) -> Self | None:
        """The same towards the target's curve, where it has one."""
        return cls._judged(analysis, target, amount)

    @classmethod
    def _judged(cls, analysis: Analysis, target: Target | None, amount: float) -> Self | None:
        if amount <= 0:
            return None
        faults = (*_rumble(analysis, amount), *_resonances(analysis, amount))
        bands = (*faults, *_tone(analysis, target, faults, amount))
        return cls(bands=bands) if bands else None

    @classmethod
    def figures(cls, analysis: Analysis, target: Target | None = None) -> str:
        from bridge.effects.dsp.tone_curve import tone

        found = tone(analysis, target)
        return found.sentence() if found is not None else "no spectrum to go by"

    def describe(self) -> str:
        return "; ".join(band.describe() for band in self.bands) or "no bands"


def _rumble(analysis: Analysis, amount: float) -> tuple[Band, ...]:
    sub, low = analysis.number("band_sub"), analysis.number("band_low")
    if sub is None or low is None or sub - low < 3.0:
        return ()
    return (Band(kind="high_pass", frequency_hz=30.0, slope_db_per_octave=24 if amount >= 1 else 12),)


def _resonances(analysis: Analysis, amount: float) -> tuple[Band, ...]:
    """A narrow cut for each place that stands throughout, most of its height and never more than 12 dB."""
    return tuple(
        Band(
            frequency_hz=round(found["frequency_hz"], 1),
            gain_db=round(-min(_DEEPEST_CUT_DB, found["level_db"] * min(1.0, _OF_ITS_HEIGHT * amount)), 1),
            q=round(min(50.0, max(0.1, found["q"])), 2),
        )
        for found in analysis.curves.get("resonances", ())[:_MOST_RESONANCES]
    )


def _tone(
    analysis: Analysis, target: Target | None, faults: tuple[Band, ...], amount: float
) -> tuple[Band, ...]:
    """Bands that bring the third octaves to their curve, where they are not there yet once the faults are mended."""
    import numpy as np

    from bridge.effects.dsp.fit_bands import bands_db, fit_bands
    from bridge.effects.dsp.tone_curve import tone

    found = tone(analysis, target)
    if found is None or found.is_fine:
        return ()
    rate = analysis.rate or _USUAL_RATE
    mended = replace(found, apart_db=found.apart_db + bands_db(faults, found.centre_hz, rate))
    if mended.is_fine:
        return ()
    wanted = -mended.even_db * min(1.0, amount)
    most = min(_MOST_BANDS - len(faults), int(np.isfinite(wanted).sum()))
    return fit_bands(mended.centre_hz, wanted, rate, most=most, limit_db=_MOST_TONE_DB)


def sections(band: Band, rate: int) -> list[object]:
    """A band's biquads; none where it does nothing (0 dB)."""
    from bridge.effects.dsp import biquad

    frequency = min(band.frequency_hz, HIGHEST_OF_RATE * rate)
    if band.is_pass:
        build = biquad.high_pass if band.kind == "high_pass" else biquad.low_pass
        qs = biquad.BUTTERWORTH_4 if band.slope_db_per_octave == 24 else biquad.BUTTERWORTH_2
        return [build(frequency, q, rate) for q in qs]
    if band.gain_db == 0.0:
        return []
    shape = {"bell": biquad.bell, "low_shelf": biquad.low_shelf, "high_shelf": biquad.high_shelf}[band.kind]
    return [shape(frequency, band.gain_db, band.q, rate)]
