"""What was asked of a plugin and is done without it: part of a plan, and of the result that was rendered from it."""

from __future__ import annotations

from bridge.planning.value import Value


class Replaced(Value):
    """A plugin that was asked for and does not play. step: where it would have played, "" where nothing does.

    by: the effect that stands in, None where nothing does. fault: one word: as in PluginFailed, or "unmapped" for a
    plugin of which nobody knows how it plays the effect. why: the sentence.
    """

    step: str
    plugin: str
    by: str | None
    fault: str
    why: str

    def sentence(self) -> str:
        """For people."""
        done = f"the built-in {self.by} stands in for it" if self.by else "it was left out"
        return f"step {self.step} (hosted_plugin): {done}. {self.why}"
