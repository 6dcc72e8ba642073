"""DAWproject: a plan as devices on tracks, in a zip of project.xml and metadata.xml.

Names, units and order of elements as in Project.xsd of the format (version 1.0): children stand in a fixed sequence,
units are linear, normalized, percent, decibel, hertz, semitones, seconds, beats and bpm.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bridge.effects import BY_NAME
from bridge.effects.quantity import Quantity
from bridge.planning.plan import Plan, Step
from bridge.reports.exchange import Exported

_VERSION = "1.0"
_WRITTEN_AT = (1980, 1, 1, 0, 0, 0)
"""The same plan makes the same bytes: zip files keep no earlier time."""

_BANDS = {
    "bell": "bell", "low_shelf": "lowShelf", "high_shelf": "highShelf", "high_pass": "highPass", "low_pass": "lowPass",
}  # fmt: skip
_UNITS: dict[str, tuple[str, float]] = {
    "dB": ("decibel", 1.0), "dBFS": ("decibel", 1.0), "dBTP": ("decibel", 1.0), "LU": ("decibel", 1.0),
    "Hz": ("hertz", 1.0), "ms": ("seconds", 0.001), "s": ("seconds", 1.0), "%": ("percent", 1.0),
    "semitones": ("semitones", 1.0), "cents": ("semitones", 0.01), "BPM": ("bpm", 1.0), "beats": ("beats", 1.0),
}  # fmt: skip
"""Ours -> theirs, and by what a value is multiplied; all others are linear. Loudness (LUFS) has none."""


def dawproject(plan: Plan, version: str) -> Exported:
    """One track for each place that steps work at. version: of dawbridge, which the file names as its application."""
    project = Element("Project", version=_VERSION)
    SubElement(project, "Application", name="dawbridge", version=version)
    structure = SubElement(project, "Structure")
    carried: list[str] = []
    left_out: list[str] = []
    for number, where in enumerate(dict.fromkeys(step.where for step in plan.steps)):
        track = SubElement(structure, "Track", id=f"track{number}", name=where, contentType="audio")
        channel = SubElement(track, "Channel", id=f"channel{number}", role="regular")
        devices = SubElement(channel, "Devices")
        for step in plan.steps:
            if step.where == where:
                left_out += _device(devices, step)
                carried.append(step.id)
    metadata = Element("MetaData")
    SubElement(metadata, "Comment").text = f"Plan {plan.id}: {plan.request}"
    return Exported(
        _zipped({"project.xml": project, "metadata.xml": metadata}), tuple(carried), tuple(left_out)
    )


def _zipped(documents: dict[str, Element]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, root in documents.items():
            indent(root)
            entry = zipfile.ZipInfo(name, _WRITTEN_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, tostring(root, encoding="utf-8", xml_declaration=True))
    return held.getvalue()


def _device(devices: Element, step: Step) -> list[str]:
    """Adds the step's device; sentences for what it does not carry."""
    tag, fill = _DEVICES.get(step.effect, ("BuiltinDevice", None))
    kind = BY_NAME.get(step.effect)
    device = SubElement(
        devices, tag, id=_xml_id(step.id), name=step.id, deviceName=kind.title if kind else step.effect,
        deviceRole="audioFX", comment=_clean(step.reason),
    )  # fmt: skip
    lost = [] if fill else list(_parameters(device, step))
    SubElement(device, "Enabled", value="true" if step.enabled else "false")
    if fill:
        lost += fill(device, step.parameters)
    lost += _beside(step)
    return [f"{step.id} ({step.effect}): {what}." for what in lost]


def _beside(step: Step) -> Iterator[str]:
    if step.region is not None:
        yield "its stretch of time is not carried over; it works all the time"
    if step.wet != 1.0:
        yield f"its {step.wet * 100:.0f} % wet are not carried over; a device has no such parameter"
    if step.part != "all":
        yield f"that it works on the {step.part} alone is not carried over"


def _xml_id(text: str) -> str:
    """Letters, digits, - and _ after a letter, which is what an xs:ID may be."""
    return "step-" + "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text)


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " and letter not in "\ufffe\uffff")


