"""A plan that matches a reference, corrected by what a piece of the sound became of it.

Width, dynamics and loudness change the spectrum a little, and a compressor's effect is not known before it is heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bridge.analysis.reading import Analysis
from bridge.analysis.spectral_shape import Shape
from bridge.effects import BY_NAME
from bridge.effects.equalizer import Band
from bridge.planning.draft import quoted
from bridge.planning.matching import curve, wishes
from bridge.planning.matching.reference import Matched
from bridge.planning.plan import Plan, Step

if TYPE_CHECKING:
    from collections.abc import Callable

_LEAST_REDUCTION_DB = 0.5
_LEAST_HEARD_DB = 0.1
_FEW_PEAKS_DB = 3.0
"""Over the ceiling: a limiter that takes no more off single peaks leaves the spectrum as it is."""
_MOST_AT_ONCE = 3.0
"""Times that a compressor is set stronger or weaker by one correction."""


def rehearsal(plan: Plan, whole: Analysis, more_db: float = 0.0) -> Plan:
    """The steps that match the reference and those that see to the level, for a piece of the sound.

    A loudness target becomes the gain and the ceiling that it comes to: to search for it would take longer than all
    the rest, and a few tenths of a dB do not change what the limiter does to the spectrum. more_db: of gain, as the
    rehearsal before fell short of the loudness.
    """
    steps: list[Step] = []
    for step in plan.steps:
        if step.effect == "loudness":
            steps += _at_its_level(step, plan, whole, more_db)
        elif wishes.ours(step) and step.enabled:
            steps.append(step)
    return plan.model_copy(update={"steps": tuple(steps)})


def short_of_db(plan: Plan, whole: Analysis, before: Analysis, after: Analysis) -> float:
    """By how much a rehearsal (before, after) fell short of the loudness that the plan brings; 0 without a target."""
    step = next((step for step in plan.steps if step.effect == "loudness" and step.enabled), None)
    own, louder = whole.number("integrated_loudness"), _change("integrated_loudness", before, after)
    if step is None or own is None or louder is None:
        return 0.0
    return float(step.parameters["target_lufs"]) - own - louder


def _at_its_level(step: Step, plan: Plan, whole: Analysis, more_db: float) -> list[Step]:
    own = whole.number("integrated_loudness")
    bands = [
        band
        for other in plan.steps
        if other.effect == "equalizer" and wishes.ours(other)
        for band in other.parameters["bands"]
    ]
    louder = curve.louder_by_db(whole, bands)
    gain_db = 0.0 if own is None else float(step.parameters["target_lufs"]) - own - louder + more_db
    gain = {"gain_db": max(-24.0, min(24.0, round(gain_db, 2)))}
    ceiling = {"ceiling_dbtp": step.parameters["ceiling_dbtp"]}
    level = Step(id="rehearsal-gain", effect="gain", where=step.where, parameters=gain)
    peak = whole.number("true_peak")
    if (
        peak is not None
        and peak + gain["gain_db"] + louder <= step.parameters["ceiling_dbtp"] + _FEW_PEAKS_DB
    ):
        return [level]
    return [level, Step(id="rehearsal-limiter", effect="limiter", where=step.where, parameters=ceiling)]


def missed_db(plan: Plan, whole: Analysis, before: Analysis, after: Analysis) -> float:
    """By how much the third octaves come out farther from the reference than the plan promised, as its rehearsal
    (before, after) tells; 0 where nothing is promised."""
    one, other, own = (Shape.of(each.curves) for each in (before, after, whole))
    promised = plan.matched.promised_db if plan.matched is not None else None
    if plan.matched is None or promised is None or one is None or other is None or own is None:
        return 0.0
    low, high, levels = one.held_up(), other.held_up(), own.held_up()
    there = tuple(hz for hz in own.centre_hz if hz in low and hz in high)
    made = Shape(there, tuple(levels[hz] + high[hz] - low[hz] for hz in there))
    curves = {"spectrum": {"centre_hz": list(made.centre_hz), "level_db": list(made.level_db)}}
    reached = Analysis({}, curves=curves)
    got = plan.matched.reference.distance_db(reached, plan.matched.unreachable_hz)
    return got - promised if got is not None else 0.0


def admitted(plan: Plan, missed: float) -> Plan:
    """The plan with what it promises changed by what its last rehearsal came out farther: a sound of few partials does
    not follow the bands as their curves say."""
    matched = plan.matched
    if matched is None or matched.promised_db is None or matched.everywhere_db is None:
        return plan
    told = matched.model_copy(
        update={
            "promised_db": round(matched.promised_db + missed, 2),
            "everywhere_db": round(matched.everywhere_db + missed, 2),
        }
    )
    steps = tuple(
        step.model_copy(update={"reason": step.reason.replace(curve.left(matched), curve.left(told))})
        if step.effect == "equalizer" and step.intent.startswith("match ")
        else step
        for step in plan.steps
    )
    return plan.model_copy(update={"steps": steps, "matched": told}).with_id()


def corrected(plan: Plan, whole: Analysis, before: Analysis, after: Analysis) -> Plan:
    """whole: the sound. before, after: a piece of it, and what its `rehearsal` made of that."""
    if plan.matched is None:
        return plan
    matched = plan.matched
    steps: list[Step] = []
    for step in plan.steps:
        change = _CHANGES.get(step.effect) if step.intent.startswith("match ") else None
        if step.effect == "equalizer" and change is not None:
            step, matched = _equalized(plan, step, matched, whole, before, after)
        elif change is not None:
            step = change(step, matched, whole, before, after) or step.model_copy(update={"enabled": False})
        steps.append(step)
    matched = matched.model_copy(update={"tried": True})
    kept = tuple(step for step in steps if step.enabled or step.effect != "compressor")
    return plan.model_copy(update={"steps": kept, "matched": matched}).with_id()


def _equalized(
    plan: Plan, step: Step, matched: Matched, whole: Analysis, before: Analysis, after: Analysis
) -> tuple[Step, Matched]:
    bands = [Band.model_validate(band) for band in step.parameters["bands"]]
    fitted = curve.fitted(whole, matched, curve.besides(before, after, bands), bands)
    if not fitted.bands:
        return step, matched
    asked = next((quoted(intent) for intent in plan.intents if intent.operation == "match"), "")
    made = BY_NAME["equalizer"].model_validate({"bands": [band.model_dump() for band in fitted.bands]})
    reason = f"{asked}: {fitted.sentence(matched)}: {made.describe()}."
    told = fitted.told(matched)
    told = told if matched.promised_db is not None else told.model_copy(update={"promised_db": None})
    update = {"parameters": made.parameters(), "reason": reason, "clamped_from": {}}
    return step.model_copy(update=update), told


def _widened(step: Step, matched: Matched, whole: Analysis, before: Analysis, after: Analysis) -> Step | None:
    """Each range by how far the piece's width went past or fell short of what was wanted."""
    bands = [dict(band) for band in step.parameters["bands"]]
    for band, (metric, _) in zip(bands, wishes.RANGES, strict=True):
        wanted = _wanted(metric, matched, whole, matched.amounts["width"])
        got = _change(metric, before, after)
        if wanted is not None and got is not None and band["width"] != 1.0:
            most = 1.0 if metric == "width_low" else wishes.WIDEST
            factor = band["width"] * 10 ** ((wanted - got) / 20)
            band["width"] = round(min(most, max(wishes.NARROWEST, factor)), 3)
    return _changed(step, {"bands": bands})


