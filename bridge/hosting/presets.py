"""Presets of a plugin: its own `.vstpreset`s, and ours, which are JSON that people can read.

Ours is what a plan holds: {"schema": 1, "plugin": {name, identifier, version}, "parameters": {...}, "state_base64",
"state_sha256"}. The parameters are for people; the state is what brings the sound back.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from bridge.effects.hosted_plugin import HostedPlugin
from bridge.errors import BadInput
from bridge.hosting import state

SCHEMA = 1
MOST_BYTES = 32 * 1024 * 1024


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
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
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
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{title} is no preset: neither a .vstpreset nor one of ours.") from error


def with_state(effect: HostedPlugin, blob: bytes) -> HostedPlugin:
    """The effect with a plugin's own state, and the hash that it must have."""
    text = base64.b64encode(blob).decode("ascii")
    return effect.model_copy(update={"state_base64": text, "state_sha256": state.digest(blob)})
