"""Width of a part of the spectrum: "widen the highs", "narrower below 200 Hz"."""

from __future__ import annotations

from bridge.planning.clauses import Clause
from bridge.planning.frames import frames
from bridge.planning.hearing.ear import Ear
from bridge.planning.meanings import Area
from bridge.planning.tokens import Token

_LOWEST_HZ = 20.0
_OTHER_WISHES = frozenset(
    ("more", "less", "remove", "keep", "not", "without", "too", "mono", "quiet", "louder", "quieter")
)
_WIDER, _NARROWER = 0.3, -0.35
_FOLD_HZ = 120.0
"""Below which a narrower bass stands in the middle."""


def hear_width(ear: Ear, clause: Clause) -> bool:
    """Whether the clause asks for width in a part of the spectrum; then it is heard whole."""
    word = next((token for token in clause.tokens if _of_width(token)), None)
    where = _where(ear, clause)
    if word is None or where is None or any(token.role in _OTHER_WISHES for token in clause.tokens):
        return False
    low_hz, high_hz = where
    narrower = word.says("narrow")
    percent = next((t for t in clause.tokens if t.role == "quantity" and t.unit == "%"), None)
    frame = frames(clause)[0]
    step = (_NARROWER if narrower else _WIDER) * min(2.0, _degree(clause))
    if percent is not None:
        step = (-1 if narrower else 1) * abs(percent.middle) / 100
    if narrower and low_hz <= _LOWEST_HZ and percent is None:
        ear.add(frame, "effect", "stereo_width", 1.0, {"mono_below_hz": min(high_hz, 300.0) or _FOLD_HZ})
        return True
    width = round(max(0.0, 1 + step), 2)
    ear.add(frame, "effect", "stereo_width", 1.0, {"from_hz": low_hz, "to_hz": high_hz, "width": width})
    return True


def _of_width(token: Token) -> bool:
    return (token.role == "effect" and token.subject == "stereo_width") or (
        token.role == "descriptor" and token.subject == "narrow"
    )


def _degree(clause: Clause) -> float:
    factor = 1.0
    for token in clause.tokens:
        factor *= token.meaning.number if token.role == "degree" else 1.0
    return factor


def _where(ear: Ear, clause: Clause) -> tuple[float, float] | None:
    """From and to in Hz, 0 for no end; None where the clause names no part of the spectrum."""
    hertz = next((t for t in clause.tokens if t.role == "quantity" and t.unit == "hz"), None)
    if hertz is not None:
        if hertz.high is not None:
            return max(_LOWEST_HZ, hertz.value), hertz.high
        roles = {token.role for token in clause.tokens}
        if "above" in roles:
            return max(_LOWEST_HZ, hertz.value), 0.0
        return (_LOWEST_HZ, hertz.value) if "below" in roles else None
    named = [ear.context.lexicon.area(token.subject) for token in clause.tokens if token.role == "area"]
    edges = [_edges(area) for area in named if area is not None]
    if not edges:
        return None
    open_end = any(high == 0 for _, high in edges)
    return min(low for low, _ in edges), 0.0 if open_end else max(high for _, high in edges)


def _edges(area: Area) -> tuple[float, float]:
    """A shelf goes on to its end of the spectrum, a bell two thirds of an octave to both sides."""
    if area.kind == "high_shelf":
        return round(area.frequency_hz / 1.5), 0.0
    if area.kind == "low_shelf":
        return _LOWEST_HZ, round(area.frequency_hz * 1.5)
    return round(area.frequency_hz / 1.6), round(area.frequency_hz * 1.6)
