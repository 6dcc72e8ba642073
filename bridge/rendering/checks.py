"""Every promise of a plan held against the measurement of what came out. No promise, no check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bridge.analysis.reading import Analysis
from bridge.effects.gain import Gain
from bridge.effects.limiter import Limiter
from bridge.effects.loudness import Loudness
from bridge.planning.plan import Plan
from bridge.rendering import placing
from bridge.rendering.check import Check
from bridge.rendering.likeness import likeness
from bridge.rendering.placing import Placed
from bridge.rendering.second_opinion import GATE_LUFS, TOLERANCE_LU, SecondOpinion

LOUDNESS_TOLERANCE_LU = 0.1
PEAK_TOLERANCE_DB = 0.05
RMS_TOLERANCE_DB = 0.1
_ROUNDING = 1e-6
_NOT_REACHED = "not reached"

NO_REASONS: Mapping[str, str] = {}


def check(
    plan: Plan,
    before: Analysis,
    after: Analysis,
    frames: int,
    promised: int,
    unreached: Mapping[str, str] = NO_REASONS,
    opinion: SecondOpinion | None = None,
) -> tuple[Check, ...]:
    """Checks of a result. frames: that were found in it. promised: how many it should have (`Streamed.promised`).

    unreached: by step id, why it could not do what was asked (`Streamed.unreached`).
    opinion: who heard the result while it was analyzed.
    """
    of_steps = check_steps(placing.at_input(plan), before, after, frames, promised, unreached, opinion)
    return (*of_steps, *likeness(plan, after))


def check_steps(
    steps: tuple[Placed, ...],
    before: Analysis,
    after: Analysis,
    frames: int,
    promised: int,
    unreached: Mapping[str, str] = NO_REASONS,
    opinion: SecondOpinion | None = None,
) -> tuple[Check, ...]:
    """The same for steps that are already placed."""
    return (
        _length(frames, promised),
        *_finite(after),
        *_not_silent(before, after),
        *_loudness(steps, after, unreached),
        *_second_opinion(after, opinion),
        *_true_peak(steps, after),
        *_staging(steps, after),
        *_cut_short(steps),
        *_refused(steps, unreached),
    )


def _length(frames: int, promised: int) -> Check:
    ok = frames == promised
    reason = (
        None if ok else f"{abs(frames - promised)} frames {'too few' if frames < promised else 'too many'}"
    )
    return Check(name="length", asked=float(promised), got=float(frames), unit="frames", ok=ok, reason=reason)


def _finite(after: Analysis) -> Iterator[Check]:
    reading = after.readings.get("sample_peak")
    if reading is None:
        return
    bad = reading.reason if reading.reason and "not finite" in reading.reason else None
    yield Check(name="finite", asked=True, got=bad is None, unit="", ok=bad is None, reason=bad)


def _not_silent(before: Analysis, after: Analysis) -> Iterator[Check]:
    if before.number("sample_peak") is None or after.frames == 0:
        return
    heard = after.number("sample_peak") is not None
    reason = None if heard else "the result is silent, and the input was not"
    yield Check(name="not_silent", asked=True, got=heard, unit="", ok=heard, reason=reason)


def _loudness(steps: tuple[Placed, ...], after: Analysis, unreached: Mapping[str, str]) -> Iterator[Check]:
    """Of the last loudness step that works on the whole sound, at full strength."""
    index = _last_whole(steps, Loudness)
    if index is None:
        return
    effect = steps[index].effect
    assert isinstance(effect, Loudness)
    asked = _asked_lufs(steps[index], effect)
    got = after.number("integrated_loudness")
    ok = got is not None and abs(got - asked) <= LOUDNESS_TOLERANCE_LU + _ROUNDING
    reason = None if ok else _why_not_loud(steps, index, after, unreached)
    if reason == _NOT_REACHED and asked != effect.target_lufs:
        reason = f"the loudness step aims at {effect.target_lufs:g} LUFS, where its span ends"
    yield Check(name="integrated_loudness", asked=asked, got=got, unit="LUFS", ok=ok, reason=reason)


def _asked_lufs(item: Placed, effect: Loudness) -> float:
    """What the words asked for, also where the step's span holds it: a wish that was cut short is a miss.

    A target that was changed by hand afterwards is the new wish.
    """
    asked = item.step.clamped_from.get("target_lufs", effect.target_lufs)
    held = Loudness.quantities()["target_lufs"].clamp(asked) == effect.target_lufs
    return asked if held else effect.target_lufs


def _why_not_loud(
    steps: tuple[Placed, ...], index: int, after: Analysis, unreached: Mapping[str, str]
) -> str:
    stated = unreached.get(steps[index].step.id)
    if stated:
        return stated
    if after.number("integrated_loudness") is None:
        return f"loudness is undefined: {after['integrated_loudness'].reason}"
    if index + 1 < len(steps):
        return f"{steps[index + 1].name} comes after the loudness target and changes it"
    return _NOT_REACHED


def _second_opinion(after: Analysis, opinion: SecondOpinion | None) -> Iterator[Check]:
    """The measurement itself held against a judge that shares no code with it, whatever the plan promised."""
    if opinion is None or not opinion.asked:
        return
    ours, theirs = after.number("integrated_loudness"), opinion.lufs()
    if ours is None and theirs is None:
        return
    # Around the absolute gate one of them may still hear a block that the other does not.
    apart = (GATE_LUFS if theirs is None else theirs) - (GATE_LUFS if ours is None else ours)
    ok = abs(apart) <= TOLERANCE_LU + _ROUNDING
    reason = None if ok else f"pyloudnorm reads {abs(apart):.2f} LU {'more' if apart > 0 else 'less'}"
    yield Check(
        name="integrated_loudness_second_opinion", asked=ours, got=theirs, unit="LUFS", ok=ok, reason=reason
    )


def _true_peak(steps: tuple[Placed, ...], after: Analysis) -> Iterator[Check]:
    ceiling = _ceiling_dbtp(steps)
    got = _peak_dbtp(after)
    if ceiling is None or got is None:
        return
    ok = got <= ceiling + PEAK_TOLERANCE_DB + _ROUNDING
    reason = None if ok else f"{got - ceiling:.2f} dB over the ceiling"
    yield Check(name="true_peak", asked=ceiling, got=got, unit="dBTP", ok=ok, reason=reason)


def _peak_dbtp(after: Analysis) -> float | None:
    """By the strict figure (16x), because a ceiling must hold against stricter meters than the standard's 4x."""
    strict = after.number("true_peak_strict")
    return after.number("true_peak") if strict is None else strict


