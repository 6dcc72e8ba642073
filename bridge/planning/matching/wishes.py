"""Matching a reference: its spectrum, width, dynamics and loudness as plain steps, each by its own amount."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bridge.analysis.reading import Analysis
from bridge.analysis.target import NEARLY_MONO_DB
from bridge.effects.compressor import Compressor
from bridge.effects.loudness import Loudness
from bridge.planning.bench import Bench
from bridge.planning.draft import Draft, evidence, measured, quoted
from bridge.planning.intent import Intent
from bridge.planning.levels import CEILING_DBTP, LOUDNESS_FITS_LU
from bridge.planning.matching import curve
from bridge.planning.matching.reference import AIMED_AT, SHORT_S, Aspect, Matched, Reference, full
from bridge.planning.plan import Step

VARIANT = "reference"
"""Steps of their own, so that what else the words ask of the same effect stays apart from what the reference asks."""

WIDTH_FITS_DB = 0.5
DYNAMICS_FIT_DB = 0.5
_OF_THE_WANTED = 0.6
_HARDEST = 0.75
"""Of what stands over the threshold: 4:1, and no pumping."""
_ATTACK_MS, _RELEASE_MS = 1.0, 80.0
_MOST_REDUCTION_DB = 12.0
WIDEST, NARROWEST = 2.0, 0.1
RANGES: tuple[tuple[str, float], ...] = (("width_low", 20.0), ("width_mid", 120.0), ("width_high", 2000.0))
"""Metrics of width, and where the range of each begins."""


def match(bench: Bench, intent: Intent) -> None:
    """All that the reference asks of the sound, as far as the amounts go."""
    reference = bench.context.reference
    if reference is None and bench.context.previous is not None and bench.context.previous.matched:
        reference = bench.context.previous.matched.reference
    analysis = bench.context.analysis(intent.where)
    if reference is None:
        bench.impossible.append(
            f"{quoted(intent)}: there is no reference; name a file with --reference, or as `references`."
        )
        return
    if analysis is None or reference.distance_db(analysis) is None:
        bench.impossible.append(f"{quoted(intent)}: the sound has no spectrum to match ({_why(analysis)}).")
        return
    amounts = amounts_of(intent, bench.context.match)
    matched = Matched(
        reference=reference,
        amounts=amounts,
        before_db=_rounded(reference.distance_db(analysis)),
        aims=_aims(analysis, reference, amounts),
    )
    drafts = len(bench.drafts)
    left = [
        _spectrum(bench, intent, analysis, matched),
        _width(bench, intent, analysis, matched),
        _dynamics(bench, intent, analysis, matched),
    ]
    _loudness(bench, intent, analysis, matched, changed=len(bench.drafts) > drafts)
    bench.warnings += [text for text in left if text]
    if len(bench.drafts) > drafts:
        bench.matched = bench.matched or matched
    else:
        bench.satisfied.append(_alike(analysis, matched))


def _aims(analysis: Analysis, reference: Reference, amounts: Mapping[Aspect, float]) -> dict[Aspect, float]:
    """Where the amounts lead, of what both sounds have."""
    aims: dict[Aspect, float] = {}
    for aspect, metric in AIMED_AT.items():
        own, wanted = analysis.number(metric), reference.readings.get(metric)
        if amounts[aspect] and own is not None and wanted is not None:
            aims[aspect] = round(own + amounts[aspect] * (wanted - own), 2)
    return aims


def promised(bench: Bench, steps: Sequence[Step]) -> Matched | None:
    """What the plan says of its reference; the distance is promised where nothing else changes the sound."""
    if bench.matched is None:
        return None
    alone = all(ours(step) for step in steps)
    return bench.matched if alone else bench.matched.model_copy(update={"promised_db": None})


def ours(step: Step) -> bool:
    """A step that the reference asked for, or one that only sees to the level."""
    return step.intent.startswith("match ") or step.effect in ("gain", "loudness", "limiter")


def amounts_of(intent: Intent, asked: Mapping[Aspect, float]) -> dict[Aspect, float]:
    """What the words say goes before the options; the degree of the wish scales what the words leave open."""
    amounts = full(asked)
    limiter: dict[Aspect, float] = {part: asked[part] for part in asked if part == "limiter"}
    if "limiter" in intent.given:
        limiter = {"limiter": round(float(intent.given["limiter"]), 3)}
    degree = max(0.0, min(1.0, intent.amount))
    return {
        part: round(max(0.0, min(1.0, float(intent.given.get(part, amount * degree)))), 3)
        for part, amount in amounts.items()
    } | limiter


def _spectrum(bench: Bench, intent: Intent, analysis: Analysis, matched: Matched) -> str:
    """The equalizer; what it leaves, as a sentence."""
    if not matched.amounts["eq"]:
        return ""
    fitted = curve.fitted(analysis, matched)
    bench.matched = fitted.told(matched)
    if fitted.bands:
        draft = bench.draft("equalizer", _part(intent, "eq"), VARIANT)
        draft.parameters["bands"] = [band.model_dump() for band in fitted.bands]
        draft.judge({}, *(f"bands.{index}.gain_db" for index in range(len(fitted.bands))))
        draft.because(f"{quoted(intent)}: {fitted.sentence(matched)}")
    return fitted.beyond(matched)


def _width(bench: Bench, intent: Intent, analysis: Analysis, matched: Matched) -> str:
    amount, reference = matched.amounts["width"], matched.reference
    if not amount:
        return ""
    own, wanted = analysis.number("side_to_mid"), reference.readings.get("side_to_mid")
    if wanted is None:
        return f"Width is left as it is: {reference.name} is mono."
    if own is None:
        return (
            f"Width cannot be matched: the sound is mono, {reference.name} has {wanted:.1f} dB side to mid."
        )
    if own < NEARLY_MONO_DB and wanted < NEARLY_MONO_DB:
        return ""
    factors = {
        low_hz: _factor(one, other, amount)
        for metric, low_hz in RANGES
        if (one := analysis.number(metric)) is not None
        and (other := reference.readings.get(metric)) is not None
        and max(one, other) >= NEARLY_MONO_DB
    }
    if not any(abs(20 * math.log10(factor)) >= WIDTH_FITS_DB for factor in factors.values()):
        return ""
    draft = bench.draft("stereo_width", _part(intent, "width"), VARIANT)
    bands = [{"above_hz": low_hz, "width": factor} for low_hz, factor in _filled(factors).items()]
    inside = (f"bands.{index}.width" for index in range(len(RANGES)))
    draft.judge({"width": 1.0, "bands": bands}, *inside)
    held = any(factor in (WIDEST, NARROWEST) for factor in factors.values())
    draft.because(
        f"{quoted(intent)}: {measured(analysis, 'side_to_mid')}, {reference.name} {wanted:.1f} dB"
        f"{_share(amount)}, each range of frequencies by itself"
        + (f", as far as a factor of {WIDEST:g} goes" if held else ""),
        evidence(analysis, "side_to_mid", wanted),
    )
    return ""


def _factor(own_db: float, wanted_db: float, amount: float) -> float:
    return round(min(WIDEST, max(NARROWEST, 10 ** (amount * (wanted_db - own_db) / 20))), 3)


def _filled(factors: Mapping[float, float]) -> dict[float, float]:
    """A range without a measurement stays as it is; the bass is never widened."""
    filled = {low_hz: factors.get(low_hz, 1.0) for _, low_hz in RANGES}
    return filled | {20.0: min(1.0, filled[20.0])}


def _dynamics(bench: Bench, intent: Intent, analysis: Analysis, matched: Matched) -> str:
    amount, reference = matched.amounts["dynamics"], matched.reference
    if not amount:
        return ""
    own, wanted = analysis.number("psr"), reference.readings.get("psr")
    if own is None or wanted is None:
        who = "the sound" if own is None else reference.name
        return f"Dynamics are left as they are: {who} is shorter than {SHORT_S:g} s or too quiet to tell."
    apart = amount * (own - wanted)
    if apart < -DYNAMICS_FIT_DB:
        return (
            f"Dynamics are left as they are: the reference is less dense (PSR {wanted:.1f} dB against {own:.1f}), "
            "and what a limiter has taken away cannot be given back."
        )
    peak = analysis.number("sample_peak")
    if apart < DYNAMICS_FIT_DB or peak is None:
        return ""
    draft = bench.draft("compressor", _part(intent, "dynamics"), VARIANT)
    draft.judge(compression(analysis, wanted, apart))
    draft.because(
        f"{quoted(intent)}: {density(own, wanted, reference)}{_share(amount)}",
        evidence(analysis, "psr", wanted),
    )
    return ""


def density(own: float, wanted: float, reference: Reference) -> str:
    return f"peaks stand {own:.1f} dB over the loudness (PSR), in {reference.name} {wanted:.1f} dB"


def compression(analysis: Analysis, wanted_psr: float, reduction_db: float) -> dict[str, float]:
    """A compressor that takes so much off the highest peaks. Its threshold stays between the loudness and the peaks
    that are wanted, or it would turn down what the peaks are measured against."""
    peak, lufs = analysis.number("sample_peak") or 0.0, analysis.number("integrated_loudness")
    floor = peak - _MOST_REDUCTION_DB if lufs is None else lufs + _OF_THE_WANTED * wanted_psr
    threshold = Compressor.quantities()["threshold_db"].clamp(min(floor, peak - 1.0))
    share = min(_HARDEST, reduction_db / (peak - threshold)) if peak > threshold else 0.0
    return {
        "threshold_db": round(threshold, 1),
        "ratio": round(1 / (1 - share), 2),
        "attack_ms": _ATTACK_MS,
        "release_ms": _RELEASE_MS,
        "makeup_db": 0.0,
        "knee_db": 6.0,
    }


def _loudness(bench: Bench, intent: Intent, analysis: Analysis, matched: Matched, changed: bool) -> None:
    """To the reference's loudness under a ceiling; where that is not asked for, back to where it was."""
    amount, reference = matched.amounts["loudness"], matched.reference
    own, wanted = analysis.number("integrated_loudness"), reference.readings.get("integrated_loudness")
    if own is None:
        bench.warnings.append(f"Loudness is not matched: {_why(analysis, 'integrated_loudness')}.")
        return
    if amount and wanted is None:
        bench.warnings.append(f"Loudness is not matched: {reference.name} is too short or too quiet to tell.")
    louder_db = float(intent.given.get("louder_db", 0.0))
    if (not amount or wanted is None) and not louder_db:
        if changed:
            _same_level(bench, intent, analysis, matched, own)
        return
    wanted = own if wanted is None else wanted
    target = round(own + amount * (wanted - own) + louder_db, 2)
    if not changed and abs(target - own) <= LOUDNESS_FITS_LU:
        return
    draft = _levelled(bench, intent, matched, target)
    draft.because(
        f"{quoted(intent)}: {measured(analysis, 'integrated_loudness')}, "
        f"{reference.name} {wanted:.1f} LUFS{_share(amount)}"
        + (f", and {louder_db:+g} dB" if louder_db else ""),
        evidence(analysis, "integrated_loudness", draft.parameters["target_lufs"]),
    )


