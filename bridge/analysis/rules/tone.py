"""Boom, mud, boxiness, harshness, thinness, dullness: parts of the spectrum against what lies around them.

Limits were set so that few clean mixes pass them; how many do is in docs/measured.md. Only mixes are judged: a sound of
3 s or more whose other third octaves lie as those of mixes do. A bass, a cymbal or a drone is what it is, and its tone
is a choice; of one alone nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bridge.analysis import tone
from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.foreseen import Curve, Shape, band_db
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ

_SHORTEST_S = 3.0
_BRIGHT_DB = -7.0
"""A dullness that 99 % of clean mixes lie above: pink noise, brighter than any music, lies below."""
_STRANGEST = 1.6
"""In spreads of mixes (`tone.strangeness`): 99 % of clean mixes lie below 1.4, most instruments alone above 1.7."""
_DEEPEST_DB = 9.0
"""The largest move that a remedy proposes: what is wrong by more is better mended at the source."""


@dataclass(frozen=True)
class _Kind:
    """limit_db: from where it is a fault. core: where it lies. around: the octaves that it changes. In Hz."""

    code: str
    metric: str
    limit_db: float
    core: tone.Span
    around: tone.Span
    severity: Severity
    sentence: str
    words: str


_BOOM = _Kind(
    "boom",
    "boom",
    5.2,
    (80, 125),
    (63, 160),
    "warning",
    "The bass (80 to 125 Hz) stands {value:.0f} dB higher than the rest of the mix lets expect: it may boom.",
    "cut {hz:.0f} Hz by {db:.1f} dB with Q 1.4",
)
_MUD = _Kind(
    "mud",
    "mud",
    4.4,
    (200, 315),
    (150, 630),
    "warning",
    "The low mids (200 to 315 Hz) stand {value:.0f} dB higher than bass and mids let expect: it may sound muddy.",
    "cut {hz:.0f} Hz by {db:.1f} dB with Q 1",
)
_BOXINESS = _Kind(
    "boxy",
    "boxiness",
    4.6,
    (400, 630),
    (315, 800),
    "warning",
    "400 to 630 Hz stand {value:.0f} dB higher than what lies around lets expect: it may sound boxy.",
    "cut {hz:.0f} Hz by {db:.1f} dB with Q 1.2",
)
_HARSHNESS = _Kind(
    "harsh",
    "harshness",
    5.0,
    (3150, 4000),
    (2000, 6300),
    "warning",
    "The high mids (about 3 to 4 kHz) stand {value:.0f} dB higher than the rest lets expect: it may sound harsh.",
    "cut {hz:.0f} Hz by {db:.1f} dB with Q 1",
)
_THINNESS = _Kind(
    "thin",
    "thinness",
    5.0,
    (100, 250),
    (20, 315),
    "warning",
    "The body (100 to 250 Hz) lies {value:.0f} dB lower against the mids than usual: it may sound thin.",
    "boost below 250 Hz by {db:.1f} dB",
)
_DULLNESS = _Kind(
    "dull",
    "dullness",
    9.0,
    (5000, 10000),
    (1600, 20000),
    "note",
    "The highs (5 to 10 kHz) lie {value:.0f} dB lower against the mids than usual: it may sound dull.",
    "boost above 4 kHz by {db:.1f} dB",
)


_KINDS = (_BOOM, _MUD, _BOXINESS, _HARSHNESS, _THINNESS, _DULLNESS)
_MOVES: dict[str, tuple[Shape, float, int, float]] = {
    "boom": ("bell", 0.0, -1, 1.4),
    "mud": ("bell", 0.0, -1, 1.0),
    "boxy": ("bell", 0.0, -1, 1.2),
    "harsh": ("bell", 0.0, -1, 1.0),
    "thin": ("low_shelf", 250.0, 1, 1.0),
    "dull": ("high_shelf", 4000.0, 1, 1.0),
}
"""What the planner makes of each kind's words: shape, frequency (0: where it stands highest), sign and Q."""

