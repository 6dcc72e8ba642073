"""plugins map, presets, save, show --preset and forgive: with Debian's plugins, in a home of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.hosting import Catalogue
from tests.cli.conftest import Run
from tests.real import must_have

pytestmark = pytest.mark.real

ZAM = Path("/usr/lib/vst3")
OWN_MAP = 'plugin = "ZamGrains"\neffect = "delay"\n\n[parameters]\ntime_ms = "loop_time_ms"\n'


@pytest.fixture
def vst(tmp_path: Path) -> str:
    """A plugin folder with some of Debian's plugins."""
    must_have("zam-plugins", (ZAM / "ZamComp.vst3").exists())
    folder = tmp_path / "vst3"
    folder.mkdir()
    for name in ("ZamComp", "ZamGrains"):
        (folder / f"{name}.vst3").symlink_to(ZAM / f"{name}.vst3")
    return str(folder)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The user's config folder with a config.toml; BRIDGE_CONFIG names it."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "config.toml").write_text("", encoding="utf-8")
    return folder


def test_a_shipped_map_is_shown_with_what_has_no_counterpart(run: Run, vst: str) -> None:
    found = run("plugins", "map", "ZamComp", "--json", VST3_PATH=vst).json
    assert (found["source"], found["map"]["effect"], found["map"]["trusted"]) == (
        "shipped",
        "compressor",
        True,
    )
    row = next(row for row in found["map"]["rows"] if row["ours"] == "threshold_db")
    assert (row["span"], row["theirs"], row["their_span"]) == ("-60 to 0 dBFS", "threshold_db", "-80 to 0 dB")
    assert found["map"]["unused"] == ["slew"] and "knee_db" in found["map"]["lacks"]


def test_a_plugin_that_looks_like_nothing_of_ours_says_so(run: Run, vst: str) -> None:
    ran = run("plugins", "map", "ZamGrains", VST3_PATH=vst)
    assert ran.code == 2 and "ZamGrains does not look like" in ran.err


def test_the_user_s_own_map_wins_and_is_listed(run: Run, vst: str, config: Path) -> None:
    (config / "presets" / "plugins").mkdir(parents=True)
    (config / "presets" / "plugins" / "mine.toml").write_text(OWN_MAP, encoding="utf-8")
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    found = run("plugins", "map", "ZamGrains", "--json", **env).json
    assert (found["source"], found["map"]["effect"]) == ("yours", "delay")
    listed = {item["name"]: item for item in run("plugins", "list", "--json", **env).json["plugins"]}
    assert listed["ZamGrains"]["plays"] == {"delay": "trusted"}


def test_trusting_writes_a_map_that_loads_again_as_it_was(run: Run, vst: str, config: Path) -> None:
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    before = run("plugins", "map", "ZamComp", "--json", **env).json["map"]
    written = Path(run("plugins", "map", "ZamComp", "--trust", "--json", **env).json["file"])
    assert written == config / "presets" / "plugins" / "zamcomp.toml" and written.is_file()
    assert run("plugins", "map", "ZamComp", "--json", **env).json["map"] == before


def test_the_user_s_own_map_for_another_effect_is_not_replaced(run: Run, vst: str, config: Path) -> None:
    mine = config / "presets" / "plugins" / "mine.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text('plugin = "ZamComp"\neffect = "gain"\n', encoding="utf-8")
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    ran = run("plugins", "map", "ZamComp", "--effect", "compressor", "--trust", **env)
    assert ran.code == 2 and "for gain" in ran.err and "mine.toml" in ran.err
    assert mine.read_text("utf-8") == 'plugin = "ZamComp"\neffect = "gain"\n'
    assert list(mine.parent.iterdir()) == [mine]


def test_edit_prints_where_the_map_lies(run: Run, vst: str, config: Path) -> None:
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    printed = Path(run("plugins", "map", "ZamComp", "--edit", **env).out.strip())
    assert 'threshold_db = "threshold_db"' in printed.read_text("utf-8")


def test_a_step_is_saved_listed_shown_and_asked_for_in_words(
    run: Run, vst: str, config: Path, tmp_path: Path, vocal: Path
) -> None:
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    settings = {"plugin": {"name": "ZamComp"}, "parameters": {"threshold_db": -30, "ratio": 5}}
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"schema": 1, "steps": [{"effect": "hosted_plugin", "parameters": settings}]}))
    saved = run("plugins", "save", "ZamComp", "My Vocals", "--plan", str(plan), "--json", **env).json
    listed = run("plugins", "presets", "ZamComp", "--json", **env).json["presets"]
    assert [(item["name"], item["kind"], item["file"]) for item in listed] == [
        ("My Vocals", "ours", saved["file"])
    ]
    step = run("plugins", "show", "ZamComp", "--preset", "my vocals", "--json", **env).json["step"]
    assert step["parameters"]["parameters"] == settings["parameters"]
    made = run("plan", str(vocal), "use ZamComp with preset My Vocals", "--json", **env).json
    (only,) = made["plan"]["steps"]
    assert only["parameters"]["parameters"] == settings["parameters"] and made["unsupported"] == []


