"""Our effects on Live's own devices. Names, ranges and lists of choices are those that Live 12.4 reports (published by
others, see docs/ableton.md), with the names of Live 10 and 11 where they were others. Curves are asked from the
display.
"""

from __future__ import annotations

from bridge.daws.ableton.dynamics import compressor, gate, glue, limiter
from bridge.daws.ableton.equalizer import eq_eight
from bridge.daws.ableton.reading import displayed, named, switch, there
from bridge.daws.link import GAIN, MIXER, PAN
from bridge.daws.table import Present, Row, Setting, Table, Translated, unmet
from bridge.effects.channels import Channels
from bridge.effects.delay import Delay
from bridge.effects.effect import Effect
from bridge.effects.gain import Gain
from bridge.effects.pan import Pan
from bridge.effects.reverb import Reverb
from bridge.effects.saturation import Saturation
from bridge.effects.stereo_width import StereoWidth

_LONGEST_DELAY_MS = 5000.0
_SWAP, _STEREO = 3.0, 1.0
"""Positions in Utility's list of channel modes: left, stereo, right, swap."""


def _gain(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Gain)
    if GAIN not in present:
        return Translated(left=("its fader stands below -18 dB, where AbletonOSC does not tell dB",))
    return Translated((Setting(GAIN, effect.gain_db, "gain_db", effect.gain_db, "dB", relative=True),))


def _pan(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Pan)
    return Translated((Setting(PAN, effect.position, "position", effect.position, "%"),))


def _utility_gain(effect: Effect, present: Present) -> Translated:
    """Only a Utility that stands at 0 dB: what somebody has set there is not ours."""
    assert isinstance(effect, Gain)
    name = named(present, "Output", "Gain")
    if name not in present or present[name].value != 0:
        return Translated(left=("its gain is in use",))
    return Translated((displayed(name, effect.gain_db, "gain_db", "dB"),))


def _width(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, StereoWidth)
    settings = [displayed("Stereo Width", 100 * effect.width, "width", "%", effect.width)]
    if effect.mono_below_hz:
        settings += [
            switch("Bass Mono", True, "mono_below_hz"),
            displayed("Bass Freq", effect.mono_below_hz, "mono_below_hz", "Hz"),
        ]
    left = unmet(
        {
            "it has one width for all frequencies": bool(effect.bands),
            "it makes no side from the mid": effect.decorrelation > 0,
        }
    )
    return Translated(tuple(settings), left)


def _channels(effect: Effect, present: Present) -> Translated:
    assert isinstance(effect, Channels)
    settings = (
        switch("Left Inv", effect.invert != effect.invert_left, "invert_left"),
        switch("Right Inv", effect.invert != effect.invert_right, "invert_right"),
        Setting("Channel Mode", _SWAP if effect.swap else _STEREO, "swap", "on" if effect.swap else "off"),
    )
    return Translated(settings)


def _saturator(effect: Effect, present: Present) -> Translated:
    """Type: soft sine and analogue clip are the first two in every version; the hard curve moved."""
    assert isinstance(effect, Saturation)
    hard = 4.0 if "Type" in present and present["Type"].high >= 7 else 3.0
    kinds = {"soft": 1.0, "tape": 0.0, "transistor": hard, "tube": 0.0}
    settings = (
        displayed("Drive", effect.drive_db, "drive_db", "dB"),
        Setting("Type", kinds[effect.kind], "kind", effect.kind),
        displayed("Dry/Wet", 100 * effect.mix, "mix", "%", effect.mix),
    )
    left = {"its curves are symmetrical: no even harmonics of a tube": effect.kind == "tube"}
    return Translated(settings, unmet(left))


def _reverb(effect: Effect, present: Present) -> Translated:
    """Its display says s, which is read as ms."""
    assert isinstance(effect, Reverb)
    settings = (
        displayed(named(present, "Decay Time", "DecayTime"), 1000 * effect.decay_s, "decay_s", "ms"),
        displayed(named(present, "Predelay", "PreDelay"), effect.pre_delay_ms, "pre_delay_ms", "ms"),
        displayed("Dry/Wet", 100 * effect.mix, "mix", "%", effect.mix),
    )
    usual = Reverb()
    left = {
        "its damping is another one, and stays as it is": effect.damping != usual.damping,
        "its input filter stays as it is": bool(effect.low_cut_hz or effect.high_cut_hz),
        "its stereo image stays as it is": effect.room_width != usual.room_width,
    }
    return Translated(settings, unmet(left))


def _delay(effect: Effect, present: Present) -> Translated:
    """In milliseconds, not synchronized; both sides alike."""
    assert isinstance(effect, Delay)
    time_ms = min(effect.time_ms, _LONGEST_DELAY_MS)
    switches = [switch(name, False, "time_ms") for name in ("L Sync", "R Sync")]
    off = [] if effect.low_cut_hz or effect.high_cut_hz else [switch("Filter On", False, "low_cut_hz")]
    settings = (
        *there(present, *switches, switch("Ping Pong", effect.ping_pong, "ping_pong"), *off),
        *(
            displayed(named(present, f"{side} Time", f"Delay Line {side} Time"), time_ms, "time_ms", "ms")
            for side in "LR"
        ),
        displayed("Feedback", 100 * effect.feedback, "feedback", "%", effect.feedback),
        displayed("Dry/Wet", 100 * effect.mix, "mix", "%", effect.mix),
    )
    left = {"its filter is a band, and stays as it is": not off}
    return Translated(settings, unmet(left))


TABLE: Table = (
    Row("gain", MIXER, _gain),
    Row("gain", "Utility", _utility_gain, insert="Utility"),
    Row("pan", MIXER, _pan),
    Row("equalizer", "EQ Eight", eq_eight, insert="EQ Eight"),
    Row("compressor", "Compressor", compressor, insert="Compressor"),
    Row("compressor", "Glue Compressor", glue),
    Row("limiter", "Limiter", limiter, insert="Limiter"),
    Row("gate", "Gate", gate, insert="Gate"),
    Row("stereo_width", "Utility", _width, insert="Utility"),
    Row("channels", "Utility", _channels, insert="Utility"),
    Row("saturation", "Saturator", _saturator, insert="Saturator"),
    Row("reverb", "Reverb", _reverb, insert="Reverb"),
    Row("delay", "Delay", _delay, insert="Delay"),
)
