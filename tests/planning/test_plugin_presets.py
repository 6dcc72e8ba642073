"""Presets of plugins from words."""

from __future__ import annotations

import base64
import hashlib

import pytest

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.hosting.presets import save
from tests.planning.casebook import SOUNDS
from tests.planning.zam import outcome_of, record

SONG = SOUNDS["song"]


@pytest.fixture
def own(tmp_path):
    """The user's presets folder with presets of ZamComp, each of its own ratio."""
    for ratio, name in enumerate(("Drum Bus 2", "Lead-Vox", "80s", "Überkomp", "Warm"), 3):
        step = HostedPlugin(plugin={"name": "ZamComp"}, parameters={"ratio": float(ratio)})
        save(step, name, tmp_path)
    (tmp_path / "plugins" / "ZamComp" / "Broken.json").write_text("garbage")
    return tmp_path


@pytest.mark.parametrize(
    ("words", "ratio"),
    [
        ("use ZamComp with preset Drum Bus 2", 3),
        ("use ZamComp with the Lead-Vox preset", 4),
        ("use the 80s preset of ZamComp", 5),
        ("ZamComp, preset Überkomp", 6),
        ("use ZamComp with preset 'Warm'", 7),
        ("use ZamComp with preset warm for compression", 7),
        ("compress with the preset Warm of ZamComp", 7),
    ],
)
def test_a_preset_is_used_by_its_name_and_nothing_else_comes_of_the_words(words, ratio, own):
    outcome = outcome_of(words, SONG, own=own)
    (only,) = outcome.plan.steps
    assert only.parameters["parameters"] == {"ratio": ratio}
    assert (outcome.unsupported, outcome.warnings) == ((), ())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("use ZamComp with preset Nonesuch", "ZamComp has no preset 'nonesuch'; there is:"),
        ("use ZamComp with preset Broken", "Broken.json is no preset"),
        ("use ZamComp with a preset", "none was named"),
    ],
)
def test_a_preset_that_cannot_be_had_is_no_other_sound_but_a_reason(words, reason, own):
    outcome = outcome_of(words, SONG, own=own)
    assert outcome.kind == "unsupported" and reason in outcome.unsupported[0]


def test_a_vstpreset_comes_into_the_plan_as_state_with_its_hash(tmp_path, monkeypatch):
    blob = b"VST3" + bytes(range(60))
    folder = tmp_path / ".vst3" / "presets" / "Damien Zammit" / "ZamComp"
    folder.mkdir(parents=True)
    (folder / "Factory One.vstpreset").write_bytes(blob)
    monkeypatch.setattr("bridge.hosting.presets.preset_folders", lambda: [tmp_path / ".vst3" / "presets"])
    vendored = record("ZamComp", vendor="Damien Zammit")
    outcome = outcome_of("use ZamComp with preset Factory One", SONG, records=(vendored,))
    made = outcome.plan.steps[0].parameters
    assert base64.b64decode(made["state_base64"]) == blob
    assert made["state_sha256"] == hashlib.sha256(blob).hexdigest()
