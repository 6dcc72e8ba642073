"""Context: everything a planner may know besides the words, handed in as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.planning.chain import Chain
from bridge.planning.lexicon import Lexicon
from bridge.planning.plan import Plan
from bridge.planning.value import Value


class KnownPlugin(Value):
    """A hosted plugin that a scan has found. parameters: names in the plugin's own spelling -> (low, high)."""

    name: str
    file: str
    identifier: str | None = None
    version: str | None = None
    parameters: dict[str, tuple[float, float] | None] = Field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """analyses: by name of the stem, or one under "input"."""

    analyses: Mapping[str, Analysis]
    lexicon: Lexicon
    targets: Mapping[str, Target] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)
    plugins: tuple[KnownPlugin, ...] = ()
    previous: Plan | None = None
    target: Target | None = None

    @property
    def main(self) -> str:
        """Where a wish without a place goes: the only sound, or the mix of all stems."""
        return next(iter(self.analyses)) if len(self.analyses) == 1 else "mix"

    def analysis(self, where: str) -> Analysis | None:
        """Of that stem; None for a mix that was not measured as such."""
        return self.analyses.get(where)
