"""Plans for other programs, held against what is known of their formats."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest

from bridge.effects import BY_NAME, EFFECTS
from bridge.planning.plan import Plan, Region, Step
from bridge.reports.exchange import reaeq
from bridge.reports.exchange.dawproject import dawproject
from bridge.reports.exchange.rfxchain import rfxchain
from bridge.units import octaves_from_q

BANDS = [
    {"kind": "high_pass", "frequency_hz": 80.0, "slope_db_per_octave": 24},
    {"kind": "bell", "frequency_hz": 250.0, "gain_db": -3.0, "q": 2.0},
    {"kind": "high_shelf", "frequency_hz": 8000.0, "gain_db": 2.0, "q": 0.7},
]


def step(effect: str, **parameters) -> Step:
    return Step(id=f"{effect}-1", effect=effect, parameters=BY_NAME[effect](**parameters).parameters())


def plan(*steps: Step) -> Plan:
    return Plan(request='warmer & "tight"', steps=steps).with_id()


# What each element of the format may hold, in this order (DAWproject 1.0, Project.xsd: xs:sequence).
ORDER = {
    "Equalizer": ["Parameters", "Enabled", "State", "Band", "InputGain", "OutputGain"],
    "Band": ["Freq", "Gain", "Q", "Enabled"],
    "Compressor": ["Parameters", "Enabled", "State", "Attack", "AutoMakeup", "InputGain", "OutputGain", "Ratio",
                   "Release", "Threshold"],
    "NoiseGate": ["Parameters", "Enabled", "State", "Attack", "Range", "Ratio", "Release", "Threshold"],
    "Limiter": ["Parameters", "Enabled", "State", "Attack", "InputGain", "OutputGain", "Release", "Threshold"],
    "BuiltinDevice": ["Parameters", "Enabled", "State"],
    "Project": ["Application", "Transport", "Structure", "Arrangement", "Scenes"],
    "Channel": ["Devices", "Mute", "Pan", "Sends", "Volume"],
}  # fmt: skip
UNITS = {"linear", "normalized", "percent", "decibel", "hertz", "semitones", "seconds", "beats", "bpm"}


def project_of(content: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["metadata.xml", "project.xml"]
        return ElementTree.fromstring(archive.read("project.xml"))


@pytest.mark.parametrize("effect", [effect.name for effect in EFFECTS if effect.name != "hosted_plugin"])
def test_every_effect_stands_in_a_dawproject_as_the_schema_orders_it(effect):
    given = {"equalizer": {"bands": BANDS}, "time_stretch": {"speed": 1.1}}.get(effect, {})
    root = project_of(dawproject(plan(step(effect, **given)), "1").content)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) and all(one[0].isalpha() and " " not in one for one in ids)
    for element in root.iter():
        order = ORDER.get(element.tag)
        if order:
            tags = [child.tag for child in element]
            assert tags == sorted(tags, key=order.index)
        if element.get("unit"):
            assert element.get("unit") in UNITS and np.isfinite(float(element.get("value")))
    (device,) = root.find("Structure/Track/Channel/Devices")
    assert device.get("deviceRole") == "audioFX" and device.get("deviceName")


def test_times_are_seconds_and_levels_decibels_in_a_dawproject():
    given = {"threshold_db": -18, "ratio": 4, "attack_ms": 10, "release_ms": 120, "makeup_db": 2}
    root = project_of(dawproject(plan(step("compressor", **given)), "1").content)
    device = root.find(".//Compressor")
    told = {child.tag: (child.get("value"), child.get("unit")) for child in device}
    assert told["Attack"] == ("0.01", "seconds") and told["Release"] == ("0.12", "seconds")
    assert told["Threshold"] == ("-18", "decibel") and told["Ratio"] == ("4", "linear")
    assert told["OutputGain"] == ("2", "decibel")


def test_what_a_dawproject_cannot_hold_is_named():
    part = step("reverb").model_copy(update={"region": Region(start_s=1, end_s=2), "wet": 0.5})
    loud = step("loudness", target_lufs=-14)
    done = dawproject(plan(part, loud), "1")
    assert any("stretch of time" in one for one in done.left_out) and any(
        "50 % wet" in one for one in done.left_out
    )
    assert any("target_lufs" in one for one in done.left_out)


def test_the_same_plan_makes_the_same_bytes():
    one = plan(step("equalizer", bands=BANDS), step("limiter"))
    assert dawproject(one, "1").content == dawproject(one, "1").content
    assert rfxchain(one).content == rfxchain(one).content


def blocks_of(lines: list[str]) -> list[bytes]:
    return [base64.b64decode(line) for line in lines[1:]]


def test_reaeq_holds_the_bands_in_the_layout_that_reaper_writes():
    lines = reaeq.lines(BY_NAME["equalizer"](bands=BANDS).bands)
    assert lines[0].startswith('<VST "VST: ReaEQ (Cockos)" reaeq.dll 0 "" 1919247729<')
    header, *middle, program = blocks_of(lines)
    state = b"".join(middle)
    assert header[:8].hex() == "71656572ee5eedfe" and len(header) == 60
    assert struct.unpack_from("<i", header, 48) == (len(state),)
    assert program.hex() == "000010000000"
    assert struct.unpack_from("<ii", state, 0) == (33, 4)  # 24 dB an octave are two high-passes
    bands = [struct.unpack_from("<iidddB", state, 8 + 33 * index) for index in range(4)]
    assert [band[0] for band in bands] == [4, 4, 8, 1]
    assert bands[2][2] == 250.0 and bands[2][3] == pytest.approx(10 ** (-3 / 20))
    assert len(state) == 8 + 33 * 4 + 32


@pytest.mark.parametrize(("q", "octaves"), [(0.6667, 2.0), (1.4142, 1.0), (2.8719, 0.5)])
def test_bandwidths_are_those_of_the_cookbook(q, octaves):
    assert octaves_from_q(q) == pytest.approx(
        octaves, abs=0.001
    )  # R. Bristow-Johnson's table of Q and bandwidth


def test_a_chain_has_one_chunk_an_effect_and_names_what_it_has_not():
    off = step("gain", gain_db=-3).model_copy(update={"enabled": False})
    done = rfxchain(
        plan(step("equalizer", bands=BANDS), off, step("limiter", ceiling_dbtp=-1), step("reverb"))
    )
    text = done.content.decode()
    lines = text.splitlines()
    assert [line for line in lines if line.startswith("BYPASS")] == [
        "BYPASS 0 0 0",
        "BYPASS 1 0 0",
        "BYPASS 0 0 0",
    ]
    assert sum(line.startswith("<") for line in lines) == sum(line == ">" for line in lines) == 3
    sliders = lines[lines.index('<JS utility/volume_pan ""') + 1].split()
    assert sliders[:3] == ["-3", "0", "0"] and len(sliders) == 64
    assert lines[lines.index('<JS loser/MGA_JSLimiter ""') + 1].split()[0] == "-1"
    assert done.carried == ("equalizer-1", "gain-1", "limiter-1")
    assert any("reverb" in one for one in done.left_out)
