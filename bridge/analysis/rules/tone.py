"""Boom, mud, boxiness, harshness, thinness, dullness: parts of the spectrum against what lies around them.

Limits were set so that few clean mixes pass them; how many do is in docs/measured.md. Only mixes are judged: a sound of
3 s or more whose other third octaves lie as those of mixes do. A bass, a cymbal or a drone is what it is, and its tone
is a choice; of one alone nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bridge.analysis import tone
from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.foreseen import Shape, band_db
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ

_SHORTEST_S = 3.0
BRIGHT_DB = -7.0
"""A dullness that nearly all clean mixes lie above: pink noise, brighter than any music, lies below. How many do, and
how many are no stranger than the next, `python -m tests.benchmarks.tone_limits` prints."""
STRANGEST = 1.6
"""In spreads of mixes (`tone.strangeness`): nearly all clean mixes lie below, most instruments alone above."""
_DEEPEST_DB = 9.0
"""The largest move that a remedy proposes: what is wrong by more is better mended at the source."""

_CUT = "cut {hz:.0f} Hz by {db:.1f} dB with Q {q:g}"


@dataclass(frozen=True)
class _Kind:
    """limit_db: from where it is a fault. core: where it lies. around: the octaves that it changes. In Hz.

    words: of its remedy. What the planner makes of them: shape, frequency_hz (None: where it stands highest), sign, q.
    """

    code: str
    metric: str
    limit_db: float
    core: tone.Span
    around: tone.Span
    sentence: str
    severity: Severity = "warning"
    words: str = _CUT
    shape: Shape = "bell"
    frequency_hz: float | None = None
    sign: int = -1
    q: float = 1.0


_BOOM = _Kind(
    "boom",
    "boom",
    5.2,
    (80, 125),
    (63, 160),
    "The bass (80 to 125 Hz) stands {value:.0f} dB higher than the rest of the mix lets expect: it may boom.",
    q=1.4,
)
_MUD = _Kind(
    "mud",
    "mud",
    4.4,
    (200, 315),
    (150, 630),
    "The low mids (200 to 315 Hz) stand {value:.0f} dB higher than bass and mids let expect: it may sound muddy.",
)
_BOXINESS = _Kind(
    "boxy",
    "boxiness",
    4.6,
    (400, 630),
    (315, 800),
    "400 to 630 Hz stand {value:.0f} dB higher than what lies around lets expect: it may sound boxy.",
    q=1.2,
)
_HARSHNESS = _Kind(
    "harsh",
    "harshness",
    5.0,
    (3150, 4000),
    (2000, 6300),
    "The high mids (about 3 to 4 kHz) stand {value:.0f} dB higher than the rest lets expect: it may sound harsh.",
)
_THINNESS = _Kind(
    "thin",
    "thinness",
    5.0,
    (100, 250),
    (20, 315),
    "The body (100 to 250 Hz) lies {value:.0f} dB lower against the mids than usual: it may sound thin.",
    words="boost below {hz:.0f} Hz by {db:.1f} dB",
    shape="low_shelf",
    frequency_hz=250.0,
    sign=1,
)
_DULLNESS = _Kind(
    "dull",
    "dullness",
    9.0,
    (5000, 10000),
    (1600, 20000),
    "The highs (5 to 10 kHz) lie {value:.0f} dB lower against the mids than usual: it may sound dull.",
    severity="note",
    words="boost above {khz:g} kHz by {db:.1f} dB",
    shape="high_shelf",
    frequency_hz=4000.0,
    sign=1,
)


_KINDS = (_BOOM, _MUD, _BOXINESS, _HARSHNESS, _THINNESS, _DULLNESS)

_LEAST_DB, _STEPS = 2.0, 8
_FORESEEN_TO_DB = 0.5
_ADJECTIVES = {"boom": "boomy", "mud": "muddy"}


def _drawn_db(analysis: Analysis) -> tone.Levels | None:
    """Third octaves of the drawn spectrum, -inf where nothing sounds [shape=(31,)]; None without."""
    curve = analysis.curves.get("spectrum")
    if not curve:
        return None
    drawn = [-np.inf if level is None else level for level in curve["level_db"]]
    return np.array(drawn + [-np.inf] * (len(THIRD_OCTAVES_HZ) - len(drawn)))


def _over_mixes(drawn_db: tone.Levels) -> tone.Levels:
    """The same against those of mixes [shape=(24,)]."""
    return tone.over_mixes(10.0 ** (drawn_db / 10.0))


def like_a_mix(analysis: Analysis) -> bool:
    """Whether the third octaves lie about where those of mixes do."""
    drawn_db = _drawn_db(analysis)
    return drawn_db is not None and tone.strangeness(_over_mixes(drawn_db), (0.0, 0.0)) <= STRANGEST


def _judged(analysis: Analysis, kind: _Kind) -> Iterator[Finding]:
    value, drawn_db = analysis.number(kind.metric), _drawn_db(analysis)
    if value is None or value <= kind.limit_db or analysis.seconds < _SHORTEST_S or drawn_db is None:
        return
    over = _over_mixes(drawn_db)
    if tone.strangeness(over, kind.around) > STRANGEST:
        return
    hz = kind.frequency_hz or tone.strongest_hz(over, kind.core)
    move, makes = _move(drawn_db, over, kind, hz, min(max(value, _LEAST_DB), _DEEPEST_DB))
    warned = f" A deeper move would make it {makes}." if makes else ""
    yield Finding(
        kind.code,
        kind.metric,
        value,
        f"at most {kind.limit_db:g} dB",
        kind.severity,
        kind.sentence.format(value=value) + warned,
        Remedy(kind.words.format(hz=hz, khz=hz / 1000, db=move, q=kind.q)),
    )


def _move(
    drawn_db: tone.Levels, over: tone.Levels, kind: _Kind, hz: float, most_db: float
) -> tuple[float, str]:
    """The largest move after which no other tone would be found fault with, and what a larger one would make of it;
    where even the least makes another fault, the least."""
    before = {other: tone.height_db(over, other.metric) for other in _KINDS if other is not kind}
    within = {other: height for other, height in before.items() if height <= other.limit_db}
    makes = ""
    for step in range(_STEPS + 1):
        move = most_db - (most_db - _LEAST_DB) * step / _STEPS
        change = band_db(kind.shape, np.array(THIRD_OCTAVES_HZ), hz, kind.sign * move, kind.q)
        found = _new_faults(within, _over_mixes(drawn_db + change))
        if not found:
            return move, makes
        makes = makes or found[0]
    return _LEAST_DB, makes


def _new_faults(before: Mapping[_Kind, float], over: tone.Levels) -> list[str]:
    """Which of those that were no fault before would be one, or nearly, and more so than before."""
    after = {kind: tone.height_db(over, kind.metric) for kind in before}
    return [
        _ADJECTIVES.get(kind.code, kind.code)
        for kind, height in before.items()
        if after[kind] > max(height, kind.limit_db - _FORESEEN_TO_DB)
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
    if dullness is None or dullness > BRIGHT_DB:
        yield from _judged(analysis, _THINNESS)


def dull(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    return _judged(analysis, _DULLNESS)