def _ceiling_dbtp(steps: tuple[Placed, ...]) -> float | None:
    """The lowest ceiling that still holds at the end: nothing after it can raise a peak."""
    lowest: float | None = None
    for item in reversed(steps):
        if not _whole(item):
            break
        if isinstance(item.effect, Limiter | Loudness):
            lowest = min(item.effect.ceiling_dbtp, 0.0 if lowest is None else lowest)
        elif not (isinstance(item.effect, Gain) and item.effect.gain_db <= 0):
            break
    return lowest


def _staging(steps: tuple[Placed, ...], after: Analysis) -> Iterator[Check]:
    """What a gain that stages promised: the RMS level, unless the ceiling holds it back, and the ceiling."""
    index = _last_whole(steps, Gain)
    effect = steps[index].effect if index is not None else None
    if not isinstance(effect, Gain) or index != len(steps) - 1:
        return
    rms, peak = after.number("rms"), _peak_dbtp(after)
    if effect.ceiling_dbtp is not None and peak is not None:
        ok = peak <= effect.ceiling_dbtp + PEAK_TOLERANCE_DB + _ROUNDING
        over = None if ok else f"{peak - effect.ceiling_dbtp:.2f} dB over the ceiling"
        yield Check(name="true_peak", asked=effect.ceiling_dbtp, got=peak, unit="dBTP", ok=ok, reason=over)
    if effect.rms_target_dbfs is not None and rms is not None:
        yield _staged_rms(effect, effect.rms_target_dbfs, rms, peak)


def _refused(steps: tuple[Placed, ...], unreached: Mapping[str, str]) -> Iterator[Check]:
    """Steps that could not do what they are for; of loudness and ceilings the figures above tell."""
    for item in steps:
        reason = unreached.get(item.step.id)
        if reason and not isinstance(item.effect, Loudness | Limiter):
            yield Check(name=item.effect.name, asked=True, got=False, unit="", ok=False, reason=reason)


def _cut_short(steps: tuple[Placed, ...]) -> Iterator[Check]:
    """Gains that were asked for and lie beyond what a gain step gives; within it, a gain is what it says."""
    span = Gain.quantities()["gain_db"]
    for item in steps:
        asked = item.step.clamped_from.get("gain_db")
        if not isinstance(item.effect, Gain) or asked is None:
            continue
        got = item.effect.gain_db
        if span.clamp(asked) == got != asked:
            reason = f"a gain step gives {span.low:+g} to {span.high:+g} dB"
            yield Check(name="gain", asked=asked, got=got, unit="dB", ok=False, reason=reason)


def _staged_rms(effect: Gain, target: float, rms: float, peak: float | None) -> Check:
    hit = abs(rms - target) <= RMS_TOLERANCE_DB + _ROUNDING
    at_ceiling = (
        effect.ceiling_dbtp is not None
        and peak is not None
        and peak >= effect.ceiling_dbtp - RMS_TOLERANCE_DB
    )
    held_back = rms < target and at_ceiling
    reason = None
    if held_back and not hit:
        reason = f"held back by the ceiling of {effect.ceiling_dbtp:.1f} dBTP"
    elif not hit:
        reason = f"the gain of {effect.gain_db:+.1f} dB does not reach it"
    return Check(name="rms", asked=target, got=rms, unit="dBFS", ok=hit or held_back, reason=reason)


def _whole(item: Placed) -> bool:
    """It works on the whole sound at full strength, so that what it promises can be measured at the end."""
    return item.step.wet >= 1 and item.step.region is None and item.step.part == "all"


def _last_whole(steps: tuple[Placed, ...], kind: type[Gain] | type[Loudness]) -> int | None:
    found = [index for index, item in enumerate(steps) if isinstance(item.effect, kind) and _whole(item)]
    return found[-1] if found else None
