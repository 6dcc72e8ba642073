"""Finding: a reading held against what is sound in general and against a target: what is wrong, and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target

Severity = Literal["note", "warning", "fault"]
ASKED = ("target_", "reference_")
ORDER: tuple[Severity, ...] = ("fault", "warning", "note")


@dataclass(frozen=True)
class Remedy:
    """words: a wish that the planner understands. effect, parameters: the same as a step's hint, where there is one."""

    words: str
    effect: str | None = None
    parameters: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"words": self.words}
        if self.effect:
            out |= {"effect": self.effect, "parameters": self.parameters or {}}
        return out


@dataclass(frozen=True)
class Finding:
    """code: which rule spoke. value and expected in the metric's unit. at_s: where, where it has a place."""

    code: str
    metric: str
    value: float | str | None
    expected: str
    severity: Severity
    sentence: str
    remedy: Remedy | None = None
    at_s: float | None = None

    @property
    def was_asked(self) -> bool:
        """Whether it speaks of a target or a reference that the user named."""
        return self.code.startswith(ASKED)

    def to_json(self) -> dict[str, Any]:
        """The contract's shape in `analyze --json`."""
        out: dict[str, Any] = {
            "code": self.code,
            "metric": self.metric,
            "value": self.value,
            "expected": self.expected,
            "severity": self.severity,
            "sentence": self.sentence,
            "remedy": self.remedy.to_json() if self.remedy else None,
        }
        if self.at_s is not None:
            out["at_s"] = self.at_s
        return out


def findings(
    analysis: Analysis,
    target: Target | None = None,
    reference: Target | None = None,
    others: Sequence[Target] = (),
) -> tuple[Finding, ...]:
    """What every rule has to say about this sound: first what was asked for with a target and a reference, then what is
    wrong with it, each the worst first.

    target: of a platform or a genre. reference: a sound as `Target.of` makes it, held against as well.
    others: further platforms or genres.
    """
    from bridge.analysis.rules import RULES
    from bridge.analysis.rules.target import against_target

    found = [finding for rule in RULES for finding in rule(analysis, target)]
    for wanted in (*others, reference):
        found += against_target(analysis, wanted)
    return tuple(sorted(found, key=lambda finding: (not finding.was_asked, ORDER.index(finding.severity))))
