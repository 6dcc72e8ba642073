"""What the parts of a song are likely called: by what comes back, how loud it is, and where it stands. Own rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.analysis.form import Part

SURE = 0.5
"""Confidence from which a name is taken without asking."""

_CLEAR_DB = 2.0
"""By so much louder, a chorus is beyond doubt."""

_SINGLE = 0.35
"""Confidence in a name for what comes but once and is not at an end."""


@dataclass(frozen=True)
class Named:
    """name: intro, verse, pre_chorus, chorus, bridge, outro, or "" where none fits. confidence 0..1 in the name."""

    part: Part
    name: str
    confidence: float


def named(parts: Sequence[Part]) -> list[Named]:
    """Every part with its name."""
    given = _names(parts)
    return [Named(part, *given.get(index, ("", 0.0))) for index, part in enumerate(parts)]


def _names(parts: Sequence[Part]) -> dict[int, tuple[str, float]]:
    kinds: dict[str, list[int]] = {}
    for index, part in enumerate(parts):
        kinds.setdefault(part.label, []).append(index)
    repeated = {label: at for label, at in kinds.items() if len(at) > 1}
    out: dict[int, tuple[str, float]] = {}
    chorus, sure = _chorus(parts, repeated)
    for index in kinds.get(chorus, ()):
        out[index] = ("chorus", sure)
    rest = {label: at for label, at in repeated.items() if label != chorus}
    before = _before(rest, kinds.get(chorus, []))
    verses = [label for label in rest if label not in before]
    verse = min(verses or list(before), key=lambda label: (-_length(parts, rest[label]), label), default="")
    for label, at in rest.items():
        called = "verse" if label == verse else "pre_chorus" if label in before else ""
        for index in at:
            if called:
                out[index] = (called, sure if called == "verse" else 0.8 * sure)
    return _ends(parts, out, kinds, chorus, sure)


def _chorus(parts: Sequence[Part], repeated: dict[str, list[int]]) -> tuple[str, float]:
    """The loudest of what comes back; how sure, by how much louder it is than the next."""
    if not repeated:
        return "", 0.0
    levels = sorted(((_level(parts, at), label) for label, at in repeated.items()), reverse=True)
    if len(levels) == 1:
        return levels[0][1], _alone(parts, repeated[levels[0][1]])
    margin = levels[0][0] - levels[1][0]
    return levels[0][1], round(min(1.0, 0.3 + 0.7 * margin / _CLEAR_DB), 2)


def _alone(parts: Sequence[Part], at: list[int]) -> float:
    """Where one kind alone comes back, it is the chorus as far as it stands over what lies between."""
    between = [
        part.level_db for index, part in enumerate(parts) if index not in at and at[0] < index < at[-1]
    ]
    if not between:
        return _SINGLE
    margin = _level(parts, at) - max(between)
    return round(max(0.0, min(1.0, 0.3 + 0.7 * margin / _CLEAR_DB)), 2)


def _before(rest: dict[str, list[int]], choruses: list[int]) -> list[str]:
    """Labels that are always followed by a chorus, and whose every pass follows another repeated part."""
    others = {index: label for label, at in rest.items() for index in at}
    return [
        label
        for label, at in rest.items()
        if all(index + 1 in choruses for index in at)
        and all(others.get(index - 1, label) != label for index in at)
    ]


def _ends(
    parts: Sequence[Part],
    out: dict[int, tuple[str, float]],
    kinds: dict[str, list[int]],
    chorus: str,
    sure: float,
) -> dict[int, tuple[str, float]]:
    """Intro and outro from both ends up to the first part with a name, and what comes once between choruses."""
    known = sorted(out)
    if not known:
        return out
    for index in range(len(parts)):
        if index in out:
            continue
        if index < known[0]:
            out[index] = ("intro", 0.8)
        elif index > known[-1]:
            out[index] = ("outro", 0.8)
    choruses = kinds.get(chorus, [])
    for index in range(len(parts)):
        if index in out or not choruses:
            continue
        if choruses[0] < index < choruses[-1]:
            out[index] = ("bridge", round(max(_SINGLE, 0.8 * sure), 2))
        elif index < choruses[0]:
            out[index] = ("verse", _SINGLE)
    return out


def _level(parts: Sequence[Part], at: list[int]) -> float:
    """Of the parts together, in dB."""
    powers = [(10 ** (parts[i].level_db / 10), parts[i].end_s - parts[i].start_s) for i in at]
    from math import log10

    return 10 * log10(sum(p * s for p, s in powers) / sum(s for _, s in powers))


def _length(parts: Sequence[Part], at: list[int]) -> float:
    return sum(parts[i].end_s - parts[i].start_s for i in at)
