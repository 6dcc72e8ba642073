"""Our bands on EQ Eight: any of its eight can be of any kind; those that somebody has set are not taken."""

from __future__ import annotations

from bridge.daws.ableton.reading import displayed, named
from bridge.daws.link import Parameter
from bridge.daws.table import Present, Setting, Translated
from bridge.effects.effect import Effect
from bridge.effects.equalizer import Band, Equalizer

KINDS = {"high_pass": 1, "low_shelf": 2, "bell": 3, "high_shelf": 5, "low_pass": 6}
"""Positions in the list of filter types; both passes are those of 12 dB per octave."""
_WITH_GAIN = (2, 3, 5)
_BUTTERWORTH = {12: (0.7071,), 24: (0.5412, 1.3066)}
"""Q of each second-order section of a pass (-3 dB at its frequency); 24 dB per octave is two bands in series."""
_BANDS = range(1, 9)


def eq_eight(effect: Effect, present: Present) -> Translated:
    """Bands A: those of the left or mid, where the device does not work in stereo."""
    assert isinstance(effect, Equalizer)
    free = [band for band in _BANDS if _free(band, present)]
    settings: list[Setting] = []
    left: list[str] = []
    if len(free) == len(_BANDS) and effect.bands:
        settings.append(Setting("Adaptive Q", 0.0, "bands", "off: Q does not follow the gain"))
    for number, band in enumerate(effect.bands, 1):
        qs = _BUTTERWORTH[band.slope_db_per_octave] if band.is_pass else (band.q,)
        if len(qs) > len(free):
            left.append(f"no free band for {band.describe()}")
            continue
        for q in qs:
            settings += _settings(free.pop(0), band, q, f"bands[{number}]", present)
    return Translated(tuple(settings), tuple(left))


def _free(band: int, present: Present) -> bool:
    on, kind, gain = (present.get(f"{band} {what} A") for what in ("Filter On", "Filter Type", "Gain"))
    if on is None or kind is None or gain is None:
        return False
    return on.value == 0 or (kind.value in _WITH_GAIN and gain.same(gain.value, 0.0))


def _settings(slot: int, band: Band, q: float, of: str, present: Present) -> list[Setting]:
    """Its gain is told raw where it goes from -15 to 15, which are dB."""
    found = [
        Setting(f"{slot} Filter Type A", float(KINDS[band.kind]), of, band.kind),
        displayed(f"{slot} Frequency A", band.frequency_hz, f"{of}.frequency_hz", "Hz"),
        displayed(named(present, f"{slot} Q A", f"{slot} Resonance A"), q, f"{of}.q", "", round(q, 2)),
    ]
    if not band.is_pass:
        gain = f"{slot} Gain A"
        found.append(
            Setting(
                gain, band.gain_db, f"{of}.gain_db", band.gain_db, "dB", by_display=not _in_db(present[gain])
            )
        )
    found.append(Setting(f"{slot} Filter On A", 1.0, of, "on"))
    return found


def _in_db(gain: Parameter) -> bool:
    return gain.high > 1 and gain.low == -gain.high
