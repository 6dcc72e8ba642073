"""Presets of a plugin: its own `.vstpreset`s, and ours, which are JSON that people can read.

Ours is what a plan holds: {"schema": 1, "plugin": {name, identifier, version}, "parameters": {...}, "state_base64",
"state_sha256"}. The parameters are for people; the state is what brings the sound back.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadInput, BadPlan
from bridge.files.atomic import write_bytes
from bridge.files.small import read_small
from bridge.hosting import state
from bridge.hosting.parameters import nearest, number
from bridge.hosting.record import PluginParameter, PluginRecord

SCHEMA = 1
MOST_BYTES = 32 * 1024 * 1024


MOST_LISTED = 2000


@dataclass(frozen=True)
class Preset:
    """One preset file by its stem. ours: JSON, written by `save`; else the plugin's own `.vstpreset`."""

    name: str
    file: Path
    ours: bool


def listed(record: PluginRecord, own: Path | None = None) -> list[Preset]:
    """All presets of a plugin: ours in `plugins/<name>` of the user's presets folder `own`, then the plugin's own in
    the folders of the system (<folder>/<vendor>/<plugin>; Steinberg, VST 3 preset locations). Of equal names the
    first counts."""
    found: dict[str, Preset] = {}
    for preset in [*_ours(record.name, own), *_theirs(record)][:MOST_LISTED]:
        found.setdefault(preset.name.lower(), preset)
    return sorted(found.values(), key=lambda preset: preset.name.lower())


def named(record: PluginRecord, name: str, own: Path | None = None) -> Path:
    """The file of a preset. Raises BadInput with the nearest ones."""
    there = {preset.name.lower(): preset for preset in listed(record, own)}
    if name.lower() not in there:
        near = nearest(name, [preset.name for preset in there.values()])
        which = f"has no preset {name!r}" if name else "has presets, but none was named"
        some = f"there is: {near}" if there else "there is none (`dawbridge plugins save` makes one)"
        raise BadInput(f"{record.name} {which}; {some}.")
    return there[name.lower()].file


def save(effect: HostedPlugin, name: str, own: Path, replace: bool = False) -> Path:
    """Writes a hosted plugin as our preset `name`, and returns its file. Raises BadInput for a bad name, and for one
    that is there already (in whatever case) unless `replace`."""
    if not name.strip(" .") or re.search(r'[\x00-\x1f/\\:*?"<>|]', name) or len(name) > 100:
        raise BadInput(f"{name[:60]!r} is no name for a preset: a file is called so.")
    file = own / "plugins" / folder_name(effect.plugin.name) / f"{name.strip()}.json"
    alike = (item for item in _ours(effect.plugin.name, own) if item.name.lower() == file.stem.lower())
    there = next(alike, None)
    if there is not None and not replace:
        raise BadInput(f"{there.file} is there already, and is kept; --replace writes over it.")
    file = there.file if there is not None else file
    file.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(file, (json.dumps(of_effect(effect), indent=2, ensure_ascii=False) + "\n").encode())
    return file


def folder_name(plugin: str) -> str:
    """A plugin's name as that of a folder, whatever characters it holds."""
    return re.sub(r"[^\w .+-]", "_", plugin).strip(" .") or "plugin"


def _ours(plugin: str, own: Path | None) -> Iterator[Preset]:
    folder = own / "plugins" / folder_name(plugin) if own is not None else None
    if folder is not None and folder.is_dir():
        yield from (Preset(file.stem, file, True) for file in sorted(folder.glob("*.json")))


def _theirs(record: PluginRecord) -> Iterator[Preset]:
    for folder in preset_folders():
        for vendor in dict.fromkeys((folder_name(record.vendor), record.vendor)):
            inside = folder / vendor / folder_name(record.name) if vendor else None
            if inside is not None and inside.is_dir():
                yield from (Preset(file.stem, file, False) for file in sorted(inside.rglob("*.vstpreset")))