def _compressed(
    step: Step, matched: Matched, whole: Analysis, before: Analysis, after: Analysis
) -> Step | None:
    """Stronger or weaker as the piece's dynamics ask; None where the limiter does enough."""
    wanted = _wanted("psr", matched, whole, matched.amounts["dynamics"])
    got, peak, own = _change("psr", before, after), whole.number("sample_peak"), whole.number("psr")
    if wanted is None or got is None or peak is None or own is None:
        return step
    reduction = (peak - float(step.parameters["threshold_db"])) * (1 - 1 / float(step.parameters["ratio"]))
    factor = wanted / got if got < -_LEAST_HEARD_DB else _MOST_AT_ONCE
    reduction *= min(_MOST_AT_ONCE, max(0.0, factor))
    if reduction < _LEAST_REDUCTION_DB:
        return None
    return _changed(step, wishes.compression(whole, own + wanted, reduction))


def _levelled(
    step: Step, matched: Matched, whole: Analysis, before: Analysis, after: Analysis
) -> Step | None:
    """A gain that holds the loudness: less by what the piece became louder."""
    louder = _change("integrated_loudness", before, after)
    if louder is None:
        return step
    return _changed(step, {"gain_db": round(float(step.parameters["gain_db"]) - louder, 2)})


def _changed(step: Step, parameters: dict[str, Any]) -> Step:
    kind = BY_NAME[step.effect]
    old = kind.model_validate(step.parameters)
    new = kind.model_validate({**step.parameters, **parameters})
    reason = step.reason.removesuffix(f"{old.describe()}.") + f"{new.describe()}."
    return step.model_copy(update={"parameters": new.parameters(), "reason": reason})


def _wanted(metric: str, matched: Matched, whole: Analysis, amount: float) -> float | None:
    own, wanted = whole.number(metric), matched.reference.readings.get(metric)
    return None if own is None or wanted is None else amount * (wanted - own)


def _change(metric: str, before: Analysis, after: Analysis) -> float | None:
    one, other = before.number(metric), after.number(metric)
    return None if one is None or other is None else other - one


_CHANGES: dict[str, Callable[[Step, Matched, Analysis, Analysis, Analysis], Step | None]] = {
    "compressor": _compressed,
    "equalizer": lambda step, *_: step,
    "gain": _levelled,
    "stereo_width": _widened,
}
