"""By what a word of taste shows in the rendered sound, so that it can be proven: a reading, a region of the spectrum
against the rest of it, or how deep the sound falls between its hits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from pydantic import model_validator

from bridge.analysis.reading import Analysis
from bridge.planning.value import Value

_WHOLE_HZ = (17.8, 22400.0)
"""Outer edges of the third octaves at 20 Hz and 20 kHz."""
_HALF_BAND = 10**0.05
"""From the centre of a third octave to its edge (IEC 61260-1:2014, base ten)."""

_DEEPEST_DB = 60.0
"""A pause counts as this far below the mean at most: what lies deeper is nobody's room."""
_SHALLOWEST_DB = 1.5
"""A sound that falls less than this between its hits has no pauses that a room could fill."""
_NOTHING_THERE = {"sibilance": -40.0, "width_mid": -40.0, "width_high": -40.0, "side_to_mid": -40.0}
"""Readings in dB at which a sound has nothing of it: no s bursts out, two channels are one."""

Region = tuple[float, float]


class Shows(Value):
    """One of `metric`, `band_hz` and `figure`.

    metric: a reading. figure: "dips" is how deep the level falls between hits, in dB: level of the mean power less the
    mean of the levels of 85 ms (room fills it), "spread" how far louder and quieter moments of 0.4 s lie apart, in LU
    (standard deviation; compression narrows it). Both are taken over the time of the source: what is behind its end
    (a tail) does not count. band_hz: low and high end of a region, whose level is taken in dB against `against_hz`,
    or where that is not said against all the rest of the spectrum.
    sign: 1 where more of the property raises the figure, -1 where it lowers it.
    """

    metric: str | None = None
    figure: Literal["dips", "spread"] | None = None
    band_hz: Region | None = None
    against_hz: Region | None = None
    sign: Literal[1, -1] = 1

    @model_validator(mode="after")
    def _one_figure(self) -> Shows:
        if sum(each is not None for each in (self.metric, self.figure, self.band_hz)) != 1:
            raise ValueError("shows_in is one of metric, figure and band_hz")
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
        if self.figure is not None:
            return _TITLES[self.figure]
        rest = _span(self.against_hz) if self.against_hz else "the rest"
        return f"{_span(self.band_hz or (0, 0))} against {rest}"

    def read(self, analysis: Analysis, seconds: float | None = None) -> float | None:
        """The figure of a sound in `unit`, over its first `seconds` where it is one of time; None where it cannot be
        measured (width of a mono sound, silence)."""
        if self.metric is not None:
            return analysis.number(self.metric)
        if self.figure is not None:
            return _FIGURES[self.figure](analysis, analysis.seconds if seconds is None else seconds)
        spectrum = analysis.curves.get("spectrum")
        return _against(spectrum, self.band_hz, self.against_hz) if spectrum and self.band_hz else None

    def moved(self, before: Analysis, after: Analysis) -> float | None:
        """How much more of the property there is after than before, in `unit`: positive is more of it whatever the
        `sign`. None where either cannot be measured, and where there was nothing of it: no pauses, no s, no sides."""
        one, two = self.read(before), self.read(after, before.seconds)
        if one is not None and self._nothing_there(one):
            return None
        return None if one is None or two is None else self.sign * (two - one)

    def _nothing_there(self, value: float) -> bool:
        """Whether a sound with this figure has nothing of what it tells, so that more or less of it says nothing."""
        if self.figure == "dips":
            return value < _SHALLOWEST_DB
        return value <= _NOTHING_THERE.get(self.metric or "", -math.inf)


def _dips(analysis: Analysis, seconds: float) -> float | None:
    curve = analysis.curves.get("waveform")
    if not curve:
        return None
    powers = [rms * rms for rms in curve["rms"][: int(seconds / curve["rms_step_s"])]]
    mean = sum(powers) / max(1, len(powers))
    if mean <= 0.0:
        return None
    floor = 10 ** (-_DEEPEST_DB / 10)
    return -sum(10.0 * math.log10(max(power / mean, floor)) for power in powers) / len(powers)


def _spread(analysis: Analysis, seconds: float) -> float | None:
    curve = analysis.curves.get("loudness")
    if not curve:
        return None
    whole = curve["momentary_lufs"][: int(seconds / curve["step_s"])]
    loudest = max((value for value in whole if value is not None), default=None)
    if loudest is None:
        return None
    values = [value for value in whole if value is not None and value > loudest - _DEEPEST_DB]
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


_FIGURES: dict[str, Callable[[Analysis, float], float | None]] = {"dips": _dips, "spread": _spread}
_TITLES = {
    "dips": "how deep the level falls between hits",
    "spread": "how far louder and quieter moments lie apart",
}


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
