"""Hosting: VST3 and AU plugins, which may crash, hang, leak or lie, behind the renderer's plugin port.

Loaded when first used; nothing here imports pedalboard before a plugin is wanted.
`bridge.hosting.scan.scan` fills the catalogue.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.hosting.catalogue import Catalogue
    from bridge.hosting.host import PluginHost
    from bridge.hosting.record import PluginParameter, PluginRecord

_HOMES = {
    "Catalogue": "bridge.hosting.catalogue",
    "PluginHost": "bridge.hosting.host",
    "PluginParameter": "bridge.hosting.record",
    "PluginRecord": "bridge.hosting.record",
}

__all__ = ["Catalogue", "PluginHost", "PluginParameter", "PluginRecord"]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'bridge.hosting' has no attribute {name!r}")
    return getattr(import_module(home), name)
