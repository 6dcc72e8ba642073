"""Our effects on the effects that come with REAPER, by the names of their parameters and what these display.

Values are what is displayed; the script finds the raw value by bisecting on it. Names: public ReaScripts for REAPER 6
and 7. Where versions name a parameter differently, all names stand here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from bridge.daws.link import GAIN, MIXER, PAN
from bridge.daws.reaper.orders import Band, Choice, Wanted
from bridge.daws.table import unmet
from bridge.effects.compressor import Compressor
from bridge.effects.delay import Delay
from bridge.effects.effect import Effect
from bridge.effects.equalizer import Equalizer
from bridge.effects.gain import Gain
from bridge.effects.gate import Gate
from bridge.effects.limiter import Limiter
from bridge.effects.pan import Pan
from bridge.effects.reverb import Reverb
from bridge.reports.exchange.reaeq import BUTTERWORTH
from bridge.units import db_from_gain, octaves_from_q

BAND_TYPES: Final = {"high_pass": 0, "low_shelf": 1, "bell": 2, "high_shelf": 4, "low_pass": 5}
"""REAPER's numbers (TrackFX_GetEQParam)."""
OFF_DB = -150.0
"""Displayed as -inf."""
_COMBS_S = 0.0308
"""Mean delay of the comb filters that ReaVerbate's kind of reverb (Freeverb) has."""


def _wanted(names: str, value: float, of: str, unit: str = "", said: str = "") -> Wanted:
    """names: separated by "|". of: our parameter. said: our value, where it is another."""
    return Wanted(names=tuple(names.split("|")), value=value, unit=unit, of=f"{of} {said or f'{value:g}'}")


def _decibels(amplitude: float) -> float:
    db = db_from_gain(amplitude)
    return OFF_DB if db is None else db


def _gain(effect: Effect) -> Choice:
    assert isinstance(effect, Gain)
    return Choice(
        device=MIXER, settings=(_wanted(GAIN, effect.gain_db, "gain_db", "dB").relative_to_present(),)
    )


def _pan(effect: Effect) -> Choice:
    assert isinstance(effect, Pan)
    return Choice(device=MIXER, settings=(_wanted(PAN, effect.position, "position", "%"),))


def _equalizer(effect: Effect) -> Choice:
    assert isinstance(effect, Equalizer)
    bands = tuple(
        Band(
            type=BAND_TYPES[band.kind],
            frequency_hz=band.frequency_hz,
            gain_db=None if band.is_pass else band.gain_db,
            octaves=octaves_from_q(q),
            of=f"bands[{number}]",
        )
        for number, band in enumerate(effect.bands, 1)
        for q in (BUTTERWORTH[band.slope_db_per_octave] if band.is_pass else (band.q,))
    )
    return _rea("ReaEQ", bands=bands)


def _compressor(effect: Effect) -> Choice:
    assert isinstance(effect, Compressor)
    settings = [
        _wanted("Threshold|Thresh", effect.threshold_db, "threshold_db", "dB"),
        _wanted("Ratio", effect.ratio, "ratio", ":1"),
        _wanted("Attack", effect.attack_ms, "attack_ms", "ms"),
        _wanted("Release", effect.release_ms, "release_ms", "ms"),
        _wanted("Pre-comp", effect.lookahead_ms, "lookahead_ms", "ms"),
        _wanted("Knee|Knee size", effect.knee_db, "knee_db", "dB"),
        _wanted("RMS size|RMS", 10.0 if effect.detector == "rms" else 0.0, "detector", "ms", effect.detector),
        _wanted("Hipass|Highpass", effect.detector_high_pass_hz, "detector_high_pass_hz", "Hz"),
        _wanted("Wet", _decibels(effect.mix) + effect.makeup_db, "mix, makeup_db", "dB", f"{effect.mix:g}"),
    ]
    if effect.mix < 1:
        settings.append(_wanted("Dry", _decibels(1 - effect.mix), "mix", "dB", f"{effect.mix:g}"))
    left = unmet(
        {
            "its make-up is measured on the sound": effect.auto_makeup,
            "it raises nothing from below": effect.upward_db > 0,
            "its ratio is found on the sound": effect.range_target_lu is not None,
        }
    )
    return _rea("ReaComp", tuple(settings), left=left)


def _limiter(effect: Effect) -> Choice:
    """Threshold and ceiling are equal, or it would make louder."""
    assert isinstance(effect, Limiter)
    return _rea(
        "ReaLimit",
        (
            _wanted("Threshold", effect.ceiling_dbtp, "ceiling_dbtp", "dB"),
            _wanted("Brickwall ceiling|Ceiling|Brickwall", effect.ceiling_dbtp, "ceiling_dbtp", "dB"),
            _wanted("Release", effect.release_ms, "release_ms", "ms"),
        ),
        left=("true peaks are limited only where its switch is on; set it by hand",),
    )