def preset_folders() -> list[Path]:
    """Where plugins keep their presets on this system; not run on macOS and Windows."""
    home = Path.home()
    if sys.platform == "darwin":
        return [home / "Library/Audio/Presets", Path("/Library/Audio/Presets")]
    if sys.platform == "win32":
        named_by = [os.environ.get(name) for name in ("APPDATA", "PROGRAMDATA")]
        roaming = [Path(value) / "VST3 Presets" for value in named_by if value]
        return [home / "Documents" / "VST3 Presets", *roaming]
    return [home / ".vst3/presets", Path("/usr/share/vst3/presets"), Path("/usr/local/share/vst3/presets")]


def of_effect(effect: HostedPlugin) -> dict[str, Any]:
    """A plan's hosted plugin as a preset."""
    shown = effect.model_dump(mode="json", by_alias=True, exclude_none=True)
    shown["plugin"].pop("file", None)
    return {"schema": SCHEMA, **shown}


def read(path: Path, name: str) -> HostedPlugin:
    """A preset file as a step's effect. name: of the plugin, for a `.vstpreset`, which does not say it.

    Raises BadInput where it is neither kind.
    """
    try:
        data = read_small(path, MOST_BYTES)
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror}.") from error
    if len(data) > MOST_BYTES:
        raise BadInput(f"{path.name} is larger than {MOST_BYTES // 2**20} MiB, which no preset is.")
    if data.startswith(b"VST3"):
        return with_state(HostedPlugin.model_validate({"plugin": {"name": name}}), data)
    return _of_json(path.name, data)


def _of_json(title: str, data: bytes) -> HostedPlugin:
    try:
        shown = json.loads(data)
        if shown.pop("schema") != SCHEMA:
            raise BadInput(f"{title} is a preset of another version of dawbridge.")
        return HostedPlugin.model_validate(shown)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(f"{title} is no preset: neither a .vstpreset nor one of ours.") from error


def with_settings(effect: HostedPlugin, record: PluginRecord, texts: Iterable[str]) -> HostedPlugin:
    """The effect with parameters from words ("threshold_db=-20", "release_ms=0.2 s"), each checked against what the
    scan found. Raises BadInput."""
    settings = dict(effect.settings)
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name or not value:
            raise BadInput(f"{text!r} is no NAME=VALUE, as in threshold_db=-20.")
        parameter = _parameter(record, name)
        settings[parameter.name] = _value(parameter, value, record.name)
    return effect.model_copy(update={"settings": settings})


def _parameter(record: PluginRecord, name: str) -> PluginParameter:
    """By its name or its title, in any case."""
    for item in record.parameters:
        if name.lower() in (item.name.lower(), item.title.lower()):
            if item.hidden is not None:
                raise BadInput(f"{record.name}: {name} cannot be set, it {item.hidden}.")
            return item
    near = nearest(name, [item.name for item in record.settable])
    raise BadInput(f"{record.name} has no parameter {name!r}; nearest: {near}.")


def _value(parameter: PluginParameter, text: str, plugin: str) -> bool | float | str:
    if parameter.kind == "number":
        try:
            return number(text, parameter, plugin)
        except BadPlan as error:
            raise BadInput(error.message) from None
    if parameter.kind == "switch":
        if text.lower() not in ("true", "false", "on", "off", "yes", "no", "1", "0"):
            raise BadInput(f"{plugin}: {parameter.name} is a switch and takes true or false, not {text!r}.")
        return text.lower() in ("true", "on", "yes", "1")
    choice = next((item for item in parameter.choices if item.lower() == text.lower()), None)
    if choice is None:
        near = nearest(text, parameter.choices)
        raise BadInput(f"{plugin}: {parameter.name} has no choice {text!r}; it has {near}.")
    return choice


def with_state(effect: HostedPlugin, blob: bytes) -> HostedPlugin:
    """The effect with a plugin's own state, and the hash that it must have."""
    text = base64.b64encode(blob).decode("ascii")
    return effect.model_copy(update={"state_base64": text, "state_sha256": state.digest(blob)})
