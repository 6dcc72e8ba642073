"""Our effects on plugins that come with Ardour or with x42-plugins, by the names and units of their descriptors."""

from __future__ import annotations

from bridge.daws.ardour.equalizers import ACE_EQ, FIL4, banded
from bridge.daws.link import GAIN, MIXER, PAN
from bridge.daws.table import Present, Row, Setting, Table, Translated
from bridge.effects.compressor import Compressor
from bridge.effects.effect import Effect
from bridge.effects.gain import Gain
from bridge.effects.limiter import Limiter
from bridge.effects.pan import Pan

_KNEE_DB = 8.0
"""Widest knee of the ACE Compressor."""


def _gain(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Gain)
    return Translated((Setting(GAIN, effect.gain_db, "gain_db", effect.gain_db, "dB", relative=True),))


def _pan(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Pan)
    return Translated((Setting(PAN, effect.position, "position", effect.position, "%"),))


def _ace_compressor(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Compressor)
    settings = (
        Setting("Threshold", effect.threshold_db, "threshold_db", effect.threshold_db, "dBFS"),
        Setting("Ratio", effect.ratio, "ratio", effect.ratio, ":1"),
        Setting("Attack", effect.attack_ms, "attack_ms", effect.attack_ms, "ms"),
        Setting("Release", effect.release_ms, "release_ms", effect.release_ms, "ms"),
        Setting("Knee", min(effect.knee_db, _KNEE_DB), "knee_db", effect.knee_db, "dB"),
        Setting("Makeup", effect.makeup_db, "makeup_db", effect.makeup_db, "dB"),
    )
    wants = {
        "its make-up is measured on the sound": effect.auto_makeup,
        "it has no parallel mix": effect.mix < 1,
        "it does not look ahead": effect.lookahead_ms > 0,
        "its detector has no high-pass": effect.detector_high_pass_hz > 0,
        "it raises nothing from below": effect.upward_db > 0,
        "its ratio is found on the sound": effect.range_target_lu is not None,
    }
    return Translated(settings, tuple(why for why, wanted in wants.items() if wanted))


def _dpl(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Limiter)
    return Translated(
        (
            Setting("Threshold", effect.ceiling_dbtp, "ceiling_dbtp", effect.ceiling_dbtp, "dBTP"),
            Setting("Release Time", effect.release_ms / 1000, "release_ms", effect.release_ms, "ms"),
            Setting("True Peak", 1.0, "ceiling_dbtp", "true peak", ""),
        )
    )


_DPL = "x42-dpl - Digital Peak Limiter {}"
_FIL4 = "x42-eq - Parametric Equalizer {}"

TABLE: Table = (
    Row("gain", MIXER, _gain),
    Row("pan", MIXER, _pan),
    Row("equalizer", "ACE EQ", banded(ACE_EQ)),
    *(Row("equalizer", _FIL4.format(width), banded(FIL4)) for width in ("Stereo", "Mono")),
    Row("compressor", "ACE Compressor", _ace_compressor),
    Row("compressor", "ACE Compressor (stereo)", _ace_compressor),
    *(Row("limiter", _DPL.format(width), _dpl) for width in ("Stereo", "Mono")),
)
