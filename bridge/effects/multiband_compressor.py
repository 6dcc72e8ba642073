"""Multiband compressor: each part of the spectrum turned down by itself where it is too loud."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from bridge.analysis.reading import Analysis
from bridge.effects.effect import Effect, Stage
from bridge.effects.equalizer import hertz
from bridge.effects.processor import MeasuredSound, Processor
from bridge.effects.quantity import quantity
from bridge.errors import Failed

_HIGHEST_OF_RATE = 0.45
_CREST_DB = 12.0
"""Of a band of lively music; dense music has less."""


class CompressorBand(BaseModel):
    """One band. What it does not name it takes from the effect itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    up_to_hz: Annotated[
        float,
        quantity(
            40, 16000, "Hz", "Where the band ends and the next begins; the last has no end", scale="log"
        ),
    ] = 16000.0
    threshold_db: Annotated[
        float, quantity(-80, 0, "dBFS", "Peak level in the band above which its gain is reduced")
    ] = -24.0
    ratio: Annotated[
        float | None, quantity(1, 20, ":1", "dB over the threshold that become 1 dB", scale="log")
    ] = None
    attack_ms: Annotated[
        float | None, quantity(0.1, 250, "ms", "Time constant of turning down", scale="log")
    ] = None
    release_ms: Annotated[
        float | None, quantity(5, 2500, "ms", "Time constant of coming back", scale="log")
    ] = None
    makeup_db: Annotated[
        float, quantity(-12, 12, "dB", "Gain of the band after its compression", soft=(-6, 6))
    ] = 0.0


EDGES_HZ = (120.0, 1000.0, 5000.0)
"""Bass, body, presence, top."""
_ATTACK_MS, _RELEASE_MS = (25.0, 15.0, 8.0, 4.0), (200.0, 150.0, 110.0, 80.0)
_LEVELS_DB = (-22.0, -24.0, -30.0, -36.0)


def _four(thresholds_db: tuple[float, ...]) -> tuple[CompressorBand, ...]:
    edges = (*EDGES_HZ, 16000.0)
    return tuple(
        CompressorBand(up_to_hz=edge, threshold_db=round(level, 1), attack_ms=attack, release_ms=release)
        for edge, level, attack, release in zip(edges, thresholds_db, _ATTACK_MS, _RELEASE_MS, strict=True)
    )


