"""A plugin's own state as bytes. It is stale until a block was processed, and garbage is taken without a word."""

from __future__ import annotations

import base64
import binascii
import hashlib
import xml.etree.ElementTree as ET
from typing import Any

from bridge.errors import BadPlan, PluginFailed

MOST_BYTES = 16 * 1024 * 1024
_VST3_STATE = b"VC2!"
_VST3_PRESET = b"VST3"


def decode(text: str, plugin: str, sha256: str | None = None) -> bytes:
    """The bytes of a plan's `state_base64`. BadPlan where it is no state of a plugin, or not the one it should be."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPlan(f"{plugin}: its stored state is no base64 text.") from error
    if len(blob) > MOST_BYTES:
        raise BadPlan(f"{plugin}: its stored state is larger than {MOST_BYTES // 2**20} MiB.")
    if sha256 is not None and digest(blob) != sha256:
        raise BadPlan(
            f"{plugin}: its stored state is not the one that the plan was made with (its hash differs)."
        )
    if not blob.startswith(_VST3_PRESET) and component(blob) is None:
        raise BadPlan(f"{plugin}: its stored state is damaged or belongs to another format.")
    return blob


def component(blob: bytes) -> str | None:
    """The plugin's own part of a raw state, or None where there is none (a plugin that denies its state).

    The frame is JUCE's: "VC2!", a length, then XML with the component's bytes as text.
    """
    if not blob.startswith(_VST3_STATE):
        return None
    try:
        root = ET.fromstring(blob[8:].rstrip(b"\0").decode("utf-8"))
    except (ET.ParseError, UnicodeDecodeError):
        return None
    found = root.findtext("IComponent")
    return found if root.tag == "VST3PluginState" else None


def restore(plugin: Any, blob: bytes) -> None:
    """Gives a loaded plugin its state back; it holds once a block was processed. Raises PluginFailed (`state`)."""
    name = str(plugin.name)
    try:
        if blob.startswith(_VST3_PRESET):
            plugin.preset_data = blob
        else:
            plugin.raw_state = blob
    except (RuntimeError, ValueError) as error:
        raise PluginFailed(f"Plugin {name} does not take its stored state: {error}", name, "state") from error


def take(plugin: Any) -> bytes:
    """The state of a loaded plugin that has processed a block. Raises PluginFailed (`state`) where it gives none."""
    blob = bytes(plugin.raw_state)
    if not component(blob):
        name = str(plugin.name)
        raise PluginFailed(f"Plugin {name} does not give its state away.", name, "state")
    return blob


def digest(blob: bytes) -> str:
    """SHA-256 of a state, to stand beside it."""
    return hashlib.sha256(blob).hexdigest()
