"""Plugins on the command line: whose record is used, what is kept from being written over, which map is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.hosting import Catalogue, PluginRecord
from bridge.hosting.own_maps import own_maps
from bridge.hosting.record import PluginParameter
from tests.cli.conftest import Run

THRESHOLD = PluginParameter(name="threshold_db", title="Threshold", unit="dB", kind="number", low=-60, high=0)
RATIO = PluginParameter(name="ratio", title="Ratio", kind="number", low=1, high=20)
LINK = PluginParameter(name="link", title="Link", kind="switch")
METER = PluginParameter(
    name="output_level_db", title="Level", kind="number", low=-60, high=0, hidden="is a meter"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Bundles that nobody loads, because what is known of them is written beforehand."""
    path = tmp_path / "vst3"
    for name in ("Acme Comp", "Bolt Comp", "Lonely"):
        code = path / f"{name}.vst3" / "Contents" / "x86_64-linux"
        code.mkdir(parents=True)
        (code / f"{name}.so").write_bytes(b"code")
    return path


@pytest.fixture
def known(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a scan would have found, in a state folder of its own; the environment that the commands need."""
    monkeypatch.setenv("VST3_PATH", str(folder))
    records = [
        PluginRecord(
            file=str(folder / f"{bundle}.vst3"), name=name, vendor=vendor, identifier=vendor, status="ok",
            channels=(2,), parameters=(THRESHOLD, RATIO, LINK, METER),
        )
        for bundle, name, vendor in (
            ("Acme Comp", "Comp", "Acme"), ("Bolt Comp", "Comp", "Bolt"), ("Lonely", "L" * 90, "Acme")
        )
    ]  # fmt: skip
    Catalogue(tmp_path / "state" / "plugins").keep(records)
    config = tmp_path / "config"
    config.mkdir()
    (config / "config.toml").write_text("", encoding="utf-8")
    return {"VST3_PATH": str(folder), "BRIDGE_CONFIG": str(config / "config.toml")}


def own(known: dict[str, str]) -> Path:
    path = Path(known["BRIDGE_CONFIG"]).parent / "presets" / "plugins"
    path.mkdir(parents=True, exist_ok=True)
    return path


def test_every_command_about_plugins_takes_the_record_of_that_state(run: Run, known, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    assert len(run("plugins", "list", "--json", *state, **known).json["plugins"]) == 3
    assert run("plugins", "list", "--json", **known).json["plugins"] == []
    name = "L" * 90
    assert run("plugins", "show", name, "--json", *state, **known).json["plugin"]["vendor"] == "Acme"
    assert run("plugins", "map", name, "--effect", "compressor", "--json", *state, **known).json["source"]
    assert run("plugins", "presets", name, "--json", *state, **known).json["presets"] == []
    assert run("plugins", "forgive", name, "--json", *state, **known).json["forgiven"] == 0
    assert run("plugins", "save", name, "A", "--set", "ratio=4", "--json", *state, **known).code == 0
    scanned = run("plugins", "scan", "--json", *state, **known).out.splitlines()
    assert json.loads(scanned[-1])["summary"] == {"bundles": 3, "ok": 3}


def test_two_plugins_of_one_name_are_told_apart_and_asked_about(run: Run, known, tmp_path: Path) -> None:
    state = ("--state", str(tmp_path / "state"))
    listed = run("plugins", "list", *state, **known).out
    assert "Comp (Acme)" in listed and "Comp (Bolt)" in listed
    ran = run("plugins", "show", "Comp", *state, **known)
    assert ran.code == 2 and "Which Comp? There are Comp (Acme) and Comp (Bolt)" in ran.err
    assert run("plugins", "show", "Comp (Bolt)", "--json", *state, **known).json["plugin"]["vendor"] == "Bolt"


def test_a_very_long_name_keeps_its_row(run: Run, known, tmp_path: Path) -> None:
    lines = run("plugins", "list", "--state", str(tmp_path / "state"), **known).out.splitlines()
    (line,) = [line for line in lines if "LLL" in line]
    assert "…" in line and "ok" in line and len(line) < 130


def test_a_preset_is_written_over_only_on_demand(run: Run, known, tmp_path: Path) -> None:
    save = ("plugins", "save", "Comp (Acme)", "--state", str(tmp_path / "state"))
    first = run(*save, "Vocals", "--set", "Threshold=-20 dB", "--set", "link=on", "--json", **known).json
    kept = Path(first["file"]).read_text("utf-8")
    assert json.loads(kept)["parameters"] == {"threshold_db": -20.0, "link": True}
    again = run(*save, "vocals", "--set", "ratio=8", **known)
    assert again.code == 2 and first["file"] in again.err and "--replace" in again.err
    assert Path(first["file"]).read_text("utf-8") == kept
    assert run(*save, "vocals", "--set", "ratio=8", "--replace", **known).code == 0
    assert json.loads(Path(first["file"]).read_text("utf-8"))["parameters"] == {"ratio": 8.0}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("treshold_db=-20", "no parameter 'treshold_db'; nearest: threshold_db"),
        ("threshold_db=-200", "out of its range -60 to 0"),
        ("threshold_db=loud", "takes a number, not 'loud'"),
        ("link=perhaps", "takes true or false"),
        ("output_level_db=-3", "cannot be set, it is a meter"),
        ("threshold_db", "is no NAME=VALUE"),
    ],
)
def test_a_parameter_that_cannot_be_so_is_refused(run: Run, known, tmp_path: Path, setting, said) -> None:
    ran = run(
        "plugins", "save", "Comp (Acme)", "X", "--set", setting, "--state", str(tmp_path / "state"), **known
    )
    assert ran.code == 2 and said in ran.err


def test_a_preset_of_the_plugin_s_own_is_saved_with_its_state(run: Run, known, tmp_path: Path) -> None:
    (tmp_path / "a.vstpreset").write_bytes(b"VST3" + bytes(60))
    options = ("--from", str(tmp_path / "a.vstpreset"), "--state", str(tmp_path / "state"), "--json")
    saved = run("plugins", "save", "Comp (Bolt)", "Own", *options, **known).json
    held = json.loads(Path(saved["file"]).read_text("utf-8"))
    assert (
        held["plugin"]["name"] == "Comp"
        and held["state_sha256"]
        and held["state_base64"].startswith("VlNUMw")
    )


def test_saving_nothing_is_refused(run: Run, known, tmp_path: Path) -> None:
    ran = run("plugins", "save", "Comp (Acme)", "X", "--state", str(tmp_path / "state"), **known)
    assert ran.code == 2 and "--plan PLAN.json, --from FILE.vstpreset, or --set NAME=VALUE" in ran.err


# -- maps -----------------------------------------------------------------------------------------------------------

GOOD = 'plugin = "Lonely"\neffect = "compressor"\n\n[parameters]\nratio = "ratio"\n'


def broken(text: str, folder: Path) -> tuple[str, int | None, str]:
    (folder / "plugins").mkdir(exist_ok=True)
    (folder / "plugins" / "mine.toml").write_text(text, encoding="utf-8")
    (item,) = own_maps(folder)[1]
    return item.plugin, item.line, item.why


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('plugin = "Comp"\neffect = "compressor"\n[parameters\n', 3, "table declaration"),
        ('plugin = "Comp"\neffect = "squasher"\n', 2, "no effect 'squasher'"),
        (
            'plugin = "Comp"\neffect = "compressor"\n\n[parameters]\nrato = "ratio"\n',
            5,
            "no parameter 'rato'",
        ),
        (
            'plugin = "Comp"\neffect = "gain"\n\n[parameters]\ngain_db = { to = "g", factor = 0 }\n',
            5,
            "factor of 0",
        ),
    ],
)
def test_a_broken_map_is_told_with_its_line(tmp_path: Path, text, line, why) -> None:
    plugin, at, said = broken(text, tmp_path)
    assert (plugin, at) == ("Comp", line)
    assert why in said


def test_one_broken_map_leaves_the_others_and_is_told_wherever_it_would_count(
    run: Run, known, tmp_path: Path, vocal: Path
) -> None:
    (own(known) / "acme.toml").write_text(GOOD.replace("Lonely", "L" * 90), encoding="utf-8")
    (own(known) / "comp.toml").write_text('plugin = "Comp"\neffect = "squasher"\n', encoding="utf-8")
    state = ("--state", str(tmp_path / "state"))
    listed = run("plugins", "list", "--json", *state, **known).json
    plays = {item["name"]: item["plays"] for item in listed["plugins"]}
    assert plays["L" * 90] == {"compressor": "trusted"}
    assert [(item["line"], item["plugin"]) for item in listed["broken_maps"]] == [(2, "Comp")]
    assert "comp.toml, line 2" in run("plugins", "list", *state, **known).out
    checks = run("doctor", "--json", **known, BRIDGE_OSC_PORT="0").json["checks"]
    assert any("comp.toml, line 2" in check["found"] for check in checks if check["name"] == "plugin maps")
    made = run("plan", str(vocal), "compress with Comp (Acme)", "--json", *state, **known).json
    assert any("comp.toml, line 2" in warning for warning in made["warnings"])
    ran = run("plugins", "map", "Comp (Acme)", *state, **known)
    assert ran.code == 2 and "comp.toml, line 2" in ran.err
