"""Parametric equalizers with a fixed number of bands: our bands find free ones, and no band that somebody has set is
taken."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridge.daws.table import Present, Setting, Translated
from bridge.effects.effect import Effect
from bridge.effects.equalizer import Band, Equalizer, Kind


@dataclass(frozen=True)
class Slot:
    """One band of the device. gain: empty for a pass, whose `on` says whether it is free. width: in octaves; empty
    where it is fixed. low_hz, high_hz: what its frequency reaches."""

    kind: Kind
    frequency: str
    gain: str = ""
    width: str = ""
    on: str = ""
    low_hz: float = 20.0
    high_hz: float = 20_000.0

    def free(self, present: Present) -> bool:
        if self.gain:
            return self.gain in present and present[self.gain].same(present[self.gain].value, 0.0)
        return self.on in present and present[self.on].value == 0

    def takes(self, band: Band) -> bool:
        return band.kind == self.kind and self.low_hz <= band.frequency_hz <= self.high_hz


ACE_EQ = (
    Slot("low_shelf", "Frequency L", "Gain L", on="Filter L"),
    *(Slot("bell", f"Frequency {n}", f"Gain {n}", f"Bandwidth {n}", f"Filter {n}") for n in (1, 2, 3, 4)),
    Slot("high_shelf", "Frequency H", "Gain H", on="Filter H"),
)

_FIL4_BELLS = ((20.0, 2000.0), (40.0, 4000.0), (100.0, 10_000.0), (200.0, 20_000.0))

FIL4 = (
    Slot("high_pass", "Highpass Frequency", on="Highpass", low_hz=5.0, high_hz=1250.0),
    Slot("low_pass", "Lowpass Frequency", on="Lowpass", low_hz=500.0),
    Slot("low_shelf", "Lowshelf Frequency", "Lowshelf Gain", "Lowshelf Bandwidth", "Lowshelf", 25.0, 400.0),
    *(
        Slot("bell", f"Frequency {n}", f"Gain {n}", f"Bandwidth {n}", f"Section {n}", low, high)
        for n, (low, high) in enumerate(_FIL4_BELLS, 1)
    ),
    Slot(
        "high_shelf",
        "Highshelf Frequency",
        "Highshelf Gain",
        "Highshelf Bandwidth",
        "Highshelf",
        1000.0,
        16_000.0,
    ),
)


def octaves(q: float) -> float:
    """Bandwidth of a bell of that Q (R. Bristow-Johnson's audio EQ cookbook, its 2 sinh relation without warping)."""
    return 2 / math.log(2) * math.asinh(1 / (2 * q))


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
        return Translated(tuple(settings), tuple(left))

    return translate


def _settings(slot: Slot, band: Band, number: int) -> list[Setting]:
    of = f"bands[{number}]"
    found = [Setting(slot.frequency, band.frequency_hz, f"{of}.frequency_hz", band.frequency_hz, "Hz")]
    if slot.gain:
        found.append(Setting(slot.gain, band.gain_db, f"{of}.gain_db", band.gain_db, "dB"))
    if slot.width:
        found.append(Setting(slot.width, octaves(band.q), f"{of}.q", band.q, ""))
    if slot.on:
        found.append(Setting(slot.on, 1.0, of, "on"))
    return found
