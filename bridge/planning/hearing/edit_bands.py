"""Edits of one band of the equalizer: its frequency, depth, width and shape, or its end."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from bridge.planning.clauses import Clause
from bridge.planning.given import Given
from bridge.planning.history import latest_of
from bridge.planning.intent import Intent, Operation
from bridge.planning.plan import Plan
from bridge.planning.tokens import Token

_NEAR = 1.06
"""A semitone: who says 300 means the band at 300 Hz."""
_LOWEST_HZ = 20.0


@dataclass(frozen=True)
class Edit:
    """operation "refine" for a band, else "effect". where: of the step that is meant; "" for where the words say."""

    operation: Operation
    subject: str
    given: Given = field(default_factory=dict)
    where: str = ""


def band_edit(clause: Clause, names: Collection[str], plan: Plan, amount: float) -> Edit | None:
    """ "make the cut at 300 narrower", "move it to 350 Hz", "remove the cut at 300", "make the boost 5 dB", "a shelf
    instead"."""
    places = {token.subject for token in clause.tokens if token.role == "place"}
    known = [i for i in plan.intents if i.operation == "band" and (not places or i.where in places)]
    said = [token for token in clause.tokens if is_frequency(token)]
    meant = [(item, token) for item in known for token in said if _near(item, token)]
    if not known or any(
        token.role in ("effect", "descriptor") and token.text not in _OWN for token in clause.tokens
    ):
        return None
    if ({"move", "instead"} & set(names)) and len(said) == 1 and not meant:
        return refine(known[-1], {"frequency_hz": said[0].middle})
    called = [] if said else _called(clause, names, known)
    changes = bool({"narrower", "broader", "deeper", "shallower"} & set(names))
    shape = _shape(clause, names) if not said else ""
    if shape and len([token for token in clause.tokens if token.role == "quantity"]) == 0:
        return refine(known[-1], {"kind": _kind(shape, known[-1])})
    latest = latest_of(plan)
    bare = all(t.role in (*_PLAIN, "effect", "descriptor") for t in clause.tokens)
    just = bare and bool(latest) and all(item.operation == "band" for item in latest)
    if not (meant or called or (not said and changes and ("band" in names or just))):
        return None
    band = meant[0][0] if meant else called[-1] if called else known[-1]
    return _of_band(clause, names, band, amount, named=bool(called), at=bool(meant), changes=changes)


def _of_band(
    clause: Clause,
    names: Collection[str],
    band: Intent,
    amount: float,
    *,
    named: bool,
    at: bool,
    changes: bool,
) -> Edit | None:
    """named: "the boost"; at: "the one at 300"."""
    gains = [token for token in clause.tokens if token.role == "quantity" and token.unit == "db"]
    if any(token.role == "remove" for token in clause.tokens) and not gains:
        return refine(band, {"remove": 1.0}) if named or at else None
    made = any(token.role == "make" for token in clause.tokens) and (named or not _BANDS.isdisjoint(names))
    if gains and made:
        return refine(band, {"gain_db": _signed(abs(gains[0].middle), band)})
    return refine(band, _changed(band, names, amount)) if changes else None


_BANDS = frozenset(("band", "raised", "lowered"))


_PLAIN = ("filler", "mark", "make", "more", "less", "degree", "and", "then", "unknown")


def _called(clause: Clause, names: Collection[str], known: list[Intent]) -> list[Intent]:
    """Bands that "the boost" or "the cut" may mean."""
    shapes = [token.subject for token in clause.tokens if token.role == "shape"]
    if shapes and any(token.role == "remove" for token in clause.tokens):
        return [item for item in known if _is_shaped(item, shapes[0])]
    if not ({"raised", "lowered"} & set(names)):
        return []
    nouns = [
        after
        for before, after in pairwise(clause.tokens)
        if before.named("definite") and after.role in ("more", "less", "shape", "unknown", "filler")
    ]
    sign = 1 if "raised" in names else -1
    return [item for item in known if float(item.given.get("gain_db", 0.0)) * sign > 0] if nouns else []


_NOTCH_Q = 4.0


def _is_shaped(band: Intent, shape: str) -> bool:
    kind = str(band.given.get("kind", "bell"))
    if shape == "notch":
        return kind == "bell" and float(band.given.get("q", 1.0)) >= _NOTCH_Q
    return kind == shape or (shape == "shelf" and kind.endswith("_shelf"))


def _shape(clause: Clause, names: Collection[str]) -> str:
    """ "make it a shelf", "a bell instead": the shape and nothing else."""
    shapes = [token.subject for token in clause.tokens if token.role == "shape"]
    plain = all(token.role in ("shape", "filler", "mark", "make") for token in clause.tokens)
    return shapes[0] if len(shapes) == 1 and plain and {"that", "instead"} & set(names) else ""


_MIDDLE_HZ = 700.0


def _kind(shape: str, band: Intent) -> str:
    if shape == "shelf":
        return "high_shelf" if float(band.given["frequency_hz"]) >= _MIDDLE_HZ else "low_shelf"
    return shape


_OWN = ("narrower", "wider", "broader", "tighter", "narrow", "wide", "deeper")
"""Beside a band these speak of its width and depth, not of the stereo image or of the bass."""


def refine(band: Intent, given: Given) -> Edit:
    return Edit("refine", "band", {"at_hz": float(band.given["frequency_hz"]), **given}, band.where)


def _changed(band: Intent, names: Collection[str], amount: float) -> Given:
    factor = 2.0**amount
    q = float(band.given.get("q", 1.0))
    if "narrower" in names:
        return {"q": round(q * factor, 2)}
    if "broader" in names:
        return {"q": round(q / factor, 2)}
    gain = float(band.given.get("gain_db", 0.0))
    part = 1 + 0.5 * amount if "deeper" in names else 1 - 0.5 * min(1.6, amount)
    return {"gain_db": round(gain * part, 2)}


def _signed(size: float, band: Intent) -> float:
    return -size if float(band.given.get("gain_db", 0.0)) < 0 else size


def is_frequency(token: Token) -> bool:
    return token.role == "quantity" and (token.unit == "hz" or (not token.unit and token.value >= _LOWEST_HZ))


def _near(band: Intent, token: Token) -> bool:
    hz = float(band.given.get("frequency_hz", 0.0))
    return hz > 0 and 1 / _NEAR <= token.middle / hz <= _NEAR
