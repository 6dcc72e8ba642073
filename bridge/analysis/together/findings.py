"""What stands out between stems, in the shape of every other finding, with the stems it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.together.alignment import Alignment
from bridge.analysis.together.masking import Masking
from bridge.analysis.together.spots import OFTEN, Spot, wide

OTHERS = "the others"

_MOST_DB = 4.0
"""A deeper cut would be heard on the masker itself."""

_LEAST_LOST, _LEAST_LOST_PRESENCE, _MUCH_LOST = 0.15, 0.05, 0.4
_PRESENCE_HZ = (1000.0, 5300.0)
"""Parts of a stem's loudness. Where words are understood (ANSI S3.5 gives these bands most of the weight of speech)
less is worth a note. Stems of rendered songs at levels of their own lose 0.1 to 0.3 to each other as a rule."""

_AUDIBLE_DELAY_MS = 0.1
"""Two microphones 0.1 ms apart cancel first at 5 kHz; less is the width of a capsule."""


@dataclass(frozen=True)
class PairFinding(Finding):
    """stems: those it speaks of, the one that suffers first. where: the stem that the remedy works on; its
    words do not name it, so that they hold for its file alone."""

    stems: tuple[str, ...] = ()
    where: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "stems": list(self.stems), "where": self.where}


def masked_stems(found: Sequence[tuple[Masking, Sequence[Spot]]]) -> Iterator[PairFinding]:
    """Of each stem its worst spot with its worst masker; all others together only where no single one is to blame."""
    worst: dict[str, tuple[Masking, Spot]] = {}
    for masking, spots in sorted(found, key=lambda item: item[0].masker == OTHERS):
        blamed = masking.masked in worst
        for spot in spots[:1]:
            heavier = not blamed or spot.lost > worst[masking.masked][1].lost
            if _worth_saying(spot) and heavier and not (blamed and masking.masker == OTHERS):
                worst[masking.masked] = masking, spot
    for masking, spot in sorted(worst.values(), key=lambda item: -item[1].lost):
        yield _masked(masking, spot)


def _worth_saying(spot: Spot) -> bool:
    presence = spot.low_hz >= _PRESENCE_HZ[0] and spot.high_hz <= _PRESENCE_HZ[1]
    return spot.lost >= (_LEAST_LOST_PRESENCE if presence else _LEAST_LOST)


def _masked(masking: Masking, spot: Spot) -> PairFinding:
    """ "vocals masked by guitars, 2.0-3.1 kHz, 46 % of the time they both sound, worst at 0:31-0:38"."""
    at = [f"{_clock(first)}-{_clock(last)}" for first, last in spot.stretches_s]
    severity: Severity = "warning" if spot.lost >= _MUCH_LOST else "note"
    verb = "are" if masking.masker == OTHERS else "is"
    longest = max(spot.stretches_s, key=lambda stretch: stretch[1] - stretch[0])
    return PairFinding(
        "masking",
        "masking",
        round(100 * spot.share, 1),
        f"hidden less than {100 * OFTEN:.0f} % of the time",
        severity,
        f"{masking.masked} masked by {masking.masker}, {_span(spot)}, {100 * spot.share:.0f} % of the time they both "
        f"sound, worst at {', '.join(at)}; there {masking.masker} {verb} {spot.excess_db:.0f} dB above it.",
        _remedy(masking, spot),
        longest[0],
        (masking.masked, masking.masker),
        masking.masked if masking.masker == OTHERS else masking.masker,
    )


def _remedy(masking: Masking, spot: Spot) -> Remedy:
    """Room made on the masker: half of the excess, at most 4 dB; where all of it is too loud, its level."""
    cut_db = max(1.5, min(_MOST_DB, round(spot.excess_db) / 2))
    if masking.masker == OTHERS:
        return Remedy(f"{cut_db:g} dB louder", "gain", {"gain_db": cut_db})
    if wide(spot):
        return Remedy(f"{cut_db:g} dB quieter", "gain", {"gain_db": -cut_db})
    frequency_hz = float(f"{spot.centre_hz:.2g}")
    q = round(min(4.0, max(0.7, spot.centre_hz / (spot.high_hz - spot.low_hz))), 1)
    bell = {"kind": "bell", "frequency_hz": frequency_hz, "gain_db": -cut_db, "q": q}
    words = f"cut {cut_db:g} dB at {frequency_hz:g} Hz Q {q:g}"
    return Remedy(words, "equalizer", {"bands": [bell]})


def double_miked(first: str, second: str, alignment: Alignment) -> Iterator[PairFinding]:
    """Two microphones of one source that comb or cancel when they are mixed."""
    if not alignment.related or alignment.delay_ms is None or alignment.delay_samples is None:
        return
    late, early = (second, first) if alignment.delay_ms >= 0 else (first, second)
    delay_ms, samples = abs(alignment.delay_ms), abs(alignment.delay_samples)
    delayed = delay_ms >= _AUDIBLE_DELAY_MS
    if not (delayed or alignment.inverted):
        return
    comes = (
        f"comes {delay_ms:.2f} ms ({samples:.1f} samples) after {early}"
        if delayed
        else f"lies on {early} in time"
    )
    opposite = ", with opposite polarity" if alignment.inverted else ""
    does = "cancel" if alignment.inverted else "comb"
    move = f"move {late} {delay_ms:.2f} ms earlier" if delayed else ""
    flip = f"invert {second}" if alignment.inverted else ""
    yield PairFinding(
        "double_miked",
        "delay_between_stems",
        alignment.delay_ms,
        f"less than {_AUDIBLE_DELAY_MS:g} ms apart, with one polarity",
        "warning" if alignment.inverted else "note",
        f"{late} {comes}{opposite}: microphones of one source that {does} when they are mixed; "
        f"{' and '.join(part for part in (move, flip) if part)}.",
        # The planner's delay is an echo; nothing of its moves a stem in time.
        Remedy("invert the polarity", "channels", {"invert": True}) if alignment.inverted else None,
        stems=(first, second),
        where=second if alignment.inverted else late,
    )


def _span(spot: Spot) -> str:
    if spot.high_hz < 1000:
        return f"{spot.low_hz:.0f}-{spot.high_hz:.0f} Hz"
    return f"{spot.low_hz / 1000:.1f}-{spot.high_hz / 1000:.1f} kHz"


def _clock(seconds: float) -> str:
    """ "0:31"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