def _real(parent: Element, tag: str, value: float, unit: str, **more: str) -> None:
    SubElement(parent, tag, {"value": f"{value:.6g}", "unit": unit, **more})


def _equalizer(device: Element, given: dict[str, Any]) -> list[str]:
    for band in given.get("bands", ()):
        is_pass = band["kind"] in ("high_pass", "low_pass")
        more = {"order": str(int(band["slope_db_per_octave"]) // 6)} if is_pass else {}
        made = SubElement(device, "Band", {"type": _BANDS[band["kind"]], **more})
        _real(made, "Freq", band["frequency_hz"], "hertz")
        if not is_pass:
            _real(made, "Gain", band["gain_db"], "decibel")
            _real(made, "Q", band["q"], "linear")
        SubElement(made, "Enabled", value="true")
    return []


def _compressor(device: Element, given: dict[str, Any]) -> list[str]:
    _real(device, "Attack", given["attack_ms"] / 1000, "seconds")
    SubElement(device, "AutoMakeup", value="true" if given["auto_makeup"] else "false")
    _real(device, "OutputGain", given["makeup_db"], "decibel")
    _real(device, "Ratio", given["ratio"], "linear")
    _real(device, "Release", given["release_ms"] / 1000, "seconds")
    _real(device, "Threshold", given["threshold_db"], "decibel")
    return _unsaid(
        "compressor", given, ("attack_ms", "auto_makeup", "makeup_db", "ratio", "release_ms", "threshold_db")
    )


def _gate(device: Element, given: dict[str, Any]) -> list[str]:
    _real(device, "Attack", given["attack_ms"] / 1000, "seconds")
    _real(device, "Range", given["range_db"], "decibel")
    _real(device, "Ratio", given["ratio"], "linear")
    _real(device, "Release", given["release_ms"] / 1000, "seconds")
    _real(device, "Threshold", given["threshold_db"], "decibel")
    return _unsaid("gate", given, ("attack_ms", "range_db", "ratio", "release_ms", "threshold_db"))


def _limiter(device: Element, given: dict[str, Any]) -> list[str]:
    _real(device, "Release", given["release_ms"] / 1000, "seconds")
    _real(device, "Threshold", given["ceiling_dbtp"], "decibel")
    return []


def _unsaid(effect: str, given: dict[str, Any], said: tuple[str, ...]) -> list[str]:
    """Parameters that the format's device has no place for, where they are not as usual."""
    usual = {name: info.default for name, info in BY_NAME[effect].model_fields.items()}
    lost = [name for name, value in given.items() if name not in said and value != usual.get(name)]
    return [f"{', '.join(lost)} not carried over; the device has no such parameter"] if lost else []


_DEVICES: dict[str, tuple[str, Callable[[Element, dict[str, Any]], list[str]]]] = {
    "equalizer": ("Equalizer", _equalizer),
    "compressor": ("Compressor", _compressor),
    "gate": ("NoiseGate", _gate),
    "limiter": ("Limiter", _limiter),
}


def _parameters(device: Element, step: Step) -> Iterator[str]:
    """Every number and switch under its own name, for effects that the format has no device for."""
    kind = BY_NAME.get(step.effect)
    quantities = kind.quantities() if kind else {}
    parameters = SubElement(device, "Parameters")
    lost: list[str] = []
    for name, value in step.parameters.items():
        if value is None or value == [] or (isinstance(value, str) and not value):
            continue
        if isinstance(value, bool):
            SubElement(parameters, "BoolParameter", name=name, value="true" if value else "false")
        elif isinstance(value, (int, float)) and quantities.get(name, _PLAIN).unit != "LUFS":
            unit, factor = _UNITS.get(quantities.get(name, _PLAIN).unit, ("linear", 1.0))
            _real(parameters, "RealParameter", value * factor, unit, name=name)
        else:
            lost.append(name)
    yield "the format has no such device; its parameters stand under their own names"
    if lost:
        yield f"{', '.join(lost)} not carried over"


_PLAIN = Quantity(0.0, 1.0, "", "")
