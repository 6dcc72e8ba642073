"""A plan and what came of it in sentences, for three readers: a musician, whoever asks why, and an engineer.

Every step's sentence quotes a measured value or the user's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from bridge.planning.plan import Plan, Step
from bridge.reports.plain_words import done_plainly
from bridge.reports.step_figures import clamped, evidence, figures, placed

Reader = Literal["simple", "detailed", "pro"]
READERS: tuple[Reader, ...] = get_args(Reader)

Checks = Iterable[Mapping[str, Any]]
"""As in result.json."""

_WHOLE = 1000.0
"""Figures from here on (frames) are told whole."""
_QUOTED = re.compile(r'"([^"]+)"')


def explanations(plan: Plan, checks: Checks = (), remarks: Iterable[str] = ()) -> dict[Reader, list[str]]:
    """By reader, one sentence or paragraph for each step in order, then what came of the wishes. remarks: what could
    not be proven."""
    held = list(checks)
    notes = list(remarks)
    return {reader: explained(plan, reader, held, notes) for reader in READERS}


def explained(plan: Plan, reader: Reader, checks: Checks = (), remarks: Iterable[str] = ()) -> list[str]:
    """The lines for one of them."""
    steps = [step for step in plan.steps if step.enabled]
    tell = {"simple": _simple, "detailed": _detailed, "pro": _pro}[reader]
    lines = [tell(step, index, len(steps), plan) for index, step in enumerate(steps, 1)]
    if plan.tail is not None and plan.tail.policy != "keep":
        lines.append(f"What sounds after the end: {plan.tail.sentence()}.")
    lines += _PROVEN[reader](list(checks))
    return lines + ([] if reader == "simple" else list(remarks))


def quoted_words(step: Step) -> list[str]:
    """What the user said, as the step's reason quotes it."""
    return _QUOTED.findall(step.reason)


def _said(step: Step, plan: Plan) -> list[str]:
    """Those of them that the user said, in these words or in turns before; a chain's title is none of his."""
    spoken = [plan.request.casefold(), *(intent.words.casefold() for intent in plan.intents)]
    words = [word for word in quoted_words(step) if any(word.casefold() in one for one in spoken)]
    return list(dict.fromkeys(words))


def _why(step: Step, plan: Plan) -> str:
    said = _said(step, plan) or [" ".join(plan.request.split())[:80]]
    return " and ".join(f'"{word}"' for word in said)


def _simple(step: Step, index: int, count: int, plan: Plan) -> str:
    """ "I brought the bass down clearly, for "less boomy"."."""
    where = "" if step.where == "input" else f" on {step.where}"
    when = " in a part of it" if step.region else ""
    return f"I {done_plainly(step)}{where}{when}, for {_why(step, plan)}."


def _detailed(step: Step, index: int, count: int, plan: Plan) -> str:
    """The reason with its numbers; where it names neither a measurement nor words, both are found for it."""
    where = placed(step)
    reason = step.reason.rstrip(".")
    if not reason:
        reason = f"{step.effect.replace('_', ' ')}: {figures(step)}"
    if not (_said(step, plan) or _measured(step, reason)):
        reason = f"{reason}; {evidence(step)}" if step.evidence else f"{reason}; asked by {_why(step, plan)}"
    return f"{step.effect.replace('_', ' ').capitalize()}{where}, because of {reason}."


def _measured(step: Step, text: str) -> bool:
    """Whether it quotes a value that was measured."""
    return any(_digits(item.value) in text for item in step.evidence)


def _digits(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.1f}"


def _pro(step: Step, index: int, count: int, plan: Plan) -> str:
    """Everything: order, place, every parameter with its unit, evidence with thresholds, what was held at a limit."""
    parts = [f"{index} of {count}: {step.effect}{placed(step)} ({step.id}): {figures(step)}"]
    parts.append(f"asked by {_why(step, plan)}" + (f" ({step.intent})" if step.intent else ""))
    parts += [f"measured {evidence(step)}"] if step.evidence else []
    parts += [f"held at its limit: {clamped(step)}"] if step.clamped_from else []
    parts += [f"confidence {step.confidence:.2f}"] if step.confidence < 1 else []
    return "; ".join(parts) + "."


def _simply_proven(checks: list[Mapping[str, Any]]) -> list[str]:
    """Only wishes: whether each can be heard."""
    lines = []
    for check in checks:
        if check.get("shows") and check.get("words"):
            kept = _heard(check)
            lines.append(f'You asked for "{check["words"]}": {kept}.')
        elif check["name"].endswith("integrated_loudness") and isinstance(check["got"], (int, float)):
            lines.append(f"It is now {check['got']:.1f} LUFS loud.")
    return lines


def _heard(check: Mapping[str, Any]) -> str:
    if check.get("faint"):
        return "it went that way, by less than most people notice"
    return "it can be heard in the result" if check["ok"] else "but the result hardly shows it"


def _proven(checks: list[Mapping[str, Any]]) -> list[str]:
    return [_wish(check) for check in checks if check.get("shows")]


def _wish(check: Mapping[str, Any]) -> str:
    unit = f" {check['unit']}" if check["unit"] else ""
    said = f'"{check["words"]}"' if check.get("words") else check["name"]
    bound = bound_of(check)
    mark = "is faint" if check.get("faint") else "holds" if check["ok"] else "MISSED"
    return f"{said} {mark}: {check['shows']} {check['got']:+.2f}{unit}, asked {bound}{check['asked']:+.2f}{unit}."


def bound_of(check: Mapping[str, Any]) -> str:
    """ "at least " or "at most "; of a figure that shall fall the signs turn: "at most -0.5 dB"."""
    sense = check.get("sense")
    if sense not in ("at_least", "at_most"):
        return ""
    falls = isinstance(check["asked"], float) and check["asked"] < 0
    return "at least " if (sense == "at_least") != falls else "at most "


def _all_proven(checks: list[Mapping[str, Any]]) -> list[str]:
    return [_wish(check) if check.get("shows") else _check(check) for check in checks]


def _check(check: Mapping[str, Any]) -> str:
    unit = f" {check['unit']}" if check["unit"] else ""
    mark = "holds" if check["ok"] else "MISSED"
    reason = f" ({check['reason']})" if check.get("reason") else ""
    return f"{check['name']} {mark}: asked {_value(check['asked'])}{unit}, got {_value(check['got'])}{unit}{reason}."


def _value(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= _WHOLE else f"{value:.4g}"


_PROVEN = {"simple": _simply_proven, "detailed": _proven, "pro": _all_proven}