def _gate(effect: Effect) -> Choice:
    assert isinstance(effect, Gate)
    settings = (
        _wanted("Threshold|Thresh", effect.threshold_db, "threshold_db", "dB"),
        _wanted("Attack", effect.attack_ms, "attack_ms", "ms"),
        _wanted("Release", effect.release_ms, "release_ms", "ms"),
        _wanted("Hold", effect.hold_ms, "hold_ms", "ms"),
        _wanted("Pre-open", effect.lookahead_ms, "lookahead_ms", "ms"),
        _wanted("Hysteresis", -effect.hysteresis_db, "hysteresis_db", "dB", f"{effect.hysteresis_db:g}"),
        _wanted("Dry", -effect.range_db, "range_db", "dB", f"{effect.range_db:g}"),
    )
    return _rea(
        "ReaGate", settings, left=unmet({"it gates and does not expand by a ratio": effect.ratio < 10})
    )


def _delay(effect: Effect) -> Choice:
    assert isinstance(effect, Delay)
    beat_ms = 60_000 * effect.note_beats / effect.tempo_bpm if effect.tempo_bpm > 0 else 0.0
    time_ms = beat_ms or effect.time_ms
    settings = [
        _wanted("1: Length (musical)|Length (musical)", 0.0, "time_ms", "", f"{time_ms:g}"),
        _wanted("1: Length (time)|Length (time)", time_ms, "time_ms", "ms"),
        _wanted("1: Feedback|Feedback", _decibels(effect.feedback), "feedback", "dB", f"{effect.feedback:g}"),
        _wanted("Wet", _decibels(effect.mix), "mix", "dB", f"{effect.mix:g}"),
        _wanted("Dry", _decibels(1 - effect.mix), "mix", "dB", f"{effect.mix:g}"),
    ]
    if effect.low_cut_hz > 0:
        settings.append(_wanted("1: Hipass|Hipass", effect.low_cut_hz, "low_cut_hz", "Hz"))
    if effect.high_cut_hz > 0:
        settings.append(_wanted("1: Lowpass|Lowpass", effect.high_cut_hz, "high_cut_hz", "Hz"))
    return _rea(
        "ReaDelay", tuple(settings), left=unmet({"its echoes do not alternate sides": effect.ping_pong})
    )


def _reverb(effect: Effect) -> Choice:
    assert isinstance(effect, Reverb)
    wet, dry = _decibels(math.sin(effect.mix * math.pi / 2)), _decibels(math.cos(effect.mix * math.pi / 2))
    feedback = 10 ** (-3 * _COMBS_S / effect.decay_s)
    size = min(max((feedback - 0.7) / 0.28, 0.0), 1.0)
    settings = [
        _wanted("Wet", wet, "mix", "dB", f"{effect.mix:g}"),
        _wanted("Dry", dry, "mix", "dB", f"{effect.mix:g}"),
        _wanted("Room size", 100 * size, "decay_s", "%", f"{effect.decay_s:g}"),
        _wanted("Dampening", 100 * effect.damping, "damping", "%", f"{effect.damping:g}"),
        _wanted("Stereo width", effect.room_width, "room_width"),
        _wanted("Initial delay", effect.pre_delay_ms, "pre_delay_ms", "ms"),
    ]
    if effect.high_cut_hz > 0:
        settings.append(_wanted("Lowpass", effect.high_cut_hz, "high_cut_hz", "Hz"))
    if effect.low_cut_hz > 0:
        settings.append(_wanted("Hipass", effect.low_cut_hz, "low_cut_hz", "Hz"))
    return _rea(
        "ReaVerbate", tuple(settings), left=("it knows a size and no decay time; listen to its length",)
    )


def _rea(
    device: str,
    settings: tuple[Wanted, ...] = (),
    *,
    bands: tuple[Band, ...] = (),
    left: tuple[str, ...] = (),
) -> Choice:
    return Choice(
        device=device, insert=f"{device} (Cockos)", settings=settings, bands=bands, left=tuple(left)
    )


TRANSLATIONS: Final[dict[str, Callable[[Effect], Choice]]] = {
    "gain": _gain,
    "pan": _pan,
    "equalizer": _equalizer,
    "compressor": _compressor,
    "limiter": _limiter,
    "gate": _gate,
    "delay": _delay,
    "reverb": _reverb,
}


def choices(effect: Effect) -> Iterator[Choice]:
    """What of REAPER can do this effect, the preferred one first; nothing where it is rendered instead."""
    translate = TRANSLATIONS.get(effect.name)
    if translate is not None:
        yield translate(effect)
