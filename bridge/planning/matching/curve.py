"""The equalizer's part of matching: what is wanted in each third octave, and the bands that come nearest to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import LAID_OVER_HZ, Shape, align
from bridge.effects.equalizer import HIGHEST_OF_RATE, Band, Kind
from bridge.planning.matching.reference import Matched
from bridge.units import third_octave_in_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Row = NDArray[Any]

MOST_BANDS = 12
MOST_DB = 12.0
"""Either way of one band, and of the whole curve: more lifts noise or takes out what makes the sound."""

EMPTY_DB = 24.0
"""A third octave that one of the two has so much less of is empty there (a codec's edge, a high-pass), not darker."""

_LEAST_LIMIT_DB = 3.0
_HIGH_PASS_TO_HZ, _LOW_PASS_FROM_HZ = 320.0, 3000.0
_FALLS_DB = -9.0
"""At the outermost third octave: what is so much weaker in the reference has been filtered there."""
_SLOPES: tuple[Literal[12, 24], ...] = (12, 24)
_DEEPEST_DB = 40.0
_LESS = 0.8
"""Of the squared error without a pass: one that leaves more is not worth it."""

_USUAL_RATE = 48000
_ACROSS = (-0.4, -0.2, 0.0, 0.2, 0.4)
"""Places in a third octave at which the gain is looked at, in thirds of an octave from its middle."""


@dataclass(frozen=True)
class Fitted:
    """bands: of the equalizer. left_db: mean distance that is left by them where it can be reached; everywhere_db: in
    all third octaves. most_db: the farthest band before, and at which frequency. empty_hz: third octaves in which
    either sound has nothing. held_hz: those that are farther away than bands may go."""

    bands: tuple[Band, ...]
    left_db: float
    everywhere_db: float
    most_db: float
    most_hz: float
    empty_hz: tuple[float, ...]
    held_hz: tuple[float, ...]

    @property
    def unreachable_hz(self) -> tuple[float, ...]:
        return tuple(sorted((*self.empty_hz, *self.held_hz)))

    def told(self, matched: Matched) -> Matched:
        """What is said of a plan with these bands."""
        update = {"promised_db": self.left_db, "everywhere_db": self.everywhere_db}
        return matched.model_copy(update=update | {"unreachable_hz": self.unreachable_hz})

    def sentence(self, matched: Matched) -> str:
        """What is matched and what is left, in dB."""
        amount = matched.amounts["eq"]
        share = "" if amount >= 1 else f", {amount:.0%} of the way"
        return (
            f"third octaves {matched.before_db or 0.0:.1f} dB from {matched.reference.name} on average, "
            f"most {self.most_db:+.1f} dB at {third_octave_in_words(self.most_hz)}{share}; {left(self.told(matched))}"
        )

    def beyond(self, matched: Matched) -> str:
        """What an equalizer cannot do, as a sentence; "" where there is nothing."""
        told = []
        if self.empty_hz:
            told.append(f"{_places(self.empty_hz)}: empty in one of the two, left as it is")
        if self.held_hz:
            told.append(f"{_places(self.held_hz)}: more than {MOST_DB:g} dB away, matched as far as that")
        return f"Spectrum of {matched.reference.name}: {'; '.join(told)}." if told else ""


def left(matched: Matched) -> str:
    """What a plan leaves, in dB."""
    here = f"{matched.promised_db or 0.0:.1f} dB are left"
    beyond = f" where it can be reached, {matched.everywhere_db or 0.0:.1f} dB everywhere"
    return here + (beyond if matched.unreachable_hz else "")


def fitted(
    analysis: Analysis,
    matched: Matched,
    besides_db: Mapping[float, float] | None = None,
    start: Sequence[Band] = (),
) -> Fitted:
    """The bands for this sound. besides_db: what the other steps do to each third octave, which they need not do.
    start: bands with which that was found; others would do something else to a sound of few partials."""
    import numpy as np

    rate = analysis.rate or _USUAL_RATE
    centres, apart = _apart(analysis, matched)
    told = np.isfinite(apart)
    if not told.any():
        return Fitted((), 0.0, 0.0, 0.0, 0.0, (), ())
    besides = np.array([(besides_db or {}).get(float(hz), 0.0) for hz in centres])
    wanted = apart * matched.amounts["eq"] - besides
    passes = ends(centres, wanted, rate)
    rest = np.where(centres <= HIGHEST_OF_RATE * rate, wanted - response(passes, centres, rate), np.nan)
    empty = np.isfinite(rest) & (np.abs(rest) > EMPTY_DB)
    bands = (*passes, *_bells(centres, np.where(empty, np.nan, rest), rate, MOST_BANDS - len(passes), start))
    left = apart - besides - response(bands, centres, rate)
    left = left - np.median(left[told & _aligned(centres)]) if (told & _aligned(centres)).any() else left
    farthest = int(np.nanargmax(np.abs(apart)))
    held = ~empty & told & (np.abs(rest) > MOST_DB)
    reached = told & ~empty & ~held
    return Fitted(
        bands,
        round(float(np.abs(left[reached]).mean()), 2) if reached.any() else 0.0,
        round(float(np.abs(left[told]).mean()), 2),
        round(float(apart[farthest]), 1),
        float(centres[farthest]),
        tuple(float(hz) for hz in centres[empty]),
        tuple(float(hz) for hz in centres[held]),
    )


def besides(before: Analysis, after: Analysis, bands: Sequence[Band]) -> dict[float, float]:
    """What a chain did to each third octave (dB) besides its bands, with what it did to all of them taken out."""
    import numpy as np

    one, other = Shape.of(before.curves), Shape.of(after.curves)
    if one is None or other is None:
        return {}
    low, high = one.held_up(), other.held_up()
    centres = np.array([hz for hz in low if hz in high and low[hz] > one.floor_db])
    did = np.array([high[hz] - low[hz] for hz in centres])
    did = did - response(bands, centres, before.rate or _USUAL_RATE)
    heard = _aligned(centres)
    shift = float(np.median(did[heard])) if heard.any() else 0.0
    return {float(hz): round(float(db - shift), 3) for hz, db in zip(centres, did, strict=True)}


def _aligned(centres: Row) -> Row:
    return (centres >= LAID_OVER_HZ[0]) & (centres <= LAID_OVER_HZ[1])


def _bells(centres: Row, wanted: Row, rate: int, most: int, start: Sequence[Band]) -> tuple[Band, ...]:
    """Bells and shelves, none stronger than the strongest difference: bands that fight each other would fit better by
    a hair, and nobody could edit them."""
    import numpy as np

    from bridge.effects.dsp.fit_bands import fit_bands

    told = np.isfinite(wanted)
    if not told.any():
        return ()
    limit = min(MOST_DB, max(_LEAST_LIMIT_DB, float(np.abs(wanted[told]).max())))
    bells = [band for band in start if not band.is_pass]
    return fit_bands(centres, wanted, rate, most, round(limit, 1), _ACROSS, bells)


def ends(centres: Row, wanted: Row, rate: int) -> tuple[Band, ...]:
    """A high-pass and a low-pass where the wanted curve falls away at an end, as where the reference has been cut."""
    import numpy as np

    told = np.isfinite(wanted)
    made: list[Band] = []
    sides: tuple[tuple[Kind, Row], ...] = (
        ("high_pass", told & (centres <= _HIGH_PASS_TO_HZ)),
        ("low_pass", told & (centres >= _LOW_PASS_FROM_HZ)),
    )
    for kind, side in sides:
        outermost = wanted[side][:1] if kind == "high_pass" else wanted[side][-1:]
        if not side.any() or outermost[0] > _FALLS_DB:
            continue
        best: tuple[Band, ...] = ()
        error = _LESS * float(np.sum(np.clip(wanted[side], -_DEEPEST_DB, _DEEPEST_DB) ** 2))
        for bands in _candidates(kind, centres[side & (centres <= HIGHEST_OF_RATE * rate)]):
            left = np.clip(wanted[side] - response(bands, centres[side], rate), -_DEEPEST_DB, _DEEPEST_DB)
            if float(np.sum(left**2)) < error:
                best, error = bands, float(np.sum(left**2))
        made += best
    return tuple(made)


def _candidates(kind: Kind, centres: Row) -> Iterator[tuple[Band, ...]]:
    """12, 24 and 48 dB an octave."""
    for hz in centres:
        gentle, steep = (
            Band(kind=kind, frequency_hz=float(f"{hz:.3g}"), slope_db_per_octave=slope) for slope in _SLOPES
        )
        yield from ((gentle,), (steep,), (steep, steep))


def _apart(analysis: Analysis, matched: Matched) -> tuple[Row, Row]:
    """dB that each third octave has to rise for the reference's shape, nan where both are faint."""
    import numpy as np

    own = Shape.of(analysis.curves)
    aligned = align(own, matched.reference.shape) if own else None
    if aligned is None:
        return np.zeros(1), np.full(1, np.nan)
    apart = [np.nan if db is None else -db for db in aligned.difference_db]
    return np.array(aligned.centre_hz), np.array(apart)


def response(bands: Sequence[Band], centres_hz: Row, rate: int) -> Row:
    """What bands do to each third octave, in dB: the mean over its width."""
    import numpy as np

    from bridge.effects.dsp.fit_bands import bands_db

    if not bands:
        return np.zeros(len(centres_hz))
    places = [centres_hz * 10 ** (step / 10) for step in _ACROSS]
    return np.asarray(np.mean([bands_db(list(bands), hz, rate) for hz in places], axis=0))


def louder_by_db(analysis: Analysis, bands: Sequence[Mapping[str, Any]]) -> float:
    """How much louder (LU, about) the bands make this sound, from its third octaves."""
    import numpy as np

    from bridge.analysis.k_weighting import coefficients
    from bridge.effects.dsp.biquad import response_db

    shape = Shape.of(analysis.curves)
    if shape is None or not bands:
        return 0.0
    rate = analysis.rate or _USUAL_RATE
    levels = {hz: level for hz, level in shape.held_up().items() if hz <= HIGHEST_OF_RATE * rate}
    hz = np.array(list(levels))
    ear = np.array([[*row[:3], 1.0, *row[3:]] for row in coefficients(rate)])
    heard = np.array(list(levels.values())) + response_db(ear, hz, rate)
    gain = response([Band.model_validate(band) for band in bands], hz, rate)
    return float(10 * np.log10(np.sum(10 ** ((heard + gain) / 10)) / np.sum(10 ** (heard / 10))))


def _places(centres_hz: Sequence[float]) -> str:
    """ "20 Hz to 31.5 Hz and 16 kHz": neighbours are told as a stretch."""
    runs: list[list[float]] = []
    for hz in centres_hz:
        if runs and hz < runs[-1][-1] * 1.3:
            runs[-1].append(hz)
        else:
            runs.append([hz])
    ends = [[third_octave_in_words(hz) for hz in dict.fromkeys((run[0], run[-1]))] for run in runs]
    return ", ".join(" to ".join(each) for each in ends)
