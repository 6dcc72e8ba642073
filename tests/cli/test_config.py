"""`dawbridge config` tells what holds and hides what is secret."""

from __future__ import annotations

import tomllib
from pathlib import Path

from bridge.config.settings import Settings
from tests.cli.conftest import Run


def test_config_tells_value_and_source_of_every_setting(run: Run) -> None:
    data = run("config", "--json", BRIDGE_SETTLE_S="3").json
    assert set(data["settings"]) == set(Settings.model_fields)
    assert data["settings"]["settle_s"] == {
        "value": 3.0, "unit": "s", "source": "BRIDGE_SETTLE_S",
        "sentence": data["settings"]["settle_s"]["sentence"],
    }  # fmt: skip


def test_config_masks_secrets_on_every_stream(run: Run) -> None:
    for arguments in (("config",), ("config", "--json")):
        ran = run(*arguments, BRIDGE_MODEL_API_KEY="s3cr3t", BRIDGE_OSC_TOKEN="t0k3n")
        assert (
            "********" in ran.out and "s3cr3t" not in ran.out + ran.err and "t0k3n" not in ran.out + ran.err
        )


def test_a_named_file_is_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "studio.toml"
    file.write_text('default_request = "warmer"', encoding="utf-8")
    setting = run("--config", str(file), "config", "--json").json["settings"]["default_request"]
    assert (setting["value"], setting["source"]) == ("warmer", str(file))


def test_a_bad_setting_is_code_2(run: Run) -> None:
    ran = run("config", "--json", BRIDGE_OSC_PORT="70000")
    assert ran.code == 2 and "0 to 65535" in ran.json["error"]["message"]


def test_the_example_is_toml_with_every_setting_commented_out(run: Run) -> None:
    out = run("config", "--example").out
    assert tomllib.loads(out) == {}
    uncommented = "\n".join(line.removeprefix("# ") for line in out.splitlines() if " = " in line)
    assert set(tomllib.loads(uncommented)) <= set(Settings.model_fields)
    assert all(f"# {name} =" in out for name in Settings.model_fields)


def test_a_misspelt_variable_is_told(run: Run) -> None:
    ran = run("config", BRIDGE_INBX="x")
    assert ran.code == 0 and "did you mean BRIDGE_INBOX?" in ran.err
