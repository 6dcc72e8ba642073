"""What a step does in words that a musician says, without figures; loudness alone keeps its LUFS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bridge.effects import BY_NAME
from bridge.planning.plan import Step

Numbers = dict[str, Any]

_REGIONS = (
    (60.0, "deepest bass"), (150.0, "bass"), (400.0, "low mids"), (2000.0, "mids"), (5000.0, "upper mids"),
    (10000.0, "highs"), (float("inf"), "air"),
)  # fmt: skip
_SHOWN_BANDS = 3


def done_plainly(step: Step) -> str:
    """ "brought the bass down clearly"; the rest of a sentence that begins with "I"."""
    say, kind = _SAID.get(step.effect), BY_NAME.get(step.effect)
    if say is not None and kind is not None:
        # A plan written by hand leaves out what has a usual value.
        return say(kind.model_validate(step.parameters).model_dump())
    return f"used the {(kind.title if kind else step.effect.replace('_', ' ')).lower()}"


def region(frequency_hz: float) -> str:
    return next(name for up_to, name in _REGIONS if frequency_hz < up_to)


def _much(amount: float, little: float, much: float) -> str:
    size = abs(amount)
    return "a little" if size < little else "clearly" if size < much else "a lot"


def _equalized(numbers: Numbers) -> str:
    told = [_band(band) for band in numbers.get("bands", ())]
    told = list(dict.fromkeys(told))
    more = ["shaped a few more places"] if len(told) > _SHOWN_BANDS else []
    return _listed([*told[:_SHOWN_BANDS], *more]) or "left the tone as it is"


def _listed(parts: list[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def _band(band: Numbers) -> str:
    if band["kind"] == "high_pass":
        return f"took away what lies below the {region(float(band['frequency_hz']) * 2)}"
    if band["kind"] == "low_pass":
        return f"took away what lies above the {region(float(band['frequency_hz']) / 2)}"
    gain = float(band.get("gain_db", 0.0))
    way = "up" if gain > 0 else "down"
    return f"brought the {region(float(band['frequency_hz']))} {way} {_much(gain, 1.5, 4.0)}"


def _gained(numbers: Numbers) -> str:
    gain = float(numbers["gain_db"])
    return f"made it {'louder' if gain > 0 else 'quieter'} {_much(gain, 2.0, 6.0)}"


def _loud(numbers: Numbers) -> str:
    return f"brought it to {float(numbers['target_lufs']):g} LUFS without clipping"


def _wide(numbers: Numbers) -> str:
    if numbers.get("decorrelation"):
        return "made a stereo sound of the middle"
    width = float(numbers.get("width", 1.0))
    if width == 1.0:
        return "set how wide it stands, by pitch range"
    return f"made it {'wider' if width > 1 else 'narrower'}"


def _pitched(numbers: Numbers) -> str:
    cents = 100 * float(numbers["semitones"]) + float(numbers["cents"])
    return f"moved the pitch {'up' if cents > 0 else 'down'} {_much(cents, 60, 500)}"


def _paced(numbers: Numbers) -> str:
    if numbers.get("length_s"):
        return "made it as long as you asked"
    speed = float(numbers["speed"])
    if numbers.get("to_bpm") and numbers.get("from_bpm"):
        speed = float(numbers["to_bpm"]) / float(numbers["from_bpm"])
    return f"made it {'faster' if speed > 1 else 'slower'} without changing the pitch"


def _shaped(numbers: Numbers) -> str:
    attack, sustain = float(numbers["attack_db"]), float(numbers["sustain_db"])
    told = [f"made the hits {'harder' if attack > 0 else 'softer'}"] if attack else []
    told += [f"let the notes ring {'longer' if sustain > 0 else 'shorter'}"] if sustain else []
    return " and ".join(told) or "left the hits as they are"


def _panned(numbers: Numbers) -> str:
    return "moved it to its place between left and right"


_SAID: dict[str, Callable[[Numbers], str]] = {
    "equalizer": _equalized,
    "gain": _gained,
    "loudness": _loud,
    "stereo_width": _wide,
    "pitch_shift": _pitched,
    "time_stretch": _paced,
    "transient_shaper": _shaped,
    "pan": _panned,
    "compressor": lambda numbers: "brought loud and quiet moments nearer together",
    "multiband_compressor": lambda numbers: "evened out each pitch range by itself",
    "dynamic_equalizer": lambda numbers: "held back what sticks out, only while it does",
    "limiter": lambda numbers: "caught the highest peaks, so that nothing distorts",
    "gate": lambda numbers: "turned down what sounds in the pauses",
    "reverb": lambda numbers: "put it into a room",
    "convolution_reverb": lambda numbers: "put it into a recorded room",
    "delay": lambda numbers: "added echoes",
    "chorus": lambda numbers: "doubled it softly, like several players",
    "flanger": lambda numbers: "gave it a sweeping, jet-like movement",
    "phaser": lambda numbers: "gave it a swirling movement",
    "tremolo": lambda numbers: "made the level swing in time",
    "saturation": lambda numbers: "added gentle overtones, as from warm equipment",
    "enhancer": lambda numbers: "added fresh overtones on top",
    "de_esser": lambda numbers: "softened sharp s sounds",
    "denoise": lambda numbers: "took down the background noise",
    "dehum": lambda numbers: "took out the mains hum",
    "declick": lambda numbers: "repaired clicks",
    "declip": lambda numbers: "rebuilt tops that were cut off",
    "fade": lambda numbers: "faded its ends",
    "trim": lambda numbers: "cut its ends to length",
    "align": lambda numbers: "moved it into time with its neighbour",
    "pitch_corrector": lambda numbers: "brought the notes into tune",
    "channels": lambda numbers: "rearranged left and right",
    "balance": lambda numbers: "evened out left and right",
    "hosted_plugin": lambda numbers: f"used the plugin {numbers.get('plugin', {}).get('name', '')}".rstrip(),
}
