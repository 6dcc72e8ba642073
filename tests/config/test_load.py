"""Where a setting comes from, who wins, and what is said when it is wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bridge.config import load
from bridge.config.load import SECRETS
from bridge.config.setting import meaning_of
from bridge.config.settings import Settings
from bridge.errors import BadSetting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("", encoding="utf-8")
    return path


def test_default_file_env_and_command_line_win_in_this_order(file: Path, tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    seen = []
    for text, line, env, flag in [
        ("", "", {}, {}),
        ("osc_port = 9001", "", {}, {}),
        ("osc_port = 9001", "BRIDGE_OSC_PORT=9002", {}, {}),
        ("osc_port = 9001", "BRIDGE_OSC_PORT=9002", {"BRIDGE_OSC_PORT": "9003"}, {}),
        ("osc_port = 9001", "BRIDGE_OSC_PORT=9002", {"BRIDGE_OSC_PORT": "9003"}, {"osc_port": 9004}),
    ]:
        file.write_text(text, encoding="utf-8")
        dotenv.write_text(line, encoding="utf-8")
        loaded = load(flag, env, file, dotenv)
        seen.append((loaded.settings.osc_port, loaded.sources["osc_port"]))
    assert seen == [
        (9190, "default"),
        (9001, str(file)),
        (9002, f"BRIDGE_OSC_PORT in {dotenv}"),
        (9003, "BRIDGE_OSC_PORT"),
        (9004, "command line"),
    ]


def test_an_option_that_was_not_given_overrides_nothing(file: Path) -> None:
    file.write_text("settle_s = 3", encoding="utf-8")
    loaded = load({"settle_s": None}, {}, file, None)
    assert (loaded.settings.settle_s, loaded.sources["settle_s"]) == (3.0, str(file))


def test_a_table_and_a_joined_name_mean_the_same(file: Path) -> None:
    file.write_text('[model]\nbase_url = "http://127.0.0.1:1/v1"\nname = "m"\n', encoding="utf-8")
    settings = load({}, {}, file, None).settings
    assert (settings.model_base_url, settings.model_name) == ("http://127.0.0.1:1/v1", "m")


def test_relative_paths_in_the_file_start_at_its_folder(file: Path) -> None:
    file.write_text('inbox = "in"\nroots = ["stems"]', encoding="utf-8")
    settings = load({}, {}, file, None).settings
    assert settings.inbox == file.parent / "in"
    assert settings.roots == (file.parent / "stems",)


def test_lists_in_the_environment_are_split_like_path(file: Path) -> None:
    import os

    settings = load({}, {"BRIDGE_ROOTS": f"/a{os.pathsep}/b"}, file, None).settings
    assert [path.name for path in settings.roots] == ["a", "b"]


def test_addresses_in_the_environment_are_split_at_commas(file: Path) -> None:
    settings = load({}, {"BRIDGE_OSC_ALLOWED": "192.168.1.7, fd00::/8"}, file, None).settings
    assert settings.osc_allowed == ("192.168.1.7/32", "fd00::/8")


def test_an_allowed_sender_that_is_no_address_is_named(file: Path) -> None:
    file.write_text('osc_allowed = ["studio"]', encoding="utf-8")
    with pytest.raises(BadSetting, match="'studio' is no address"):
        load({}, {}, file, None)


def test_dotenv_understands_export_quotes_and_comments(file: Path, tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "# a note\nexport BRIDGE_MODEL_NAME='a model'\nBRIDGE_OSC_PORT = 9009\nOTHER=1\n", encoding="utf-8"
    )
    settings = load({}, {}, file, dotenv).settings
    assert (settings.model_name, settings.osc_port) == ("a model", 9009)


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_secrets_show_nowhere(name: str, file: Path) -> None:
    loaded = load({name: "s3cr3t"}, {}, file, None)
    assert getattr(loaded.settings, name).get_secret_value() == "s3cr3t"
    everything = repr(loaded) + str(loaded.settings) + json.dumps(loaded.to_json())
    assert "s3cr3t" not in everything + loaded.settings.model_dump_json()


def test_every_secret_field_is_listed_as_one() -> None:
    declared = {name for name, info in Settings.model_fields.items() if "SecretStr" in str(info.annotation)}
    assert declared == SECRETS


def test_a_bad_secret_is_not_repeated_in_the_message(file: Path) -> None:
    file.write_text("osc_token = 12345678", encoding="utf-8")
    with pytest.raises(BadSetting) as caught:
        load({}, {}, file, None)
    assert "12345678" not in caught.value.message and "osc_token" in caught.value.message


def test_a_password_inside_an_address_is_masked(file: Path) -> None:
    loaded = load({"model_base_url": "http://me:pw@host:1/v1"}, {}, file, None)
    assert loaded.to_json()["model_base_url"]["value"] == "http://me:********@host:1/v1"


def test_an_unknown_name_in_the_file_is_refused_with_the_nearest(file: Path) -> None:
    file.write_text("osc_prot = 1", encoding="utf-8")
    with pytest.raises(BadSetting, match=r"osc_prot .* did you mean osc_port"):
        load({}, {}, file, None)


def test_an_unknown_variable_is_told_not_refused(file: Path) -> None:
    loaded = load({}, {"BRIDGE_INBX": "x", "HOME": "/"}, file, None)
    assert loaded.warnings == ("BRIDGE_INBX names no setting; did you mean BRIDGE_INBOX?",)


def test_an_empty_variable_is_not_set(file: Path) -> None:
    assert load({}, {"BRIDGE_OSC_TOKEN": ""}, file, None).sources["osc_token"] == "default"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"osc_port": 70000}, ["osc_port = 70000", "0 to 65535", "command line"]),
        ({"osc_port": "nine"}, ["osc_port = 'nine'", "0 to 65535"]),
        ({"settle_s": float("nan")}, ["settle_s = nan"]),
        ({"settle_s": 0.0}, ["0.05 to 600 s"]),
        ({"polling": "maybe"}, ["polling", "'auto', 'on' or 'off'"]),
        ({"model_base_url": "ftp://x"}, ["model_base_url", "http://"]),
        ({"default_request": "  "}, ["default_request", "must say something"]),
        ({"inbox": "/a", "outbox": "/a/out"}, ["outbox", "lies in the inbox"]),
        ({"osc_host": "0.0.0.0"}, ["0.0.0.0", "set osc_token"]),
        ({"osc_host": "studio.local"}, ["studio.local", "set osc_token"]),
        ({"nonsense": 1}, ["nonsense", "is no setting"]),
    ],
)
def test_a_bad_value_is_named_with_its_span(
    overrides: dict[str, object], words: list[str], file: Path
) -> None:
    with pytest.raises(BadSetting) as caught:
        load(overrides, {}, file, None)
    assert all(word in caught.value.message for word in words), caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_an_outbox_that_leads_into_the_inbox_is_refused_however_it_is_spelled(
    file: Path, tmp_path: Path
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    (tmp_path / "link").symlink_to(inbox)
    for outbox in (tmp_path / "link", tmp_path / "link" / "out", tmp_path / "x" / ".." / "in" / "out"):
        with pytest.raises(BadSetting, match="lies in the inbox"):
            load({"inbox": str(inbox), "outbox": str(outbox)}, {}, file, None)


def test_outside_addresses_are_allowed_with_a_token(file: Path) -> None:
    assert load({"osc_host": "0.0.0.0", "osc_token": "x"}, {}, file, None).settings.osc_host == "0.0.0.0"


@pytest.mark.parametrize("content", [b"osc_port =", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_named(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(BadSetting, match=r"config\.toml is no TOML"):
        load({}, {}, file, None)


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no settings file"):
        load({}, {}, tmp_path / "none.toml", None)
    with pytest.raises(BadSetting, match="no settings file"):
        load({}, {"BRIDGE_CONFIG": str(tmp_path / "none.toml")}, None, None)


def test_every_setting_has_a_sentence_and_a_source(file: Path) -> None:
    loaded = load({}, {}, file, None)
    for name, info in Settings.model_fields.items():
        assert meaning_of(info).sentence.endswith("."), name
        assert loaded.sources[name] == "default"
    json.dumps(loaded.to_json())
