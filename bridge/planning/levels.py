"""Louder, quieter, to a peak, gain staging, loudness and ceilings: wishes whose result is a level."""

from __future__ import annotations

from bridge.analysis.reading import Analysis
from bridge.effects.gain import STAGING_CEILING_DBTP, STAGING_RMS_DBFS, Gain
from bridge.effects.loudness import Loudness
from bridge.planning.bench import Bench
from bridge.planning.draft import Draft, evidence, measured, quoted
from bridge.planning.intent import Intent
from bridge.planning.plugins.steps import asked_by_name, limit_first

PLAIN_DB = 3.0
CEILING_DBTP = -1.0
"""Room for lossy encoders; what streaming platforms ask for."""
LOUDNESS_FITS_LU = 0.1
CEILING_FITS_DB = 0.05
_STAGING_FITS_DB = 0.1
_HARD_LIMITING_DB = 6.0
_ONSETS_FIT_DB = 1.0


def level(bench: Bench, intent: Intent) -> None:
    """Louder or quieter by dB, or to a peak."""
    analysis = bench.context.analysis(intent.where)
    if "peak_dbtp" in intent.given:
        _to_peak(bench, intent, analysis, float(intent.given["peak_dbtp"]))
        return
    said = "gain_db" in intent.given
    gain_db = float(intent.given["gain_db"]) if said else PLAIN_DB * intent.amount
    draft = bench.draft("gain", intent)
    total = draft.parameters.get("gain_db", 0.0) + gain_db
    said = said or "gain_db" in draft.said  # what comes on top of a number must not be lost beside it
    draft.put({"gain_db": round(total, 3)}, said=said)
    held = Gain.quantities()["gain_db"].clamp(gain_db)
    most = ", the most that gain gives" if held != gain_db else ""
    draft.because(f"{quoted(intent)}: {held:+.1f} dB{most}", evidence(analysis, "true_peak"))


def _to_peak(bench: Bench, intent: Intent, analysis: Analysis | None, peak: float) -> None:
    metric = next(
        (name for name in ("true_peak", "sample_peak") if analysis and analysis.number(name) is not None),
        None,
    )
    now = analysis.number(metric) if analysis and metric else None
    if now is None:
        bench.impossible.append(
            f"{quoted(intent)}: the peak could not be measured ({_why(analysis, 'true_peak')})."
        )
    elif abs(peak - now) <= CEILING_FITS_DB:
        bench.satisfied.append(f"The {measured(analysis, str(metric))} is already what you asked for.")
    else:
        draft = bench.draft("gain", intent)
        draft.put({"gain_db": round(peak - now, 3)}, said=True)
        draft.because(
            f"{quoted(intent)}: {measured(analysis, str(metric))}, asked {peak:g}",
            evidence(analysis, str(metric), peak),
        )


def staging(bench: Bench, intent: Intent) -> None:
    """To an RMS level under a ceiling; each stem by itself where the place is the mix of stems."""
    places = list(bench.context.analyses) if intent.where not in bench.context.analyses else [intent.where]
    for where in places:
        _stage(bench, intent.model_copy(update={"where": where}), bench.context.analysis(where))


def _stage(bench: Bench, intent: Intent, analysis: Analysis | None) -> None:
    rms = analysis.number("rms") if analysis else None
    peak = analysis.number("true_peak") if analysis else None
    if analysis is None or rms is None or peak is None:
        bench.impossible.append(f"{quoted(intent)}: there is no level to stage ({_why(analysis, 'rms')}).")
        return
    goal = _held(bench, "rms_target_dbfs", float(intent.given.get("rms_dbfs", STAGING_RMS_DBFS)))
    ceiling = _held(bench, "ceiling_dbtp", float(intent.given.get("true_peak_dbtp", STAGING_CEILING_DBTP)))
    now = f"{measured(analysis, 'rms')}, {measured(analysis, 'true_peak')}"
    made = Gain.staging(analysis, goal, ceiling)
    if made is None:
        bench.satisfied.append(
            f"Gain staging fits already: {now}; asked {goal:g} dBFS RMS, at most {ceiling:g} dBTP."
        )
        return
    _warn_of_a_quiet_sound(bench, made.gain_db, min(goal - rms, ceiling - peak), now)
    draft = bench.draft("gain", intent)
    draft.put(made.parameters(), said=True)
    held = "the peak" if ceiling - peak < goal - rms else "the RMS level"
    if min(goal - rms, ceiling - peak) - made.gain_db > _STAGING_FITS_DB:
        held = "the largest gain"
    draft.because(
        f"{now}; gain staging to {goal:g} dBFS RMS with true peak at most {ceiling:g} dBTP, {held} decides",
        evidence(analysis, "rms", goal),
        evidence(analysis, "true_peak", ceiling),
    )


def _warn_of_a_quiet_sound(bench: Bench, gain_db: float, needed_db: float, now: str) -> None:
    """Where the level is out of reach of the largest gain, which is the business of whoever recorded it."""
    if needed_db - gain_db > _STAGING_FITS_DB:
        bench.warnings.append(
            f"The sound is too quiet to stage ({now}): it needs {needed_db:+.1f} dB, and gain gives at most "
            f"{gain_db:+.1f} dB; record or export it louder."
        )


def _held(bench: Bench, name: str, value: float) -> float:
    """A staging number within the span that gain declares for it."""
    quantity = Gain.quantities()[name]
    held = quantity.clamp(value)
    if held != value:
        bench.warnings.append(f"gain staging: {value:g} is held at {held:g} {quantity.unit}.")
    return held


