"""Loading a plugin with pedalboard, and pedalboard's errors in our words. To be called on a process's main thread.

Everything here runs foreign native code in this process, `names` included: asking a file for its plugins loads it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from bridge.errors import PluginFailed
from bridge.hosting import floating


def load(file: str | Path, name: str | None = None, timeout_s: float = 120.0) -> Any:
    """The plugin in a .vst3 or .component bundle; `name` chooses where a bundle holds several.

    timeout_s: how long a plugin may go on loading resources in the background; it does not end a hang in native
    code, only killing the process does. Raises PluginFailed (`unusable`).
    """
    from pedalboard._pedalboard import load_plugin

    title = name or Path(file).stem
    if threading.current_thread() is not threading.main_thread():
        raise PluginFailed(f"Plugin {title} was asked for away from the main thread.", title, "unusable")
    try:
        with floating.kept():
            return load_plugin(str(file), plugin_name=name, initialization_timeout=timeout_s)
    except (ImportError, RuntimeError, ValueError, NotImplementedError, OSError) as error:
        raise PluginFailed(
            f"Plugin {title} cannot be loaded: {_first_line(error)}", title, "unusable"
        ) from error


def load_first(file: str | Path, name: str | None = None) -> tuple[Any, list[str]]:
    """The plugin of a bundle, or the first or the named one of several, with the names of all where it is several."""
    try:
        return load(file, name), []
    except PluginFailed:
        several = names(file)
        if len(several) < 2:
            raise
    return load(file, several[0]), several


def names(file: str | Path) -> list[str]:
    """Names of the plugins in a bundle. Raises PluginFailed (`unusable`) where it is no plugin."""
    import pedalboard

    kind = getattr(pedalboard, "AudioUnitPlugin", None) if str(file).endswith(".component") else None
    try:
        return list((kind or pedalboard.VST3Plugin).get_plugin_names_for_file(str(file)))
    except (ImportError, RuntimeError, ValueError, OSError) as error:
        title = Path(file).stem
        raise PluginFailed(f"Plugin {title} is no plugin: {_first_line(error)}", title, "unusable") from error


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2])[:300] if lines else type(error).__name__