def _levelled(bench: Bench, intent: Intent, matched: Matched, target: float) -> Draft:
    """The step that brings the sound to a loudness, with as much limiting as the amounts allow."""
    draft = bench.draft("loudness", _part(intent, "loudness"))
    draft.judge({"target_lufs": target})
    draft.put({"ceiling_dbtp": CEILING_DBTP}, said=False)
    if "limiter" in matched.amounts:
        usual = float(Loudness.model_fields["max_limiting_db"].default)
        draft.judge({"max_limiting_db": round(matched.amounts["limiter"] * usual, 1)})
    return draft


def _same_level(bench: Bench, intent: Intent, analysis: Analysis, matched: Matched, own: float) -> None:
    """What changes tone, width or dynamics changes loudness; so that nobody takes louder for better, that is taken
    back, under a ceiling and to the loudness that was measured. A sound that is quieter than any loudness target
    gets the gain that its equalizer asks for."""
    why = f"{quoted(intent)}: so that the loudness stays what it is"
    if Loudness.quantities()["target_lufs"].clamp(own) == own:
        draft = _levelled(bench, intent, matched, round(own, 2))
        draft.because(why, evidence(analysis, "integrated_loudness", draft.parameters["target_lufs"]))
        return
    equalizer = bench.drafts.get(("equalizer", intent.where, intent.span, VARIANT))
    draft = bench.draft("gain", _part(intent, "level"), VARIANT)
    draft.judge({"gain_db": round(-curve.louder_by_db(analysis, equalizer.bands if equalizer else []), 2)})
    draft.because(why)


