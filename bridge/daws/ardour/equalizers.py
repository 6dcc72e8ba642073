"""Parametric equalizers with a fixed number of bands: our bands find free ones, and no band that somebody has set is
taken.

What a device calls bandwidth or the frequency of a shelf is not always what we mean by it. The relations below are held
to the response that each device has in an export (tests/daws/ardour/test_sound.py): within 0.1 dB at 48 kHz.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridge.daws.table import Present, Setting, Translated
from bridge.effects.effect import Effect
from bridge.effects.equalizer import Band, Equalizer, Kind
from bridge.units import octaves_from_q

_RATE = 48_000.0
"""Where a device's curve depends on the rate, this one is taken: a DAW does not tell its rate with a parameter."""

Of = Callable[[Band], float]
"""What a device's parameter must be for a band."""


def _frequency(band: Band) -> float:
    return band.frequency_hz


@dataclass(frozen=True)
class Slot:
    """One band of the device. gain: empty for a pass, whose `on` says whether it is free. width: empty where it is
    fixed, at `only_q`. low_hz, high_hz: what its frequency reaches. also: further parameters and what they must be.
    slope_db: of a pass."""

    kind: Kind
    frequency: str
    gain: str = ""
    width: str = ""
    on: str = ""
    low_hz: float = 20.0
    high_hz: float = 20_000.0
    frequency_of: Of = _frequency
    width_of: Of | None = None
    only_q: float | None = None
    also: tuple[tuple[str, float], ...] = ()
    slope_db: int = 12

    def free(self, present: Present) -> bool:
        if self.gain:
            return self.gain in present and present[self.gain].same(present[self.gain].value, 0.0)
        return self.on in present and present[self.on].value == 0

    def takes(self, band: Band) -> bool:
        if band.is_pass and band.slope_db_per_octave != self.slope_db:
            return False
        return band.kind == self.kind and self.low_hz <= self.frequency_of(band) <= self.high_hz


def _ace_low(band: Band) -> float:
    """ACE EQ's shelves reach half of their gain not at their frequency, but a fourth root of the gain away."""
    return _beside(band.frequency_hz, -band.gain_db)


def _ace_high(band: Band) -> float:
    return _beside(band.frequency_hz, band.gain_db)


def _beside(frequency_hz: float, gain_db: float) -> float:
    """On the bilinear transform's axis."""
    moved = math.tan(math.pi * min(frequency_hz, 0.45 * _RATE) / _RATE) * 10 ** (gain_db / 80)
    return _RATE / math.pi * math.atan(moved)


def _fil4_bell(band: Band) -> float:
    """Its bandwidth is a seventh of the angle that the cookbook's alpha has; below 1 kHz that is 0.449 / Q."""
    part = band.frequency_hz / _RATE
    return math.sin(2 * math.pi * part) / (14 * part * band.q)


def _fil4_shelf(band: Band) -> float:
    """0.0625 to 4 there is a Q of 0.24 to 1.99."""
    return (band.q - 0.2129) * 2.25


_ACE_SHELF_Q = math.sqrt(0.5)

ACE_EQ = (
    Slot("low_shelf", "Frequency L", "Gain L", on="Filter L", frequency_of=_ace_low, only_q=_ACE_SHELF_Q),
    *(
        Slot(
            "bell",
            f"Frequency {n}",
            f"Gain {n}",
            f"Bandwidth {n}",
            f"Filter {n}",
            width_of=lambda band: octaves_from_q(band.q),
        )
        for n in (1, 2, 3, 4)
    ),
    Slot("high_shelf", "Frequency H", "Gain H", on="Filter H", frequency_of=_ace_high, only_q=_ACE_SHELF_Q),
)

_FIL4_BELLS = ((20.0, 2000.0), (40.0, 4000.0), (100.0, 10_000.0), (200.0, 20_000.0))

_BUTTERWORTH = 0.719
"""Resonance of fil4's high-pass at which it is a Butterworth of two poles."""


def _fil4_end(kind: Kind, name: str, low_hz: float, high_hz: float) -> Slot:
    called = (f"{name} Frequency", f"{name} Gain", f"{name} Bandwidth", name)
    return Slot(kind, *called, low_hz, high_hz, width_of=_fil4_shelf)


FIL4 = (
    Slot(
        "high_pass",
        "Highpass Frequency",
        on="Highpass",
        low_hz=10.0,
        high_hz=1000.0,
        also=(("HighPass Resonance", _BUTTERWORTH),),
    ),
    _fil4_end("low_shelf", "Lowshelf", 25.0, 400.0),
    *(
        Slot(
            "bell",
            f"Frequency {n}",
            f"Gain {n}",
            f"Bandwidth {n}",
            f"Section {n}",
            low,
            high,
            width_of=_fil4_bell,
        )
        for n, (low, high) in enumerate(_FIL4_BELLS, 1)
    ),
    _fil4_end("high_shelf", "Highshelf", 1000.0, 16_000.0),
)
"""Without its low-pass, which is no Butterworth at any resonance."""


def banded(slots: Sequence[Slot]) -> Callable[[Effect, Present], Translated]:
    """The translation of an equalizer to a device with these bands."""

    def translate(effect: Effect, present: Present) -> Translated:
        assert isinstance(effect, Equalizer)
        free = [slot for slot in slots if slot.free(present)]
        settings: list[Setting] = []
        left: list[str] = []
        for number, band in enumerate(effect.bands, 1):
            slot = next((slot for slot in free if slot.takes(band)), None)
            if slot is None:
                left.append(f"no free band for {band.describe()}")
                continue
            free.remove(slot)
            settings += _settings(slot, band, number)
            if slot.only_q is not None and not math.isclose(band.q, slot.only_q, rel_tol=0.02):
                left.append(f"its shelves have a Q of {slot.only_q:.2f}, not {band.q:.2g}")
        return Translated(tuple(settings), tuple(left))

    return translate


def _settings(slot: Slot, band: Band, number: int) -> list[Setting]:
    of = f"bands[{number}]"
    hertz = slot.frequency_of(band)
    found = [Setting(slot.frequency, hertz, f"{of}.frequency_hz", band.frequency_hz, "Hz")]
    if slot.gain:
        found.append(Setting(slot.gain, band.gain_db, f"{of}.gain_db", band.gain_db, "dB"))
    if slot.width and slot.width_of is not None:
        found.append(Setting(slot.width, slot.width_of(band), f"{of}.q", band.q, ""))
    found += [Setting(name, value, of, "Butterworth") for name, value in slot.also]
    if slot.on:
        found.append(Setting(slot.on, 1.0, of, "on"))
    return found
