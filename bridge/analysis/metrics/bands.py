"""Seven named bands: the share of each in the whole power from 20 Hz to 20 kHz."""

from __future__ import annotations

import math
from typing import ClassVar

from bridge.analysis.metric import Metric
from bridge.analysis.passes import Passes
from bridge.analysis.unmeasurable import SILENCE, Unmeasurable
from bridge.analysis.wording import number
from bridge.units import power_from_db

LOWEST_HZ, HIGHEST_HZ = 20.0, 20000.0


class Band(Metric):
    """Level of one band in dB relative to the total of 20 Hz to 20 kHz; all bands together give 0 dB."""

    unit = "dB"
    source = "Power in the band over power from 20 Hz to 20 kHz, long-term spectrum; own definition"
    needs = ("spectrum",)
    low_hz: ClassVar[float]
    high_hz: ClassVar[float]
    title: ClassVar[str]

    def read(self, passes: Passes) -> float | str:
        if passes.stream.nyquist_hz < math.sqrt(self.low_hz * self.high_hz):
            raise Unmeasurable(f"a rate of {passes.stream.rate} Hz holds too little of this band")
        power = passes.spectrum.total()
        whole = passes.spectrum.between(power, LOWEST_HZ, HIGHEST_HZ)
        band = passes.spectrum.between(power, self.low_hz, self.high_hz)
        if not whole > 0.0:
            raise Unmeasurable(SILENCE)
        if not band > whole * 1e-15:
            raise Unmeasurable("nothing in this band")
        return 10.0 * math.log10(band / whole)

    def explain(self, value: float | str) -> str:
        share = 100 * power_from_db(number(value))
        return f"The {self.title} ({self.low_hz:g} to {self.high_hz:g} Hz) hold {share:.2g} % of the power."


def _band(name: str, low_hz: float, high_hz: float, title: str) -> Band:
    sentence = f"Level of the {title}, {low_hz:g} to {high_hz:g} Hz, relative to the whole."
    kind = type(
        name.title().replace("_", ""),
        (Band,),
        {"name": name, "low_hz": low_hz, "high_hz": high_hz, "title": title, "sentence": sentence},
    )
    made: Band = kind()
    return made


BANDS = (
    _band("band_sub", 20, 60, "lowest bass"),
    _band("band_low", 60, 150, "bass"),
    _band("band_low_mid", 150, 400, "low mids"),
    _band("band_mid", 400, 2000, "mids"),
    _band("band_high_mid", 2000, 5000, "high mids"),
    _band("band_high", 5000, 10000, "highs"),
    _band("band_air", 10000, 20000, "top octave"),
)