def _part(intent: Intent, part: str) -> Intent:
    return intent.model_copy(update={"subject": part})


def _share(amount: float) -> str:
    return "" if amount >= 1 else f", {amount:.0%} of the way"


def _alike(analysis: Analysis, matched: Matched) -> str:
    """No work to do, with the numbers that say so."""
    reference, amounts = matched.reference, matched.amounts
    told = []
    if amounts["eq"]:
        told.append(f"third octaves {matched.before_db or 0.0:.1f} dB apart on average")
    for part, metric, unit in (
        ("width", "side_to_mid", "dB"), ("dynamics", "psr", "dB"), ("loudness", "integrated_loudness", "LUFS"),
    ):  # fmt: skip
        own, wanted = analysis.number(metric), reference.readings.get(metric)
        if amounts[part] and own is not None and wanted is not None:  # type: ignore[index]
            told.append(f"{metric.replace('_', ' ')} {own:.1f} against {wanted:.1f} {unit}")
    if not told:
        return f"Nothing of {reference.name} is matched: every amount is 0."
    return f"The sound is as {reference.name} already: {', '.join(told)}."


def _why(analysis: Analysis | None, metric: str = "sample_peak") -> str:
    reading = analysis.readings.get(metric) if analysis is not None else None
    return (reading.reason if reading is not None else None) or "not measured"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
