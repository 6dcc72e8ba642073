"""Headroom: a plan that may lift peaks over full scale gets a ceiling, unless the words forbid one."""

from __future__ import annotations

import math

from bridge.effects.declip import RISE_DB
from bridge.effects.dsp.equal_power import equal_power
from bridge.planning.bench import Bench
from bridge.planning.clamp import clamp
from bridge.planning.draft import Draft, evidence
from bridge.planning.intent import Intent
from bridge.planning.levels import CEILING_DBTP

HEADROOM = "headroom"
"""What a step was asked by that nobody asked for (`Step.intent`)."""

_FULL_SCALE_DBTP = 0.0
_TOP_DBTP = -0.3
_LIFTING = ("gain", "equalizer", "compressor")
_SHAPER = "transient_shaper"
_PEAK_PART = 0.75
"""Of what a shaper gives an onset, the part that the highest peak gets at most: 0.6 on six drum loops. Own."""
_ADDING = ("reverb", "convolution_reverb")
"""What is mixed in at equal power: where both sounds peak at once, their gains add up."""


def keep_headroom(bench: Bench) -> None:
    """Adds a limiter to every place whose drafts could push the true peak over full scale.

    Only what boosts counts. A cut turns phases too, and may so raise a peak by a little, rarely over full scale; a
    limiter after every cut would cost more than it saves, and the measured result tells where it happened.
    """
    for where in dict.fromkeys(draft.where for draft in bench.drafts.values()):
        if where not in bench.context.analyses:
            continue
        drafts = [draft for draft in bench.drafts.values() if draft.where == where]
        if not any(draft.effect in ("loudness", "limiter") for draft in drafts):
            _limit(bench, where, _with_whole_onsets(bench, where, _declipped(bench, where, drafts)))


def _declipped(bench: Bench, where: str, drafts: list[Draft]) -> list[Draft]:
    """Tops that come back get their room by a gain: a limiter would cut off again what was just restored.

    The drafts that are still to be looked at.
    """
    peak = bench.context.analyses[where].number("true_peak")
    repair = next((draft for draft in drafts if draft.effect == "declip"), None)
    if repair is None or peak is None or peak + RISE_DB <= _FULL_SCALE_DBTP:
        return drafts
    down_db = round(peak + RISE_DB - _TOP_DBTP, 1)
    room = bench.draft("gain", Intent(operation="effect", subject="gain", where=where))
    room.intents = room.intents if room.parameters else [HEADROOM]
    room.put({"gain_db": round(float(room.parameters.get("gain_db", 0.0)) - down_db, 1)}, said=True)
    room.because(
        f"{down_db:g} dB down, because restored tops rise up to {RISE_DB:g} dB over where they were cut",
        evidence(bench.context.analyses[where], "true_peak", _FULL_SCALE_DBTP),
    )
    return [draft for draft in drafts if draft is not repair and draft is not room]


def _with_whole_onsets(bench: Bench, where: str, drafts: list[Draft]) -> list[Draft]:
    """Onsets that are to stand out get their room by a gain, where words say nothing of level: a limiter would take off
    what was just put on, and a little less loudness costs nothing that a fader does not give back.

    The drafts that are still to be looked at.
    """
    analysis = bench.context.analyses[where]
    peak = analysis.number("true_peak")
    attack_db = sum(
        float(draft.parameters.get("attack_db", 0.0)) for draft in drafts if draft.effect == _SHAPER
    )
    if peak is None or attack_db <= 0 or any(draft.effect == "gain" for draft in drafts):
        return drafts
    over_db = peak + _PEAK_PART * attack_db + sum(_rise(draft, analysis.number("rms")) for draft in drafts)
    if over_db <= _FULL_SCALE_DBTP:
        return drafts
    down_db = round(over_db - _TOP_DBTP, 1)
    room = bench.draft("gain", Intent(operation="effect", subject="gain", where=where))
    room.intents = [HEADROOM]
    room.put({"gain_db": -down_db}, said=True)
    room.because(
        f"{down_db:g} dB down, so that onsets may rise by {attack_db:g} dB and no limiter takes them back",
        evidence(analysis, "true_peak", _FULL_SCALE_DBTP),
    )
    bench.warnings.append(
        f"The sound goes down by {down_db:g} dB to leave its onsets whole; ask for a loudness if it must stay as loud."
    )
    return []


def _limit(bench: Bench, where: str, drafts: list[Draft]) -> None:
    analysis = bench.context.analyses[where]
    peak = analysis.number("true_peak")
    rms = analysis.number("rms")
    rise = sum(_rise(draft, rms) for draft in drafts)
    if peak is None or rise <= 0 or peak + rise <= _FULL_SCALE_DBTP:
        return
    draft = bench.draft("limiter", Intent(operation="effect", subject="limiter", where=where))
    draft.intents = [HEADROOM]
    draft.put({"ceiling_dbtp": min(_TOP_DBTP, max(CEILING_DBTP, round(peak, 1)))}, said=False)
    draft.because(
        f"the steps before it may lift the true peak of {peak:.1f} dBTP by up to {rise:.1f} dB, over full scale",
        evidence(analysis, "true_peak", _FULL_SCALE_DBTP),
    )


def _rise(draft: Draft, rms_dbfs: float | None) -> float:
    """How many dB a step may add to the peak at most (cuts and gain reduction count for nothing but plain gain).

    Numbers count as the clamper will leave them: of "boost 200 dB" there will be 24. A make-up that is measured is
    about what the static curve takes of the mean level; a peak that is over before the attack gets all of it.
    """
    if draft.effect not in (*_LIFTING, *_ADDING) or (
        draft.effect == "equalizer" and not draft.parameters.get("bands")
    ):
        return 0.0
    values = clamp(draft.effect, draft.parameters, draft.said).parameters
    if draft.effect == "gain":
        return float(values.get("gain_db", 0.0))
    if draft.effect in _ADDING:
        return 20 * math.log10(sum(equal_power(float(values["mix"]))))
    if draft.effect == "equalizer":
        return max([0.0, *(float(band.get("gain_db", 0.0)) for band in values.get("bands", []))])
    if draft.effect == "compressor" and values.get("auto_makeup") and rms_dbfs is not None:
        over_db = max(0.0, rms_dbfs - float(values["threshold_db"]))
        return over_db * (1 - 1 / float(values["ratio"])) * float(values["mix"])
    if draft.effect == "compressor":
        return float(values.get("makeup_db", 0.0))
    return 0.0