_LEAST_DB, _STEPS = 2.0, 8
_FORESEEN_TO_DB = 0.5
_ADJECTIVES = {"boom": "boomy", "mud": "muddy"}


def _over_mixes(analysis: Analysis, change_db: Curve | None = None) -> tone.Levels | None:
    """Third octaves against those of mixes, from the drawn spectrum, changed by so much [shape=(31,)]; None without."""
    curve = analysis.curves.get("spectrum")
    if not curve:
        return None
    drawn = [-np.inf if level is None else level for level in curve["level_db"]]
    missing = len(THIRD_OCTAVES_HZ) - len(drawn)
    if change_db is None:
        change_db = np.zeros(len(THIRD_OCTAVES_HZ))
    return tone.over_mixes(10.0 ** ((np.array(drawn + [-np.inf] * missing) + change_db) / 10.0))


def like_a_mix(analysis: Analysis, aside: tone.Span = (0.0, 0.0)) -> bool:
    """Whether the third octaves outside `aside` lie about where those of mixes do."""
    over = _over_mixes(analysis)
    return over is not None and tone.strangeness(over, aside) <= _STRANGEST


def _judged(analysis: Analysis, kind: _Kind) -> Iterator[Finding]:
    value = analysis.number(kind.metric)
    if value is None or value <= kind.limit_db or analysis.seconds < _SHORTEST_S:
        return
    over = _over_mixes(analysis)
    if over is None or not like_a_mix(analysis, kind.around):
        return
    hz = tone.strongest_hz(over, kind.core)
    move, makes = _move(analysis, kind, hz, min(max(value, _LEAST_DB), _DEEPEST_DB))
    words = kind.words.format(hz=hz, db=move)
    warned = f" A deeper move would make it {makes}." if makes else ""
    yield Finding(
        kind.code,
        kind.metric,
        value,
        f"at most {kind.limit_db:g} dB",
        kind.severity,
        kind.sentence.format(value=value) + warned,
        Remedy(words),
    )


def _move(analysis: Analysis, kind: _Kind, hz: float, most_db: float) -> tuple[float, str]:
    """The largest move after which no other tone would be found fault with, and what a larger one would make of it;
    where even the least makes another fault, the least."""
    makes = ""
    for step in range(_STEPS + 1):
        move = most_db - (most_db - _LEAST_DB) * step / _STEPS
        found = _new_faults(analysis, kind, hz, move)
        if not found:
            return move, makes
        makes = makes or found[0]
    return _LEAST_DB, makes


def _new_faults(analysis: Analysis, kind: _Kind, hz: float, move_db: float) -> list[str]:
    shape, frequency_hz, sign, q = _MOVES[kind.code]
    change = band_db(shape, np.array(THIRD_OCTAVES_HZ), frequency_hz or hz, sign * move_db, q)
    before, after = _over_mixes(analysis), _over_mixes(analysis, change)
    assert before is not None and after is not None
    return [
        _ADJECTIVES.get(other.code, other.code)
        for other in _KINDS
        if other is not kind
        and tone.height_db(before, other.metric) <= other.limit_db
        and tone.height_db(after, other.metric) > other.limit_db - _FORESEEN_TO_DB
        and tone.height_db(after, other.metric) > tone.height_db(before, other.metric)
    ]


def boomy(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    return _judged(analysis, _BOOM)


def muddy(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    return _judged(analysis, _MUD)


def boxy(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    return _judged(analysis, _BOXINESS)


def harsh(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    return _judged(analysis, _HARSHNESS)


def thin(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """A rise that goes on into the highs is brightness: such a sound has too much top, not too little body."""
    dullness = analysis.number("dullness")
    if dullness is None or dullness > _BRIGHT_DB:
        yield from _judged(analysis, _THINNESS)


def dull(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    return _judged(analysis, _DULLNESS)