def test_a_preset_with_a_path_for_a_name_is_refused(run: Run, vst: str, config: Path, tmp_path: Path) -> None:
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    plan = tmp_path / "plan.json"
    step = {"effect": "hosted_plugin", "parameters": {"plugin": {"name": "ZamComp"}}}
    plan.write_text(json.dumps({"schema": 1, "steps": [step]}))
    ran = run("plugins", "save", "ZamComp", "../escape", "--plan", str(plan), **env)
    assert ran.code == 2 and "no name for a preset" in ran.err


def test_forgiving_by_name_lifts_the_quarantine(run: Run, vst: str, tmp_path: Path) -> None:
    state = tmp_path / "state"
    env = {"VST3_PATH": vst, "BRIDGE_STATE": str(state)}
    run("plugins", "scan", **env)
    bundle = next(Path(item["file"]) for item in run("plugins", "list", "--json", **env).json["plugins"]
                  if item["name"] == "ZamComp")  # fmt: skip
    strikes = Catalogue(state / "plugins").strikes
    for _ in range(2):
        strikes.add(bundle, "crashed", "it crashed")

    def standing() -> tuple[bool, int]:
        listed = run("plugins", "list", "--json", **env).json["plugins"]
        found = next(item for item in listed if item["name"] == "ZamComp")
        return found["quarantined"], found["strikes"]

    assert standing() == (True, 2)
    assert "forgive ZamComp" in run("plugins", "list", **env).out
    assert run("plugins", "forgive", "ZamComp", "--json", **env).json["forgiven"] == 2
    assert standing() == (False, 0)


def test_an_equaliser_from_words_cuts_what_was_said_in_the_delivered_file(run: Run, tmp_path: Path) -> None:
    must_have("zam-plugins", (ZAM / "ZamEQ2.vst3").exists())
    folder = tmp_path / "vst3"
    folder.mkdir()
    (folder / "ZamEQ2.vst3").symlink_to(ZAM / "ZamEQ2.vst3")
    generator = np.random.default_rng(440)
    noise = 0.05 * generator.standard_normal((4 * 48000, 2))
    soundfile.write(tmp_path / "noise.wav", noise, 48000, subtype="PCM_24")
    out = tmp_path / "out.wav"
    words = "EQ with ZamEQ2: cut 3 dB at 250 Hz"
    result = run(
        "process", str(tmp_path / "noise.wav"), words, "-o", str(out), "--json", VST3_PATH=str(folder)
    ).json
    (step,) = result["plan"]["steps"]
    assert step["parameters"]["plugin"]["name"] == "ZamEQ2"
    heard, _ = soundfile.read(out)
    spectra = (
        np.abs(np.fft.rfft(np.stack([noise, heard]), axis=1)) ** 2
    )  # [shape=(2, bins, channels)], 0.25 Hz a bin
    near, far = (
        10 * np.log10(spectra[1, low * 4 : high * 4].sum() / spectra[0, low * 4 : high * 4].sum())
        for low, high in ((248, 253), (8000, 12000))
    )
    assert near == pytest.approx(-3, abs=0.1)
    assert far == pytest.approx(0, abs=0.1)


def test_editing_a_map_of_which_nothing_can_be_guessed_writes_an_empty_one_with_all_names(
    run: Run, vst: str, config: Path
) -> None:
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    before = run("plugins", "map", "ZamGrains", **env)
    assert before.code == 2 and "--edit" in before.err
    file = Path(run("plugins", "map", "ZamGrains", "--edit", "--effect", "delay", **env).out.strip())
    text = file.read_text(encoding="utf-8")
    assert file.is_relative_to(config) and "grains (1 to " in text and "# time_ms" in text
    found = run("plugins", "map", "ZamGrains", "--json", **env).json
    assert (found["source"], found["map"]["trusted"]) == ("yours", False)
    file.write_text(text.replace("trusted = false", "trusted = true") + OWN_MAP.split("\n\n")[1])
    assert run("plugins", "map", "ZamGrains", "--json", **env).json["map"]["trusted"]


def test_a_map_that_is_being_filled_in_is_never_written_over(run: Run, vst: str, config: Path) -> None:
    env = {"VST3_PATH": vst, "BRIDGE_CONFIG": str(config / "config.toml")}
    edit = ("plugins", "map", "ZamGrains", "--edit", "--effect", "delay")
    file = Path(run(*edit, **env).out.strip())
    file.write_text(file.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert run(*edit, **env).out.strip() == str(file)
    assert file.read_text(encoding="utf-8").endswith("# mine\n")


def test_the_format_of_a_map_is_in_the_help(run: Run) -> None:
    shown = run("plugins", "map", "--help").out
    assert all(part in shown for part in ("[parameters]", "[fixed]", "[[bands]]", "factor = -1", "points ="))
