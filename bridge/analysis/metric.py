"""The noun Metric: one measured quantity, its unit, where its definition stands, and what a value means."""

from __future__ import annotations

from typing import ClassVar, Literal

from bridge.analysis.passes import Passes

Law = Literal["level", "linear", "invariant", "rising"]


class Metric:
    """Base of every metric. Subclasses are one file each and one entry of `bridge.analysis.metrics.METRICS`.

    Class variables:
        name: what readings call it. unit: of its value. source: standard and clause, or paper, or our own definition.
        sentence: what it tells, for people.
        needs: names of the passes it reads; a pass that no wanted metric needs is not run.
        belongs_to: the metric without which this one is not asked for.
        law: what +6.02 dB of gain does: "level" adds 6.02, "linear" doubles, "invariant" changes nothing,
            "rising" never makes it less (counts of what lies over a fixed level).
    """

    name: ClassVar[str]
    unit: ClassVar[str]
    source: ClassVar[str]
    sentence: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    belongs_to: ClassVar[str | None] = None
    law: ClassVar[Law] = "invariant"

    def read(self, passes: Passes) -> float | str:
        """The value in `unit`. Raises Unmeasurable with the reason where there is none."""
        raise NotImplementedError

    def explain(self, value: float | str) -> str:
        """What this value means, in a sentence for people."""
        raise NotImplementedError
