"""Frames that speak of frequencies -> bands of the equalizer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bridge.planning.frames import Frame
from bridge.planning.given import Given
from bridge.planning.lexicon import Lexicon
from bridge.planning.meanings import Area
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token

PLAIN_DB = 3.0
"""A boost or cut that nobody has put in numbers: clearly heard, never drastic."""
PASSES = ("high_pass", "low_pass")
_PASS_HZ = {"high_pass": 80.0, "low_pass": 12000.0}
PLAIN_Q = 1.0
"""Of a band that nobody gave a width."""
NOTCH: dict[str, float] = {"gain_db": -12.0, "q": 8.0}


@dataclass(frozen=True)
class Bands:
    """given: one for each band, in the order spoken. used: the quantities that they took. open: no gain was said."""

    given: list[Given]
    used: list[Token]
    open: bool = False


def bands(frame: Frame, wish: Polarity, lexicon: Lexicon) -> Bands:
    """The bands that a frame asks for; empty where it speaks of no frequency, shape or area."""
    if wish.wish == "forbid" and frame.has("above", "below"):  # "nothing above 16k"
        wish = Polarity("remove", -1, wish.amount, wish.said)
    area = lexicon.area(frame.subject.subject) if frame.subject and frame.role() == "area" else None
    kind = frame.subject.subject if frame.subject and frame.role() == "shape" else None
    places = frame.quantities("hz") or _bare_hertz(frame, kind)
    if kind == "shelf":
        kind = _shelf(places, frame)
    if kind in (None, "bell", "low_shelf", "high_shelf", "notch") and not places and area is None:
        return Bands([], [])
    gains = _gains(frame)
    used = [*places, *gains, *frame.quantities("db", "lu", "db_oct")]
    kind = kind or _kind(frame, wish, area, bool(gains))
    if kind in PASSES:
        gains = []
    count = max(1, len(places))
    made = [_band(kind, _at(places, i), _at(gains, i), frame, wish, area) for i in range(count)]
    q = _q(frame)
    for band in made:
        if q is not None and band["kind"] not in PASSES:
            band["q"] = q.middle
    return Bands(made, [*used, *([q] if q else [])], open=not gains)


def _bare_hertz(frame: Frame, kind: str | None) -> list[Token]:
    """ "high-pass 100": beside a pass a number alone can only be a frequency."""
    bare = [token for token in frame.quantities("") if not token.signed and 10 <= token.value <= 20000]
    return bare[:1] if kind in PASSES else []


def _at(items: list[Token], index: int) -> Token | None:
    """The item for a band: its own, or the last one said for all."""
    return items[min(index, len(items) - 1)] if items else None


def _gains(frame: Frame) -> list[Token]:
    """Numbers in dB; beside a frequency a number with a sign is one too ("-2 at 300 Hz")."""
    return frame.quantities("db", "lu") or [token for token in frame.quantities("") if token.signed]


_MIDDLE_HZ = 1000.0


def _shelf(places: list[Token], frame: Frame) -> str:
    """ "a shelf at 10k" lifts what lies above, "a shelf at 100 Hz" what lies below, unless the words say which."""
    if frame.has("above", "below"):
        return "high_shelf" if frame.has("above") else "low_shelf"
    return "low_shelf" if places and places[0].middle < _MIDDLE_HZ else "high_shelf"


def _kind(frame: Frame, wish: Polarity, area: Area | None, has_gain: bool) -> str:
    if area is not None and not (frame.has("below", "above") and frame.quantities("hz")):
        return area.kind
    if any(place.high is not None for place in frame.quantities("hz")):
        return "bell"  # "from 200 to 400" has two ends, "from 200" has one
    if frame.has("above"):
        return "high_shelf" if has_gain or wish.sign > 0 else "low_pass"
    if frame.has("below"):
        return "low_shelf" if has_gain or wish.sign > 0 else "high_pass"
    return "bell"


def _band(
    kind: str, place: Token | None, gain: Token | None, frame: Frame, wish: Polarity, area: Area | None
) -> Given:
    if kind in PASSES:
        return _pass(kind, place, frame)
    notch = kind == "notch"
    band: Given = {"kind": "bell" if notch else kind}
    if place is not None:
        band["frequency_hz"] = place.middle
    elif area is not None:
        band["frequency_hz"] = area.frequency_hz
    if place is not None and place.high is not None and not notch:
        band |= {"low_hz": place.value, "high_hz": place.high}
    band["q"] = _width_q(place, area)
    band["gain_db"] = _gain_db(gain, wish)
    if notch:
        band |= {"q": NOTCH["q"], "gain_db": NOTCH["gain_db"] if gain is None else -abs(gain.middle)}
    return band


def _pass(kind: str, place: Token | None, frame: Frame) -> Given:
    slope = frame.quantities("db_oct") or frame.quantities("db")
    steep = frame.has("degree") and frame.degree() > 1
    value = abs(slope[0].middle) if slope else (24.0 if steep else 12.0)
    edge = (
        place.value
        if place is not None and place.high is None
        else (place.middle if place else _PASS_HZ[kind])
    )
    return {"kind": kind, "frequency_hz": edge, "slope_db_per_octave": value}


def _gain_db(gain: Token | None, wish: Polarity) -> float:
    if gain is None:
        return wish.sign * PLAIN_DB * wish.amount
    if gain.signed or gain.value < 0:
        return gain.middle
    return wish.sign * gain.middle


def _width_q(place: Token | None, area: Area | None) -> float:
    """A range gives its own Q: centre over bandwidth; an area brings its own."""
    if place is not None and place.high is not None and place.high > place.value > 0:
        return round(max(0.3, min(10.0, math.sqrt(place.high * place.value) / (place.high - place.value))), 2)
    return area.q if area is not None else PLAIN_Q


def _q(frame: Frame) -> Token | None:
    """The number that "Q" names: behind it, or before it ("a Q of 2", "2 Q")."""
    tokens = frame.tokens
    for index, token in enumerate(tokens):
        if token.role == "parameter" and token.subject == "q":
            behind = [t for t in tokens[index + 1 : index + 4] if t.role == "quantity" and not t.unit]
            before = [t for t in tokens[max(0, index - 1) : index] if t.role == "quantity" and not t.unit]
            return next(iter(behind + before), None)
    return None