def loudness(bench: Bench, intent: Intent) -> None:
    """To a loudness, under a ceiling: the last word of the chain."""
    analysis = bench.context.analysis(intent.where)
    now = analysis.number("integrated_loudness") if analysis else None
    if analysis is not None and "integrated_loudness" in analysis and now is None:
        bench.impossible.append(
            f"{quoted(intent)}: the loudness could not be measured ({_why(analysis, 'integrated_loudness')})."
        )
        return
    draft = bench.draft("loudness", intent)
    if "target_lufs" not in intent.given:
        _judged(draft, intent)
    own = {name: value for name, value in intent.given.items() if name in Loudness.model_fields}
    if own.keys() != intent.given.keys():
        bench.warnings.append(f"{quoted(intent)}: a peak or RMS level beside a loudness is not held.")
    draft.put(own, said=True)
    target = draft.parameters["target_lufs"]
    found = measured(analysis, "integrated_loudness")
    draft.because(
        f"{quoted(intent)}: {found or 'loudness not measured'}, asked {target:g} LUFS",
        evidence(analysis, "integrated_loudness", target),
        evidence(analysis, "true_peak", draft.parameters.get("ceiling_dbtp", CEILING_DBTP)),
    )


def _judged(draft: Draft, intent: Intent) -> None:
    """Loudness asked for without a number: the middle of what streaming platforms play at."""
    draft.put({"target_lufs": -14.0}, said=False)


def settle_loudness(bench: Bench, draft: Draft) -> None:
    """Last look once all drafts are known: nothing to do, or how much limiting it will take."""
    analysis = bench.context.analysis(draft.where)
    span = Loudness.quantities()
    target = span["target_lufs"].clamp(float(draft.parameters["target_lufs"]))
    ceiling = span["ceiling_dbtp"].clamp(float(draft.parameters.setdefault("ceiling_dbtp", CEILING_DBTP)))
    now = analysis.number("integrated_loudness") if analysis else None
    peak = analysis.number("true_peak") if analysis else None
    if now is None:
        return
    alone = all(other is draft or other.where != draft.where for other in bench.drafts.values())
    if (
        alone
        and abs(target - now) <= LOUDNESS_FITS_LU
        and (peak is None or peak <= ceiling + CEILING_FITS_DB)
    ):
        bench.drop(draft)
        under = f" with {measured(analysis, 'true_peak')}" if peak is not None else ""
        bench.satisfied.append(f"The sound is already at {now:.1f} LUFS{under}; asked {target:g} LUFS.")
        return
    over = (peak + target - now - ceiling) if peak is not None else 0.0
    _warn_of_onsets(bench, draft.where, target, ceiling, over)
    if over > _HARD_LIMITING_DB:
        bench.warnings.append(
            f"{target:g} LUFS takes about {over:.0f} dB of limiting (from {now:.1f} LUFS, true peak {peak:.1f} dBTP); "
            "it will be heard."
        )


def _warn_of_onsets(bench: Bench, where: str, target: float, ceiling_dbtp: float, over_db: float) -> None:
    """Peaks cannot stand further over a loudness than its ceiling does: the number that was said comes first."""
    shaper = bench.find("transient_shaper", where)
    attack_db = float(shaper.parameters.get("attack_db", 0.0)) if shaper is not None else 0.0
    if attack_db > 0 and over_db + attack_db > _ONSETS_FIT_DB:
        bench.warnings.append(
            f"{target:g} LUFS under {ceiling_dbtp:g} dBTP takes {over_db + attack_db:.0f} dB off the onsets that are "
            f"to stand out; at {target - over_db - attack_db:.0f} LUFS they stay whole."
        )


def ceiling(bench: Bench, intent: Intent) -> None:
    """A limiter's ceiling; it joins a loudness wish at the same place when that is settled."""
    analysis = bench.context.analysis(intent.where)
    draft = bench.draft("limiter", intent)
    draft.put(
        {"ceiling_dbtp": CEILING_DBTP} | intent.given if not draft.parameters else intent.given,
        said=bool(intent.given),
    )
    peak = draft.parameters["ceiling_dbtp"]
    draft.because(
        f"{quoted(intent)}: {measured(analysis, 'true_peak') or 'true peak not measured'}, ceiling {peak:g} dBTP",
        evidence(analysis, "true_peak", peak),
    )


def settle_ceiling(bench: Bench, draft: Draft) -> None:
    """A ceiling beside a loudness wish is that wish's ceiling; one that nothing reaches is nothing to do."""
    joined = bench.find("loudness", draft.where)
    if joined is not None and limit_first(bench, draft, joined):
        return
    if joined is not None:
        if "ceiling_dbtp" in draft.said or "ceiling_dbtp" not in joined.parameters:
            joined.put({"ceiling_dbtp": draft.parameters["ceiling_dbtp"]}, said="ceiling_dbtp" in draft.said)
        joined.reasons += draft.reasons
        bench.drop(draft)
        return
    analysis = bench.context.analysis(draft.where)
    peak = analysis.number("true_peak") if analysis else None
    alone = all(other is draft or other.where != draft.where for other in bench.drafts.values())
    reached = peak is None or peak > draft.parameters["ceiling_dbtp"]
    if alone and not reached and not asked_by_name(bench, draft):
        bench.drop(draft)
        bench.satisfied.append(
            f"The {measured(analysis, 'true_peak')} is already under the ceiling of "
            f"{draft.parameters['ceiling_dbtp']:g} dBTP."
        )


def _why(analysis: Analysis | None, metric: str) -> str:
    if analysis is None or metric not in analysis:
        return "not measured"
    return analysis[metric].reason or "not measured"
