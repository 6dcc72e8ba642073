"""By what a word of taste shows in the rendered sound, so that it can be proven: a reading, or a region of the spectrum
against the rest of it."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from bridge.analysis.reading import Analysis
from bridge.planning.value import Value

_WHOLE_HZ = (17.8, 22400.0)
"""Outer edges of the third octaves at 20 Hz and 20 kHz."""
_HALF_BAND = 10**0.05
"""From the centre of a third octave to its edge (IEC 61260-1:2014, base ten)."""

Region = tuple[float, float]


class Shows(Value):
    """Either `metric` or `band_hz`.

    metric: a reading. band_hz: low and high end of a region, whose level is taken in dB against `against_hz`, or where
    that is not said against all the rest of the spectrum.
    sign: 1 where more of the property raises the figure, -1 where it lowers it.
    """

    metric: str | None = None
    band_hz: Region | None = None
    against_hz: Region | None = None
    sign: Literal[1, -1] = 1

    @model_validator(mode="after")
    def _one_figure(self) -> Shows:
        if (self.metric is None) == (self.band_hz is None):
            raise ValueError("shows_in is either a metric or a band_hz")
        if self.against_hz is not None and self.band_hz is None:
            raise ValueError("against_hz belongs to a band_hz")
        if any(low >= high for low, high in (self.band_hz or (0, 1), self.against_hz or (0, 1))):
            raise ValueError("a region begins below its end")
        return self

    @property
    def unit(self) -> str:
        from bridge.analysis.metrics import unit_of  # 60 files that hearing words does not need

        return "dB" if self.metric is None else unit_of(self.metric)

    @property
    def title(self) -> str:
        """For people: "crest factor", "120 to 350 Hz against the rest"."""
        if self.metric is not None:
            return self.metric.replace("_", " ")
        rest = _span(self.against_hz) if self.against_hz else "the rest"
        return f"{_span(self.band_hz or (0, 0))} against {rest}"

    def read(self, analysis: Analysis) -> float | None:
        """The figure of a sound in `unit`; None where it cannot be measured (width of a mono sound, silence)."""
        if self.metric is not None:
            return analysis.number(self.metric)
        spectrum = analysis.curves.get("spectrum")
        return _against(spectrum, self.band_hz, self.against_hz) if spectrum and self.band_hz else None

    def moved(self, before: Analysis, after: Analysis) -> float | None:
        """How much more of the property there is after than before, in `unit`: positive is more of it whatever the
        `sign`. None where either cannot be measured."""
        one, two = self.read(before), self.read(after)
        return None if one is None or two is None else self.sign * (two - one)


def _span(region: Region) -> str:
    low_hz, high_hz = region
    return f"{low_hz:g} to {high_hz:g} Hz"


def _against(spectrum: dict[str, list[float | None]], region: Region, against: Region | None) -> float | None:
    """Power of the third octaves (centres in Hz, levels in dB) in a region over that in the other, in dB."""
    inside = outside = 0.0
    for centre_hz, level_db in zip(spectrum["centre_hz"], spectrum["level_db"], strict=True):
        if centre_hz is None or level_db is None:
            continue
        power = 10.0 ** (level_db / 10)
        share = _shared(centre_hz, region)
        inside += share * power
        outside += (1 - share if against is None else _shared(centre_hz, against)) * power
    return 10.0 * math.log10(inside / outside) if inside > 0 and outside > 0 else None


def _shared(centre_hz: float, region: Region) -> float:
    """What part of a third octave lies in the region, by octaves."""
    low_hz = max(centre_hz / _HALF_BAND, region[0], _WHOLE_HZ[0])
    high_hz = min(centre_hz * _HALF_BAND, region[1], _WHOLE_HZ[1])
    return max(0.0, math.log(high_hz / low_hz) / (2 * math.log(_HALF_BAND))) if high_hz > low_hz else 0.0
