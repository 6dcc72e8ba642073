"""Debian's zam plugins as a scan finds them (zam-plugins 4.1), so that plans for them need no plugin."""

from __future__ import annotations

from bridge.bootstrap.players import MappedPlayers, known
from bridge.hosting.mapping import load_maps
from bridge.hosting.record import PluginParameter, PluginRecord
from bridge.planning.context import Context
from bridge.planning.listen import intents_from_words
from bridge.planning.plan import Outcome, Plan
from bridge.planning.planner import respond
from bridge.presets import load_chains, load_lexicon, load_products, load_targets

_COMPRESSOR = """attack_ms 0.1 100 ms; release_ms 1 500 ms; knee_db 0 8 dB; ratio 1 20; threshold_db -80 0 dB;
makeup_db 0 30 dB; slew 1 150; sidechain"""
_GATE = """attack_ms 0.1 500 ms; release_ms 0.1 500 ms; threshold_db -60 0 dB; makeup_db -30 30 dB; sidechain;
max_gate_close_db -50 0 dB; mode_open_shut"""
_EQ = """boost_cut_1_db -50 20 dB; bandwidth_1 0.1 6; frequency_1_hz 20 14000 Hz; boost_cut_2_db -50 20 dB;
bandwidth_2 0.1 6; frequency_2_hz 20 14000 Hz; boost_cut_l_db -50 20 dB; frequency_l_hz 20 14000 Hz;
boost_cut_h_db -50 20 dB; frequency_h_hz 20 14000 Hz; master_gain_db -12 12 dB; peaks_on"""
_DYNAMIC_EQ = """attack_ms 0.1 100 ms; release_ms 1 500 ms; knee_db 0 8 dB; ratio 1 5; threshold_db -80 0 dB;
max_boost_cut_db 0 10 dB; slew 1 150; low_shelf; peak; high_shelf; detect_frequency_hz 20 16000 Hz;
target_frequency_hz 20 16000 Hz; target_width_oct 1 5 oct; boost_cut"""
_MULTIBAND = """attack1_ms 0.1 100 ms; release1_ms 1 500 ms; knee1_db 0 8 dB; ratio1 1 20; threshold_1_db -60 0 dB;
attack2_ms 0.1 100 ms; release2_ms 1 500 ms; knee2_db 0 8 dB; ratio2 1 20; threshold_2_db -60 0 dB; makeup_1_db 0 30 dB;
crossover_freq_1_hz 20 1400 Hz; crossover_freq_2_hz 1400 14000 Hz; master_trim_db -12 12 dB"""

_PLUGINS = {
    "ZamComp": (1, "Fx|Dynamics|Mono", _COMPRESSOR),
    "ZamCompX2": (2, "Fx|Dynamics|Stereo", f"{_COMPRESSOR}; stereo_detection"),
    "ZamGate": (1, "Fx|Dynamics|Mono", _GATE),
    "ZamGateX2": (2, "Fx|Dynamics|Stereo", _GATE),
    "ZaMaximX2": (
        2, "Fx|Dynamics|Stereo", "release_ms 1 100 ms; output_ceiling_db -30 0 dB; threshold_db -30 0 dB",
    ),
    "ZamEQ2": (1, "Fx|EQ|Mono", _EQ),
    "ZamDelay": (
        1, "Fx|Delay|Mono", """invert; time_ms 1 8000 ms; sync_bpm; lpf_hz 20 20000 Hz; divisor 1 5;
        output_gain_db -60 0 dB; dry_wet 0 1; feedback 0 1""",
    ),
    "ZamDynamicEQ": (1, "Fx|EQ|Mono", _DYNAMIC_EQ),
    "ZaMultiComp": (1, "Fx|Dynamics|Mono", _MULTIBAND),
    "ZamGEQ31": (1, "Fx|EQ|Mono", "master_gain_db -30 30 dB; 32hz_db -12 12 dB; 40hz_db -12 12 dB; 50hz_db -12 12 dB"),
    "ZamGrains": (1, "Fx|Delay|Mono", "output_gain_db -60 0 dB; grains 1 100; loop_time_ms 5 1000 ms; freeze"),
    "ZamHeadX2": (2, "Fx|EQ|Stereo", "width 0 2.5"),
    "ZamPhono": (1, "Fx|Tools|Mono", "reproduction_production; phono_filter_type 0 4"),
    "ZamTube": (1, "Fx|Distortion|Mono", "tube_drive 0.1 11; bass 0 10; treble 0 10; input_level -30 30; insane_boost"),
    "ZamAutoSat": (1, "Fx|Dynamics|Mono", ""),
}  # fmt: skip


def _parameter(text: str) -> PluginParameter:
    name, *numbers = text.split()
    if not numbers:
        return PluginParameter(name=name, title=name, kind="switch")
    low, high, *unit = numbers
    return PluginParameter(
        name=name, title=name, kind="number", low=float(low), high=float(high), unit=unit[0] if unit else ""
    )


def record(kind: str, **changes) -> PluginRecord:
    """One of them by name; what is changed may be the name too."""
    channels, category, parameters = _PLUGINS[kind]
    made = tuple(_parameter(text.strip()) for text in parameters.split(";") if text.strip())
    found = {"file": f"/vst3/{kind}.vst3", "name": kind, "status": "ok", "channels": (channels,)}
    return PluginRecord(**{**found, "category": category, "parameters": made, **changes})


RECORDS = tuple(record(name) for name in _PLUGINS)


class NoStrikes:
    """A catalogue in which nothing has failed."""

    strikes = property(lambda self: self)

    def quarantined(self, file):
        return None


def context(
    sound, previous: Plan | None = None, records=RECORDS, maps=None, own=None, catalogue=None
) -> Context:
    maps = load_maps() if maps is None else maps
    analyses = sound if isinstance(sound, dict) else {"input": sound}
    plugins = known(catalogue or NoStrikes(), records, maps, own)
    players = MappedPlayers(records, maps, own)
    data = (load_lexicon(), load_targets(), load_chains())
    return Context(analyses, *data, plugins, previous, players=players, products=load_products())


def outcome_of(words: str, sound, previous: Plan | None = None, **changes) -> Outcome:
    where = context(sound, previous, **changes)
    return respond(intents_from_words(words, where), where, words)
