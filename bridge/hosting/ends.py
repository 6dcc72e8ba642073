"""What a process died of, in the name of the plugin that was at work in it."""

from __future__ import annotations

from bridge.errors import PluginFailed, WorkerDied


def died(title: str, stage: str, error: WorkerDied) -> PluginFailed:
    """A worker's death in the plugin's name: `hung`, `memory` or `crashed`, and while it was doing what.

    What it printed last stays in the log; it says more about the interpreter than about the plugin.
    """
    fault, how = how_it_died(error)
    return PluginFailed(f"Plugin {title} {DID[fault]} while {stage}: its process {how}", title, fault)


def how_it_died(error: WorkerDied) -> tuple[str, str]:
    """The fault that a worker's death speaks of, and the words that complete "its process ..."."""
    text = error.message.split(" Its last words:")[0]
    hung = "progress" in text or "sign of life" in text
    how = text.split(" ", 3)[3] if text.startswith("Worker process ") else text
    stopped = "was stopped" in text
    return "stopped" if stopped else "hung" if hung else "memory" if "of memory" in text else "crashed", how


DID = {"stopped": "was stopped", "hung": "hung", "memory": "took too much memory", "crashed": "crashed"}
