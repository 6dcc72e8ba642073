"""Compressor, Glue Compressor, Limiter and Gate of Live."""

from __future__ import annotations

from bridge.daws.ableton.reading import displayed, named, step, switch, there
from bridge.daws.table import Present, Setting, Translated, unmet
from bridge.effects.compressor import Compressor
from bridge.effects.effect import Effect
from bridge.effects.gate import Gate
from bridge.effects.limiter import Limiter

_GLUE_ATTACK_MS = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_GLUE_RELEASE_MS = (100.0, 200.0, 400.0, 600.0, 800.0, 1200.0)
_GLUE_RATIO = (2.0, 4.0, 10.0)
_LOOKAHEAD_MS = (0.0, 1.0, 10.0)
_TRUE_PEAK = 2.0
"""Position in the Limiter's list of modes (standard, soft clip, true peak), from Live 12.1."""
_DEEPEST_FLOOR_DB = 75.0
_HARD = 10.0
"""Ratio from which our expander is a gate."""


def compressor(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Compressor)
    ahead, far = step("LookAhead", _LOOKAHEAD_MS, effect.lookahead_ms, "lookahead_ms", "ms")
    settings = (
        displayed("Threshold", effect.threshold_db, "threshold_db", "dBFS"),
        displayed("Ratio", effect.ratio, "ratio", ":1"),
        displayed("Attack", effect.attack_ms, "attack_ms", "ms"),
        displayed("Release", effect.release_ms, "release_ms", "ms"),
        displayed("Knee", effect.knee_db, "knee_db", "dB"),
        displayed(named(present, "Output", "Output Gain"), effect.makeup_db, "makeup_db", "dB"),
        displayed("Dry/Wet", 100 * effect.mix, "mix", "%", effect.mix),
        Setting("Model", 1.0 if effect.detector == "rms" else 0.0, "detector", effect.detector),
        *there(
            present,
            ahead,
            switch("Makeup", False, "makeup_db"),
            switch("Auto Release On/Off", False, "release_ms"),
        ),
    )
    return Translated(settings, (*_not_in_live(effect), *([far] if far else [])))


def _not_in_live(effect: Compressor) -> tuple[str, ...]:
    return unmet(
        {
            "its make-up is measured on the sound": effect.auto_makeup,
            "its detector's filter stays as it is": effect.detector_high_pass_hz > 0,
            "it raises nothing from below": effect.upward_db > 0,
            "its ratio is found on the sound": effect.range_target_lu is not None,
        }
    )


def glue(effect: Effect, present: Present) -> Translated:
    """Its attack, release and ratio have steps."""
    assert isinstance(effect, Compressor)
    stepped = (
        step("Attack", _GLUE_ATTACK_MS, effect.attack_ms, "attack_ms", "ms"),
        step("Release", _GLUE_RELEASE_MS, effect.release_ms, "release_ms", "ms"),
        step("Ratio", _GLUE_RATIO, effect.ratio, "ratio", ":1"),
    )
    settings = (
        displayed("Threshold", effect.threshold_db, "threshold_db", "dBFS"),
        displayed(named(present, "Output", "Makeup"), effect.makeup_db, "makeup_db", "dB"),
        displayed("Dry/Wet", 100 * effect.mix, "mix", "%", effect.mix),
        *(setting for setting, _ in stepped),
    )
    left = (*_not_in_live(effect), *(told for _, told in stepped if told), "its knee is fixed")
    return Translated(settings, left)


def limiter(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Limiter)
    mode = present.get("Mode")
    true_peak = mode is not None and mode.high >= _TRUE_PEAK
    settings = (
        displayed("Ceiling", effect.ceiling_dbtp, "ceiling_dbtp", "dBTP"),
        displayed(named(present, "Release", "Release time"), effect.release_ms, "release_ms", "ms"),
        *there(present, switch("Auto", False, "release_ms"), switch("Maximize On", False, "ceiling_dbtp")),
        *([Setting("Mode", _TRUE_PEAK, "ceiling_dbtp", "true peak")] if true_peak else []),
    )
    left = {"in this version of Live it holds samples, not true peaks, under the ceiling": not true_peak}
    return Translated(settings, unmet(left))


def gate(effect: Effect, present: Present) -> Translated:
    """Return is how far under the threshold it stays open; floor how far it closes."""
    assert isinstance(effect, Gate)
    floor_db = min(effect.range_db, _DEEPEST_FLOOR_DB)
    settings = (
        displayed("Threshold", effect.threshold_db, "threshold_db", "dBFS"),
        displayed("Attack", effect.attack_ms, "attack_ms", "ms"),
        displayed("Hold", effect.hold_ms, "hold_ms", "ms"),
        displayed("Release", effect.release_ms, "release_ms", "ms"),
        displayed("Return", effect.hysteresis_db, "hysteresis_db", "dB"),
        Setting("Floor", -floor_db, "range_db", effect.range_db, "dB"),
        *there(present, Setting("FlipMode", 0.0, "threshold_db", "normal")),
    )
    left = {
        f"it is a gate, no expander of {effect.ratio:g}:1": effect.ratio < _HARD,
        "its look-ahead stays as it is": effect.lookahead_ms > 0,
    }
    return Translated(settings, unmet(left))
