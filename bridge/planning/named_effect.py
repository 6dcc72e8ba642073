"""An effect that was asked for by its name: its own judgement at that degree, overruled by what was said."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.effects import BY_NAME
from bridge.planning.bench import Bench
from bridge.planning.draft import Draft, evidence, measured, quoted
from bridge.planning.effect_settings import Settings, settings
from bridge.planning.in_time import in_time, owes_the_tempo
from bridge.planning.intent import Intent
from bridge.planning.more_compression import DEEPER, press
from bridge.planning.widths import width_in_a_band

_OF_SIDES = {
    "stereo_width": "there is no width to change",
    "pan": "it has no left and right",
    "balance": "it has no left and right",
}


def effect_by_name(bench: Bench, intent: Intent) -> None:
    """An effect by its name and degree: its own judgement, overruled by what was said."""
    analysis = bench.context.analysis(intent.where)
    given = dict(intent.given)
    if intent.amount < 0 and intent.subject == "stereo_width":
        given.setdefault("width", round(max(0.0, 1 + 0.35 * intent.amount), 2))
    if intent.subject in _OF_SIDES and analysis is not None and analysis.channels == 1:
        bench.impossible.append(f"{quoted(intent)}: the sound is mono, {_OF_SIDES[intent.subject]}.")
        return
    if (
        intent.subject == "channels"
        and analysis is not None
        and analysis.channels == 1
        and "invert" not in given
    ):
        bench.impossible.append(f"{quoted(intent)}: the sound is mono, it has no left and right.")
        return
    if width_in_a_band(bench, intent):
        return
    found = settings(intent.subject, analysis, abs(intent.amount))
    if intent.subject == "stereo_width" and "mono_below_hz" not in given:
        found = _as_wide(bench, intent, given, found)
    if intent.subject == "equalizer" and not found.parameters.get("bands") and not given:
        if ("equalizer", intent.where) in bench.players:
            return
        bench.satisfied.append(
            f"{quoted(intent)}: the spectrum needs no correction; say a frequency or a colour to go on."
        )
        return
    unneeded = BY_NAME[intent.subject].unneeded(analysis) if analysis is not None and not given else None
    if unneeded is not None:
        bench.satisfied.append(f"{quoted(intent)}: {unneeded}.")
        return
    if not in_time(bench, intent, given):
        return
    draft = bench.draft(intent.subject, intent)
    reduction = given.pop("reduction_db", None)
    if "mono_below_hz" not in given:  # the bass in the middle says nothing of the width above it
        draft.put(found.parameters, said=False)
    if "makeup_db" in given and "auto_makeup" in BY_NAME[intent.subject].model_fields:
        given.setdefault("auto_makeup", False)  # a make-up that was said is not measured
    deeper_db = float(given.pop(DEEPER, 0.0))
    draft.put(given, said=True)
    if reduction is not None:
        _reduce(bench, draft, intent, abs(float(reduction)))
    _explain(bench, draft, intent)
    if deeper_db:
        press(draft, deeper_db)


def _as_wide(bench: Bench, intent: Intent, given: Mapping[str, object], found: Settings) -> Settings:
    """The effect's own judgement where it goes the way that the words go; what it would rather narrow is widened all
    the same, and told, and a width that was said holds for all of the spectrum."""
    if not found.judged or "bands" in given:
        return found
    plain = settings(intent.subject, None, abs(intent.amount))
    if "width" in given:
        return plain
    judged = found.parameters
    narrows = any(band["width"] < 1.0 for band in judged["bands"])
    if intent.amount < 0 or not (narrows or (judged["width"] <= 1.0 and not judged["decorrelation"])):
        return found
    bench.warnings.append(
        f"{quoted(intent)}: parts of it cancel in mono already, and more so when it is wider."
    )
    return plain


def _reduce(bench: Bench, draft: Draft, intent: Intent, reduction_db: float) -> None:
    """Threshold for so much gain reduction on the peaks: peak - reduction * ratio / (ratio - 1)."""
    analysis = bench.context.analysis(intent.where)
    peak = analysis.number("sample_peak") if analysis else None
    if peak is None:
        peak = analysis.number("true_peak") if analysis else None
    if peak is None:
        bench.warnings.append(f"{quoted(intent)}: the peak is not known, so the threshold is a guess.")
        peak = -3.0
    ratio = max(1.2, float(draft.parameters.get("ratio", 2.0)))
    draft.put({"threshold_db": round(peak - reduction_db * ratio / (ratio - 1), 1)}, said=True)
    draft.because(f"{reduction_db:g} dB off the loudest peaks at {peak:.1f} dBFS")


def _explain(bench: Bench, draft: Draft, intent: Intent) -> None:
    analysis, metric = bench.context.analysis(intent.where), BY_NAME[intent.subject].seen_by
    if metric == "tempo" and (bench.context.tempo_bpm or not owes_the_tempo(intent)):
        metric = ""
    found = measured(analysis, metric)
    draft.because(
        f"{quoted(intent)}; measured {found}" if found else quoted(intent), evidence(analysis, metric)
    )
