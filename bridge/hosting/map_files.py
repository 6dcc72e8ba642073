"""Plugin maps as TOML that people read and edit: the user's own, written where a guess was trusted."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from bridge.files.atomic import write_bytes
from bridge.files.small import read_small
from bridge.hosting.map_template import template
from bridge.hosting.mapping import BandSlot, PluginMap, Target, Value
from bridge.hosting.own_maps import MOST_BYTES, own_maps
from bridge.hosting.presets import folder_name
from bridge.hosting.record import PluginRecord


def own_file(plugin: str, own: Path) -> Path:
    """Where the user's map of a plugin lies: the file that is loaded, or else a free name for one.

    own: the user's presets folder. Files that are no maps are left alone.
    """
    folder = own / "plugins"
    files = sorted(folder.glob("*.toml"))
    if loaded := [file for file in files if _plugin(file) == plugin]:
        return loaded[-1]  # as `load_maps` reads them, the last one wins
    name = folder_name(plugin).lower()
    names = (
        f"{name}{suffix}.toml" for suffix in ("", *(f"-{number}" for number in range(2, len(files) + 3)))
    )
    return next(file for one in names if not (file := folder / one).exists())


def _plugin(file: Path) -> str:
    try:
        return str(tomllib.loads(read_small(file, MOST_BYTES).decode("utf-8")).get("plugin"))
    except (OSError, ValueError, RecursionError):
        return ""


def own_map(plugin: str, own: Path) -> PluginMap | None:
    """The user's own map of a plugin, or None; broken ones are none."""
    return own_maps(own)[0].get(plugin)


def write(found: PluginMap, own: Path) -> Path:
    """Writes a map as the user's own, and returns its file. What lay there before stays beside it as `.toml.bak`."""
    file = own_file(found.plugin, own)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = to_toml(found).encode()
    before = file.read_bytes() if file.exists() else fresh
    if before != fresh:
        write_bytes(file.with_suffix(".toml.bak"), before)
    write_bytes(file, fresh)
    return file


def begin(record: PluginRecord, effect: str, own: Path) -> Path:
    """Writes an empty map of a plugin as the user's own, where there is none, and returns its file."""
    file = own_file(record.name, own)
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        write_bytes(file, template(record, effect).encode())
    return file


def to_toml(found: PluginMap) -> str:
    """A map in the format of presets/plugins/README.md; loading it gives an equal one."""
    lines = [f"plugin = {_text(found.plugin)}", f"effect = {_text(found.effect)}"]
    lines += [f"checked = {_text(found.checked)}"] if found.checked else []
    lines += [] if found.trusted else ["trusted = false"]
    if found.parameters:
        lines += ["", "[parameters]"]
        lines += [f"{_key(name)} = {_target(target)}" for name, target in found.parameters.items()]
    if found.fixed:
        lines += ["", "[fixed]", *(f"{_key(name)} = {_value(value)}" for name, value in found.fixed.items())]
    for slot in found.bands:
        lines += ["", "[[bands]]", *_slot(slot)]
    return "\n".join(lines) + "\n"


def _slot(slot: BandSlot) -> list[str]:
    texts = [
        ("kind", slot.kind),
        ("frequency_hz", slot.frequency_hz),
        ("gain_db", slot.gain_db),
        ("on", slot.on),
    ]
    lines = [f"{key} = {_text(value)}" for key, value in texts if value is not None]
    widths = [("q", slot.q), ("bandwidth_octaves", slot.bandwidth_octaves)]
    return [*lines, *(f"{key} = {_target(target)}" for key, target in widths if target is not None)]


def _target(target: Target) -> str:
    parts = [f"to = {_text(target.to)}"]
    parts += [f"also = [{', '.join(map(_text, target.also))}]"] if target.also else []
    parts += [f"factor = {target.factor!r}"] if target.factor != 1.0 else []
    parts += [f"offset = {target.offset!r}"] if target.offset else []
    if target.points:
        parts.append(f"points = [{', '.join(f'[{ours!r}, {theirs!r}]' for ours, theirs in target.points)}]")
    return _text(target.to) if len(parts) == 1 else "{ " + ", ".join(parts) + " }"


def _value(value: Value) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else _text(value)
        if isinstance(value, str)
        else repr(value)
    )


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(text: str) -> str:
    """JSON's strings are TOML's basic ones, but for the character DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
