"""Draft: a step while it is being made; the builder's drafts become the plan's steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.analysis.reading import Analysis
from bridge.planning.intent import Intent, Span
from bridge.planning.part import Part
from bridge.planning.plan import Evidence


@dataclass
class Draft:
    """said: paths of numbers that soft spans do not hold and no judgement overwrites, because the user named them;
    judged: those of them that nobody named, because a reference or a goal came to them. spoken: position in the words.

    before_loudness: of a limiter that is no last word, because the loudness step behind it lifts what it has limited.
    """

    effect: str
    where: str
    span: Span | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    intents: list[str] = field(default_factory=list)
    confidence: float = 1.0
    spoken: float = 0
    before_loudness: bool = False
    part: Part = "all"
    turn: int = 0

    def because(self, reason: str, *evidence: Evidence | None) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.evidence += [item for item in evidence if item is not None and item not in self.evidence]

    def put(self, parameters: Mapping[str, Any], said: bool) -> None:
        """Sets parameters; what the user named is never overwritten by a judgement."""
        for name, value in _whole_bands(parameters).items():
            if said or name not in self.said:
                self.parameters[name] = value
                if said:
                    self.said.add(name)
                    self.judged.discard(name)
        if said:
            self.said |= {name for name in parameters if "." in name}

    def judge(self, parameters: Mapping[str, Any], *paths: str) -> None:
        """Sets parameters that nobody named and that hold as if somebody had. paths: of numbers inside them."""
        free = {name: value for name, value in parameters.items() if name not in self.said}
        self.put(free, said=True)
        self.said |= set(paths)
        self.judged |= {*free, *paths}

    @property
    def bands(self) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = self.parameters.setdefault("bands", [])
        return made


def _whole_bands(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with "bands.0.width" and the like gathered into bands, which stand for all of them then."""
    found = {name: value for name, value in parameters.items() if "." not in name}
    gathered: dict[str, dict[int, dict[str, Any]]] = {}
    for name, value in parameters.items():
        if name not in found:
            field, index, inner = name.split(".")
            gathered.setdefault(field, {}).setdefault(int(index), {})[inner] = value
    return found | {field: [items[index] for index in sorted(items)] for field, items in gathered.items()}


def source(intent: Intent) -> str:
    """What a step was asked by, in a few words: "descriptor bright +1"."""
    sign = (
        f" {intent.amount:+g}"
        if intent.operation in ("descriptor", "effect", "auto", "level", "chain")
        else ""
    )
    return f"{intent.operation} {intent.subject}".strip() + sign


def quoted(intent: Intent) -> str:
    return f'"{intent.words}"' if intent.words else intent.subject


def evidence(analysis: Analysis | None, metric: str, threshold: float | None = None) -> Evidence | None:
    """A reading as evidence; None where it was not measured."""
    if analysis is None or metric not in analysis:
        return None
    reading = analysis[metric]
    if reading.value is None:
        return None
    value = round(reading.value, 2) if isinstance(reading.value, float) else reading.value
    return Evidence(metric=metric, value=value, unit=reading.unit, threshold=threshold)


def measured(analysis: Analysis | None, metric: str) -> str:
    """ "integrated loudness -19.3 LUFS", or "" where it was not measured."""
    found = evidence(analysis, metric)
    if found is None or not isinstance(found.value, (int, float)):
        return ""
    digits = 0 if found.unit == "Hz" else 2 if found.unit == "" else 1
    return f"{metric.replace('_', ' ')} {found.value:.{digits}f} {found.unit}".strip()