class MultibandCompressor(Effect):
    """2 to 5 bands with Linkwitz-Riley slopes of 24 dB an octave in zero phase: where nothing is turned down, the very
    same samples come out. In each band one detector for all channels."""

    name: ClassVar[str] = "multiband_compressor"
    title: ClassVar[str] = "Multiband compressor"
    words: ClassVar[tuple[str, ...]] = (
        "multiband compressor", "multiband compression", "multiband", "multi-band", "multi-band compression",
        "multi-band compressor", "multiband compress",
    )  # fmt: skip
    example: ClassVar[str] = "multiband compression 3:1"
    stage: ClassVar[Stage] = "dynamics"
    units: ClassVar[Mapping[str, str]] = {":1": "ratio", "x": "ratio", "%": "mix", "db": "threshold_shift_db"}
    seen_by: ClassVar[str] = "crest_factor"
    refines: ClassVar[tuple[str, ...]] = ("auto_makeup",)

    bands: tuple[CompressorBand, ...] = Field(
        default=_four(_LEVELS_DB), min_length=2, max_length=5, description="Bands, low to high"
    )
    ratio: Annotated[
        float,
        quantity(1, 20, ":1", "dB over a threshold that become 1 dB, in bands that name none", scale="log"),
    ] = 2.0
    attack_ms: Annotated[
        float, quantity(0.1, 250, "ms", "Time constant of turning down, in bands that name none", scale="log")
    ] = 10.0
    release_ms: Annotated[
        float, quantity(5, 2500, "ms", "Time constant of coming back, in bands that name none", scale="log")
    ] = 120.0
    knee_db: Annotated[float, quantity(0, 24, "dB", "Width of the soft bend around the thresholds")] = 6.0
    threshold_shift_db: Annotated[
        float, quantity(-24, 24, "dB", "Moves all thresholds: lower compresses more")
    ] = 0.0
    mix: Annotated[
        float, quantity(0, 1, "", "Share of the compressed sound; below 1 is parallel compression")
    ] = 1.0
    auto_makeup: bool = Field(default=False, description="As loud behind it as before, measured")

    @property
    def hears_first(self) -> bool:
        return self.auto_makeup

    def processor(self, rate: int, channels: int, sound: MeasuredSound | None = None) -> Processor:
        """Raises Failed where make-up shall be found and the sound is not given."""
        if not self.auto_makeup:
            return self._at(rate, channels, 0.0)
        from bridge.effects.dsp.makeup import matching_db

        if sound is None:
            raise Failed("Automatic make-up needs the whole sound; render it instead of streaming it.")
        return self._at(rate, channels, matching_db(sound, self._at(rate, channels, 0.0)))

    def _at(self, rate: int, channels: int, makeup_db: float) -> Processor:
        from bridge.effects.dsp.band_dynamics import BandCompressor, Setting
        from bridge.effects.dsp.zero_phase import BandGain, crossover_weights

        bands = sorted(self.bands, key=lambda band: band.up_to_hz)
        edges = [min(band.up_to_hz, _HIGHEST_OF_RATE * rate) for band in bands[:-1]]
        settings = [
            Setting(
                band.threshold_db + self.threshold_shift_db,
                self.ratio if band.ratio is None else band.ratio,
                self.knee_db,
                self.attack_ms if band.attack_ms is None else band.attack_ms,
                self.release_ms if band.release_ms is None else band.release_ms,
                band.makeup_db,
            )
            for band in bands
        ]
        compress = BandCompressor(settings, rate, self.mix, makeup_db)
        return BandGain(
            rate,
            channels,
            lambda at_hz: crossover_weights(at_hz, edges),
            compress.gains,
            lowest_hz=edges[0],
            names=tuple(_names(edges)),
        )

    @classmethod
    def auto(cls, analysis: Analysis, amount: float = 1.0) -> Self | None:
        """Where peaks stand far above the mean level (crest over 12 dB): in each of four bands a threshold between the
        mean level and the peaks of that band, so that all of them work alike whatever the balance is."""
        crest = analysis.number("crest_factor")
        thresholds = _thresholds_db(analysis)
        if crest is None or crest <= _CREST_DB or thresholds is None or amount <= 0:
            return None
        return cls(bands=_four(thresholds), ratio=round(min(20.0, 1.0 + amount), 2), auto_makeup=True)

    @classmethod
    def asked(cls, analysis: Analysis | None, amount: float = 1.0) -> Self:
        thresholds = _thresholds_db(analysis) if analysis else None
        bands = _four(thresholds or _LEVELS_DB)
        return cls(bands=bands, ratio=round(min(20.0, 1.0 + amount), 2), auto_makeup=True)

    def describe(self) -> str:
        parts = []
        for band in sorted(self.bands, key=lambda band: band.up_to_hz):
            ratio = self.ratio if band.ratio is None else band.ratio
            level = band.threshold_db + self.threshold_shift_db
            parts.append((hertz(band.up_to_hz), f"{ratio:.3g}:1 above {level:.1f} dBFS"))
        last = f"over it {parts[-1][1]}"
        mix = f", {self.mix:.0%} of it" if self.mix < 1 else ""
        loud = ", as loud as before" if self.auto_makeup else ""
        return "; ".join([*(f"up to {edge} {text}" for edge, text in parts[:-1]), last]) + mix + loud


def _names(edges_hz: list[float]) -> list[str]:
    """ "up to 120 Hz", "120 Hz to 1 kHz", "above 1 kHz"."""
    between = [f"{hertz(low)} to {hertz(high)}" for low, high in pairwise(edges_hz)]
    return [f"up to {hertz(edges_hz[0])}", *between, f"above {hertz(edges_hz[-1])}"]


def _thresholds_db(analysis: Analysis) -> tuple[float, ...] | None:
    """Per band its RMS level and a part of the crest above it; None where the spectrum was not measured."""
    rms, curve = analysis.number("rms"), analysis.curves.get("spectrum")
    if rms is None or not curve:
        return None
    crest = analysis.number("crest_factor") or _CREST_DB
    edges = (0.0, *EDGES_HZ, 1e9)
    found = []
    for low, high in pairwise(edges):
        power = sum(
            10 ** (level / 10)
            for hz, level in zip(curve["centre_hz"], curve["level_db"], strict=True)
            if level is not None and low <= hz < high
        )
        level = rms + (10 * math.log10(power) if power > 0 else -60.0) + 0.4 * crest
        found.append(max(-80.0, min(0.0, level)))
    return tuple(found)
