"""Live's devices with the parameters that the bridge knows, and some that it does not, as Live 12.4 has them."""

from __future__ import annotations

from collections.abc import Callable

from tests.daws.ableton.model import Device
from tests.daws.ableton.parameters import (
    Parameter,
    choice,
    decibel,
    log_hz,
    log_ms,
    percent,
    plain,
    quality,
    ratio,
    toggle,
)

FILTERS = (
    "High Pass 48dB", "High Pass 12dB", "Low Shelf", "Bell", "Notch", "High Shelf", "Low Pass 12dB", "Low Pass 48dB",
)  # fmt: skip


def eq_eight(name: str = "EQ Eight") -> Device:
    bands = []
    for band in range(1, 9):
        for side in "AB":
            bands += [
                toggle(f"{band} Filter On {side}", band <= 4 and side == "A"),
                choice(f"{band} Filter Type {side}", 3, *FILTERS),
                Parameter(f"{band} Frequency {side}", 0.3, curve=log_hz(10, 22_000)),
                Parameter(f"{band} Gain {side}", 0.0, -15, 15, plain("dB")),
                Parameter(f"{band} Q {side}", 0.376, curve=quality),
            ]
    return Device(
        name, "Eq8", Parameter("Output", 0.0, -12, 12, plain("dB")), Parameter("Scale", 1.0, -2, 2),
        toggle("Adaptive Q", True), *bands,
    )  # fmt: skip


def compressor(name: str = "Compressor") -> Device:
    return Device(
        name, "Compressor2",
        Parameter("Threshold", 1.0, curve=decibel(-70, 6, 2)),
        Parameter("Ratio", 0.75, curve=ratio),
        Parameter("Attack", 0.2, curve=log_ms(0.01, 1000)),
        Parameter("Release", 0.3, curve=log_ms(1, 3000)),
        toggle("Auto Release On/Off", True),
        Parameter("Output", 0.0, -36, 36, plain("dB")),
        toggle("Makeup", True),
        Parameter("Dry/Wet", 1.0),
        choice("Model", 1, "Peak", "RMS", "Expand"),
        Parameter("Knee", 6.0, 0, 18, plain("dB", 1)),
        choice("LookAhead", 0, "0 ms", "1 ms", "10 ms"),
    )  # fmt: skip


def glue() -> Device:
    return Device(
        "Glue Compressor", "GlueCompressor",
        Parameter("Threshold", 0.0, -40, 0, plain("dB")),
        Parameter("Range", 70.0, 0, 70, plain("dB", 1)),
        Parameter("Output", 0.0, 0, 20, plain("dB")),
        Parameter("Attack", 3.0, 0, 6, lambda raw: (".01", ".1", ".3", "1", "3", "10", "30")[round(raw)]),
        Parameter("Ratio", 1.0, 0, 2, lambda raw: ("2", "4", "10")[round(raw)]),
        Parameter("Release", 3.0, 0, 6, lambda raw: (".1", ".2", ".4", ".6", ".8", "1.2", "A")[round(raw)]),
        Parameter("Dry/Wet", 1.0),
    )  # fmt: skip


def limiter() -> Device:
    return Device(
        "Limiter", "Limiter",
        Parameter("Input Gain", 0.5, curve=decibel(-24, 24)),
        Parameter("Ceiling", 0.97, curve=decibel(-24, 0)),
        Parameter("Release", 0.7, curve=log_ms(0.01, 3000)),
        toggle("Auto", True),
        choice("Mode", 0, "Standard", "Soft Clip", "True Peak"),
        toggle("Maximize On", False),
    )  # fmt: skip


def gate() -> Device:
    return Device(
        "Gate", "Gate",
        Parameter("Threshold", 0.5, curve=decibel(-70, 6)),
        Parameter("Attack", 0.3, curve=log_ms(0.02, 150)),
        Parameter("Hold", 0.3, curve=log_ms(1, 1500)),
        Parameter("Release", 0.4, curve=log_ms(0.1, 3000)),
        Parameter("Return", 3.0, 0, 24, plain("dB", 1)),
        Parameter("Floor", -40.0, -75, 0, lambda raw: "-inf dB" if raw <= -75 else f"{raw:.1f} dB"),
        choice("FlipMode", 1, "Normal", "Flip"),
    )  # fmt: skip


def utility() -> Device:
    return Device(
        "Utility", "StereoGain",
        toggle("Left Inv"), toggle("Right Inv"), choice("Channel Mode", 1, "Left", "Stereo", "Right", "Swap"),
        Parameter("Stereo Width", 1.0, 0, 2), toggle("Mono"), toggle("Bass Mono"),
        Parameter("Bass Freq", 0.38, curve=log_hz(50, 500)),
        Parameter("Balance", 0.0, -1, 1), Parameter("Output", 0.0, -1, 1, lambda raw: f"{35 * raw:.2f} dB"),
    )  # fmt: skip


def saturator() -> Device:
    kinds = (
        "Analog Clip",
        "Soft Sine",
        "Bass Shaper",
        "Medium Curve",
        "Hard Curve",
        "Sinoid Fold",
        "Digital Clip",
    )
    return Device(
        "Saturator", "Saturator", Parameter("Drive", 0.5, curve=lambda raw: f"{72 * raw - 36:.1f} dB"),
        choice("Type", 0, *kinds, "Waveshaper"), Parameter("Dry/Wet", 1.0),
    )  # fmt: skip


def reverb() -> Device:
    return Device(
        "Reverb", "Reverb", Parameter("Predelay", 0.1, curve=log_ms(0.5, 250)),
        Parameter("Decay Time", 0.4, curve=log_ms(200, 60_000)), Parameter("Dry/Wet", 0.55),
    )  # fmt: skip


def delay() -> Device:
    return Device(
        "Delay", "Delay", toggle("Link", True), toggle("Ping Pong"), toggle("L Sync", True), toggle("R Sync", True),
        Parameter("L Time", 0.5, curve=log_ms(1, 5000)), Parameter("R Time", 0.5, curve=log_ms(1, 5000)),
        Parameter("Feedback", 0.5), toggle("Filter On", True), Parameter("Dry/Wet", 0.5, curve=percent),
    )  # fmt: skip


NEW: dict[str, Callable[[], Device]] = {
    "EQ Eight": eq_eight, "Compressor": compressor, "Limiter": limiter, "Gate": gate, "Utility": utility,
    "Saturator": saturator, "Reverb": reverb, "Delay": delay,
}  # fmt: skip
