"""Our effects on plugins that come with Ardour or with x42-plugins, by the names and units of their descriptors."""

from __future__ import annotations

import math

from bridge.daws.ardour.equalizers import ACE_EQ, FIL4, banded
from bridge.daws.ardour.link import BALANCE
from bridge.daws.link import GAIN, MIXER, PAN
from bridge.daws.table import Present, Row, Setting, Table, Translated, unmet
from bridge.effects.balance import Balance
from bridge.effects.compressor import Compressor
from bridge.effects.delay import Delay
from bridge.effects.effect import Effect
from bridge.effects.gain import Gain
from bridge.effects.gate import Gate
from bridge.effects.limiter import Limiter
from bridge.effects.pan import Pan

_KNEE_DB = 6.0
"""Width of the knee that 1 on the ACE Compressor's or Expander's Knee is (measured): its 0 to 8 are 0 to 48 dB."""

_WAVES_MS = 25.0
"""A hold up to this bridges the waves of a sound and is no wish of its own."""
_PASSES_DB = 0.3
"""By which true peaks of full-scale white noise pass what dpl is set to: 0.27 dB was measured."""
_CLOSED_DB = 60.0
"""A gate that closes by this and more is shut."""


def _gain(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Gain)
    return Translated((Setting(GAIN, effect.gain_db, "gain_db", effect.gain_db, "dB", relative=True),))


def _pan(effect: Effect, present: Present) -> Translated:
    """Of a mono track, whose far side is up to 1 dB louder in Ardour than with our law."""
    assert isinstance(effect, Pan)
    if PAN not in present:
        why = "Ardour's panner of a stereo track only turns down the far side, and what is there goes lost"
        return Translated((), (f"{why}; render it to a file",))
    return Translated((Setting(PAN, effect.position, "position", effect.position, "%"),))


def _balance(effect: Effect, present: Present) -> Translated:
    """Ardour turns the far side down alone; half of that, added to both, is what ours does."""
    assert isinstance(effect, Balance)
    if BALANCE not in present:
        return Translated((), ("a mono track has no sides to balance",))
    apart_db = effect.right_over_left_db
    percent = math.copysign(100 * (1 - 10 ** (-abs(apart_db) / 20)), apart_db)
    of = ("right_over_left_db", apart_db, "dB")
    return Translated((Setting(BALANCE, percent, *of), Setting(GAIN, abs(apart_db) / 2, *of, relative=True)))


def _ace_compressor(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Compressor)
    settings = (
        Setting("Threshold", effect.threshold_db, "threshold_db", effect.threshold_db, "dBFS"),
        Setting("Ratio", effect.ratio, "ratio", effect.ratio, ":1"),
        Setting("Attack", effect.attack_ms, "attack_ms", effect.attack_ms, "ms"),
        Setting("Release", effect.release_ms, "release_ms", effect.release_ms, "ms"),
        Setting("Knee", effect.knee_db / _KNEE_DB, "knee_db", effect.knee_db, "dB"),
        Setting("Makeup", effect.makeup_db, "makeup_db", effect.makeup_db, "dB"),
    )
    wants = {
        "its make-up is measured on the sound": effect.auto_makeup,
        "it has no parallel mix": effect.mix < 1,
        "it does not look ahead": effect.lookahead_ms > 0,
        "its detector reads peaks, not means": effect.detector == "rms",
        "its detector has no high-pass": effect.detector_high_pass_hz > 0,
        "it raises nothing from below": effect.upward_db > 0,
        "its ratio is found on the sound": effect.range_target_lu is not None,
    }
    return Translated(settings, unmet(wants))


def _ace_expander(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Gate)
    settings = (
        Setting("Threshold", effect.threshold_db, "threshold_db", effect.threshold_db, "dBFS"),
        Setting("Ratio", effect.ratio, "ratio", effect.ratio, ":1"),
        Setting("Attack", effect.attack_ms, "attack_ms", effect.attack_ms, "ms"),
        Setting("Release", effect.release_ms, "release_ms", effect.release_ms, "ms"),
        Setting("Knee", 0.0, "threshold_db", "without a knee"),
        Setting("Makeup", 0.0, "", "none", "dB"),
    )
    wants = {
        f"it closes by more than {effect.range_db:.0f} dB": effect.range_db < _CLOSED_DB,
        "it has no hold": effect.hold_ms > _WAVES_MS,
        "it has no hysteresis": effect.hysteresis_db > 0,
        "it does not look ahead": effect.lookahead_ms > 0,
    }
    return Translated(settings, unmet(wants))


def _ace_delay(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Delay)
    off = ("Sync BPM", "Invert", "Dotted", "Output Gain")
    settings = (
        Setting("Time", effect.time_ms, "time_ms", effect.time_ms, "ms"),
        Setting("Feedback", 100 * effect.feedback, "feedback", effect.feedback),
        Setting("Dry/Wet", 100 * effect.mix, "mix", effect.mix),
        Setting("LPF", effect.high_cut_hz or 20_000.0, "high_cut_hz", effect.high_cut_hz, "Hz"),
        *(Setting(name, 0.0, "", "off") for name in off),
    )
    wants = {
        "its high cut works once, not on each repeat": effect.high_cut_hz > 0,
        "it has no low cut": effect.low_cut_hz > 0,
        "its echoes do not change sides": effect.ping_pong,
    }
    return Translated(settings, unmet(wants))


def _dpl(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Limiter)
    return Translated(
        (
            Setting(
                "Threshold", effect.ceiling_dbtp - _PASSES_DB, "ceiling_dbtp", effect.ceiling_dbtp, "dBTP"
            ),
            Setting("Release Time", effect.release_ms / 1000, "release_ms", effect.release_ms, "ms"),
            Setting("True Peak", 1.0, "ceiling_dbtp", "true peak", ""),
        )
    )


_DPL = "x42-dpl - Digital Peak Limiter {}"
_FIL4 = "x42-eq - Parametric Equalizer {}"

TABLE: Table = (
    Row("gain", MIXER, _gain),
    Row("pan", MIXER, _pan),
    Row("balance", MIXER, _balance),
    Row("equalizer", "ACE EQ", banded(ACE_EQ)),
    *(Row("equalizer", _FIL4.format(width), banded(FIL4)) for width in ("Stereo", "Mono")),
    Row("compressor", "ACE Compressor", _ace_compressor),
    Row("compressor", "ACE Compressor (stereo)", _ace_compressor),
    Row("gate", "ACE Expander", _ace_expander),
    Row("gate", "ACE Expander (stereo)", _ace_expander),
    Row("delay", "ACE Delay", _ace_delay),
    *(Row("limiter", _DPL.format(width), _dpl) for width in ("Stereo", "Mono")),
)
