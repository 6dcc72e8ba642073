"""The casebook: realistic requests with what an engineer expects of them (cases*.toml), and how they are played."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from bridge.effects.dsp.biquad import response_db
from bridge.effects.equalizer import Band, sections
from bridge.planning.context import Context, KnownPlugin
from bridge.planning.listen import intents_from_words
from bridge.planning.mixing.groups import found_roles, groups_of
from bridge.planning.plan import Outcome, Plan
from bridge.planning.planner import plan, respond
from bridge.presets import load_chains, load_lexicon, load_roles, load_targets, load_tongues
from tests.planning.sounds import SOUNDS as SOUNDS


def cases(name: str = "cases") -> list[dict[str, Any]]:
    """Of one of the files beside this one."""
    found: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text("utf-8"))[
        "case"
    ]
    return found


FILES = ("cases", "cases_turns", "cases_taste", "cases_people")
CASES = [case for name in FILES for case in cases(name)]
UNSEEN = ("cases_unseen_a", "cases_unseen_a_turns", "cases_unseen_b", "cases_unseen_b_turns")
"""Books by people who knew neither lexicon nor rules; counted apart from those that rules were mended by."""

ZAMCOMP = KnownPlugin(
    name="ZamComp", file="/plugins/ZamComp.vst3", parameters={"Threshold": (-60.0, 0.0), "Ratio": (1.0, 20.0)}
)


def outcome_of(
    words: str, sound: str = "song", previous: Plan | None = None, asked: Outcome | None = None
) -> Outcome:
    """asked: the outcome before, whose question these words may answer."""
    if sound in _WITH_GROUPS:
        return _of_the_band(words, sound, previous)
    return plan(
        words,
        SOUNDS[sound],
        lexicon=load_lexicon(),
        tongues=load_tongues(),
        targets=load_targets(),
        chains=load_chains(),
        plugins=(ZAMCOMP,),
        previous=previous,
        **({"asked": asked} if asked else {}),
    )


_WITH_GROUPS = ("band", "session", "kit")


def _of_the_band(words: str, sound: str, previous: Plan | None) -> Outcome:
    """As a job of several stems is planned, with roles and groups, but without hearing them together."""
    stems = dict(SOUNDS[sound])
    roles = load_roles()
    context = Context(
        stems, load_lexicon(), load_targets(), load_chains(), (ZAMCOMP,), previous,
        roles=roles, groups=groups_of(found_roles(stems, roles)), tongues=load_tongues(),
    )  # fmt: skip
    return respond(intents_from_words(words, context), context, words)


def played(case: dict[str, Any]) -> tuple[Outcome, Plan | None]:
    """The outcome of the last words, and the plan that stood before them."""
    previous, asked, sound = None, None, case.get("sound", "song")
    for words in case.get("after", ()):
        previous = outcome_of(words, sound, previous).plan
        if previous is None:
            raise TurnBefore(f"the turn before, {words!r}, gave no plan")
    for words in case.get("answered", ()):
        asked = outcome_of(words, sound, previous, asked)
        if asked.kind != "clarify":
            raise TurnBefore(f"the turn before, {words!r}, asked nothing")
    return outcome_of(case["words"], sound, previous, asked), previous


def shortfalls(case: dict[str, Any]) -> list[str]:
    """What of a case is not met, in words; also that a turn before came to nothing."""
    try:
        return misses(case, *played(case))
    except TurnBefore as nothing:
        return [str(nothing)]


class TurnBefore(AssertionError):
    """The words before those that a case is about came to no plan, or asked nothing."""


def _near(got: Any, wanted: Any) -> bool:
    if wanted in ("+", "-"):
        return isinstance(got, (int, float)) and (got > 0) == (wanted == "+") and got != 0
    if isinstance(wanted, (int, float)) and isinstance(got, (int, float)):
        return abs(got - wanted) <= max(0.011, abs(wanted) * 0.02)
    return bool(got == wanted)


def _bands(outcome: Outcome) -> list[dict[str, Any]]:
    steps = outcome.plan.steps if outcome.plan else ()
    return [band for step in steps if step.effect == "equalizer" for band in step.parameters["bands"]]


def misses(case: dict[str, Any], outcome: Outcome, before: Plan | None = None) -> list[str]:
    """What of the expectation is not met, in words."""
    steps = outcome.plan.steps if outcome.plan else ()
    effects = [step.effect for step in steps]
    wanted = case.get("outcome", "plan")
    kinds = wanted if isinstance(wanted, list) else [wanted]
    out = [] if outcome.kind in kinds else [f"outcome {outcome.kind}, not {wanted}"]
    if case.get("any") and not {*case["any"]} & {*effects}:
        out.append(f"none of {case['any']}: {effects}")
    out += _curve_misses(case, outcome)
    if "steps" in case and effects != case["steps"]:
        out.append(f"steps {effects}")
    out += [f"no {effect}" for effect in case.get("has", ()) if effect not in effects]
    out += [f"{effect} though not wanted" for effect in case.get("not", ()) if effect in effects]
    return (
        out
        + _turn_misses(case, outcome, before)
        + _number_misses(case, outcome)
        + _text_misses(case, outcome)
    )


_DIRECTIONS = {
    "+": lambda gain: gain > 0.15, "-": lambda gain: gain < -0.15,
    "<=": lambda gain: gain < 0.3, ">=": lambda gain: gain > -0.3, "0": lambda gain: abs(gain) < 0.5,
}  # fmt: skip


def _curve_misses(case: dict[str, Any], outcome: Outcome) -> list[str]:
    """Frequencies at which all bands together, those of the dynamic equalizer at their farthest, miss the direction."""
    out = []
    for frequency_hz, way in case.get("curve", ()):
        gain = sum(_gain_db(band, frequency_hz) for band in _all_bands(outcome))
        if not _DIRECTIONS[way](gain):
            out.append(f"{gain:+.2f} dB at {frequency_hz} Hz, not {way}")
    return out


def _all_bands(outcome: Outcome) -> list[dict[str, Any]]:
    steps = outcome.plan.steps if outcome.plan else ()
    moving = [
        band for step in steps if step.effect == "dynamic_equalizer" for band in step.parameters["bands"]
    ]
    return _bands(outcome) + [
        {
            "kind": band["kind"],
            "frequency_hz": band["frequency_hz"],
            "q": band["q"],
            "gain_db": band["range_db"],
        }
        for band in moving
    ]


def _gain_db(band: dict[str, Any], frequency_hz: float) -> float:
    filters = np.asarray(sections(Band.model_validate(band), 48000))
    return float(response_db(filters, np.array([float(frequency_hz)]), 48000)[0])


def _turn_misses(case: dict[str, Any], outcome: Outcome, before: Plan | None) -> list[str]:
    steps = outcome.plan.steps if outcome.plan else ()
    old = {step.id for step in before.steps} if before else set()
    same = [name for name in case.get("same_ids", ()) if name not in old or name not in {s.id for s in steps}]
    out = [f"{name} is no step of both" for name in same]
    heard = {step.effect: step.enabled for step in steps}
    out += [
        f"{k} enabled {heard.get(k)}" for k, v in case.get("enabled", {}).items() if heard.get(k) is not v
    ]
    out += [f"{move}: not so" for move in case.get("moves", ()) if not _moved(move, outcome.plan, before)]
    asked = case.get("choices", ())
    choices = [choice.label.lower() for choice in getattr(outcome, "choices", ())]
    if asked and not (
        len(choices) == len(asked) and all(a in c for a, c in zip(asked, choices, strict=True))
    ):
        out.append(f"choices {choices}")
    return out


def _moved(move: str, plan: Plan | None, before: Plan | None) -> bool:
    """ "reverb@vocals.mix -" (against before), "delay.time_ms =300", "delay.feedback <0.3": the first such step."""
    path, _, way = move.rpartition(" ")
    step, _, name = path.rpartition(".")
    effect, _, where = step.partition("@")

    def number(of: Plan | None) -> float | None:
        steps = (s for s in (of.steps if of else ()) if s.effect == effect and where in ("", s.where))
        return next((_of_step(s, name) for s in steps if s.enabled), None)

    now, then = number(plan), number(before)
    if name == "gain_db":
        now, then = now or 0.0, then or 0.0
    if now is None:
        return False
    if way.startswith("="):
        value = way.lstrip("=")
        return _near(now, float(value))
    if way.startswith("<"):
        return now < float(way[1:])
    return then is None or (now > then if way == "+" else now < then)


def _of_step(step: Any, name: str) -> float | None:
    """Of an equalizer the gains of all bands together."""
    if step.effect == "equalizer" and name == "gain_db":
        return sum(float(band.get("gain_db") or 0.0) for band in step.parameters["bands"])
    return step.parameters.get(name)


def _number_misses(case: dict[str, Any], outcome: Outcome) -> list[str]:
    out, found = [], _bands(outcome)
    if "band" in case and not any(all(_near(b.get(k), v) for k, v in case["band"].items()) for b in found):
        out.append(f"bands {found}")
    if "bands" in case and len(found) != case["bands"]:
        out.append(f"{len(found)} bands: {found}")
    steps = outcome.plan.steps if outcome.plan else ()
    for effect, numbers in case.get("parameters", {}).items():
        made = next((step.parameters for step in steps if step.effect == effect), {})
        out += [f"{effect} {k} {made.get(k)}" for k, v in numbers.items() if not _near(made.get(k), v)]
    if "part" in case and {step.part for step in steps} != {case["part"]}:
        out.append(f"parts {[step.part for step in steps]}")
    if "widths" in case:
        made = [b for s in steps if s.effect == "stereo_width" for b in s.parameters["bands"]]
        got = [x for band in made for x in (band["above_hz"], band["width"])]
        asked = [x for pair in case["widths"] for x in pair]
        near = len(got) == len(asked) and all(map(_near, got, asked))
        out += [] if near else [f"widths {got}"]
    if "plugin" in case:
        made = steps[0].parameters["parameters"] if steps else None
        out += [] if made == case["plugin"] else [f"plugin {made}"]
    if "region" in case:
        spans = [(step.region.start_s, step.region.end_s) for step in steps if step.region]
        out += [] if tuple(case["region"]) in spans else [f"regions {spans}"]
    if "wheres" in case:
        wheres = {step.where for step in steps}
        out += [] if wheres == set(case["wheres"]) else [f"places {sorted(wheres)}"]
    return out


def _text_misses(case: dict[str, Any], outcome: Outcome) -> list[str]:
    texts = {
        "unsupported": " | ".join(outcome.unsupported),
        "warning": " | ".join(outcome.warnings),
        "answer": outcome.answer or "",
        "question": outcome.question or "",
        "reason": " | ".join(step.reason for step in outcome.plan.steps) if outcome.plan else "",
    }
    out = [f"{name}: {text!r}" for name, text in texts.items() if case.get(name, "") not in text.lower()]
    if outcome.kind == "plan" and case.get("clean", "unsupported" not in case) and outcome.unsupported:
        out.append(f"left over: {outcome.unsupported}")
    return out
