"""What came of a job, as `result.json` says it: told to people, and as an exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.readings import before_after
from bridge.cli.terminal import one_line, say
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.reports.explanation import Checks, Reader

NEEDS_AN_ANSWER = 3
NOT_RENDERED: Mapping[str, Mapping[str, Any]] = {}
_ALWAYS = {
    "length": "length",
    "finite": "finite",
    "not_silent": "not silent",
    "integrated_loudness_second_opinion": "loudness by a second opinion",
}
"""Checks of every sound, by name, and what they are called together where they hold."""
_FOR_EXAMPLE = (
    '"warmer", "less harsh", "cut 3 dB at 250 Hz", "-14 LUFS"; see "What you can say" in the documentation'
)
UNANSWERED = ("clarify", "unsupported", "off_topic")


def load_result(path: Path) -> dict[str, Any]:
    """A result.json. Raises Unavailable where it is gone or unreadable."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path} cannot be read: {error}") from None
    return dict(found)


def exit_code(result: Mapping[str, Any]) -> int:
    """The contract's exit code of a result."""
    status = result["status"]
    if status == "cancelled":
        return 130
    if result.get("outcome") in UNANSWERED:
        return NEEDS_AN_ANSWER
    if status == "refused":
        return 2
    checks = result.get("checks") or ()
    return 0 if status == "done" and all(check["ok"] for check in checks) else 1


def tell_result(result: Mapping[str, Any], reader: Reader = "detailed") -> None:
    """Plan, reasons, before and after, checks, and where the file is. reader: for whom the plan is explained."""
    if result.get("plan") and reader != "detailed":
        tell_explained(result["plan"], reader, result.get("checks") or (), result.get("unproven") or ())
    elif result.get("plan"):
        tell_plan(result["plan"], result.get("planner"), result.get("reductions") or {})
    elif result.get("question") or result.get("answer"):
        say(one_line(result.get("question") or result["answer"]))
    if result.get("before") and result.get("after") and reader != "simple":
        say()
        if whose := told_stem(result):
            say(f"{one_line(whose)}:")
        before_after(result["before"], result["after"])
    tell_checks(result.get("checks") or (), reader if result.get("plan") else "detailed")
    tell_what_is_missing(result)
    say()
    _tell_end(result)


def told_stem(result: Mapping[str, Any]) -> str:
    """Which of several stems, or their mix, the result's own figures are of; empty for one sound alone."""
    stems = result.get("stems") or {}
    return next((name for name, stem in stems.items() if stem["output"] == result["output"]), "")


def tell_explained(
    plan: Mapping[str, Any], reader: Reader, checks: Checks = (), unproven: Iterable[str] = ()
) -> None:
    """The plan in sentences for one reader, and what came of the wishes."""
    from bridge.planning.plan import Plan
    from bridge.reports.explanation import explained

    for line in explained(Plan.model_validate(plan), reader, checks, unproven):
        say(one_line(line))


def tell_what_is_missing(result: Mapping[str, Any]) -> None:
    """Words that led to nothing, and warnings."""
    unheard = result.get("unsupported") or ()
    lines = [f"not done: {item}" for item in unheard]
    if unheard and not (result.get("plan") or result.get("question") or result.get("answer")):
        lines += (
            [f"say what you want to hear: {_FOR_EXAMPLE}"] if not any('"' in item for item in unheard) else []
        )
    lines += [f"not proven: {item}" for item in result.get("unproven") or ()]
    lines += [f"warning: {item}" for item in result.get("warnings") or ()]
    if lines:
        say()
    for line in lines:
        say(one_line(line))


def _tell_end(result: Mapping[str, Any]) -> None:
    reason = result.get("reason") or ""
    parts = result.get("stems") or result.get("songs") or {}
    others = [part["output"] for part in parts.values() if part["output"]]
    if result.get("output"):
        say(f"{result['status']}: {one_line(result['output'])}")
        for path in others:
            if path != result["output"]:
                say(f"      {one_line(path)}")
    elif result["status"] == "done":
        say("done: nothing needed changing, so there is no new file.")
    elif reason and reason in (result.get("question"), result.get("answer")):
        say(f"{result['status']}: nothing was written.")  # the question stands above
    else:
        say(f"{result['status']}: {one_line(str(reason))}".rstrip(": "))
    if result.get("picture"):
        say(f"picture: {one_line(result['picture'])}")
    for path in (result.get("pictures") or {}).values():
        say(f"         {one_line(path)}")


def tell_plan(
    plan: Mapping[str, Any],
    planner: Mapping[str, Any] | None = None,
    reductions: Mapping[str, Mapping[str, Any]] = NOT_RENDERED,
) -> None:
    """The steps in order, each with what it does and why, and once it is rendered what it did to the gain."""
    who = planner or plan.get("planner") or {}
    by = who.get("model") or f"{who.get('kind', 'offline')} planner"
    say(f'Plan for "{one_line(plan["request"])}" by the {by}:')
    if who.get("fallback_reason"):
        say(f"  (the model did not: {one_line(who['fallback_reason'])})")
    if who.get("usage"):
        from bridge.planning.plan import Usage

        say(f"  (the model took {Usage.model_validate(who['usage']).sentence()})")
    for number, step in enumerate(plan["steps"], 1):
        say(f"  {number}. {described(step)}")
        if step["reason"]:
            say(f"     because {one_line(_without_the_numbers(step))}")
        if step["id"] in reductions:
            say(f"     {one_line(reductions[step['id']]['sentence'])}")
    tail = plan.get("tail")
    if tail and (tail["policy"] != "keep" or not plan["steps"]):
        from bridge.planning.plan import Tail

        say(f"  after the end: {Tail.model_validate(tail).sentence()}")


def _without_the_numbers(step: Mapping[str, Any]) -> str:
    """The reason, without the description that the line above it has just told."""
    reason = str(step["reason"]).removesuffix(".")
    return reason.removesuffix(f": {_said(step)}")


def described(step: Mapping[str, Any]) -> str:
    """ "equalizer: -3.0 dB at 250 Hz, Q 2", with where and when, in one line."""
    said = _said(step)
    parts = [f"{step['effect']}: {said}"]
    if step["where"] != "input":
        parts.append(f"on {step['where']}")
    if step.get("part", "all") != "all":
        parts.append(f"{step['part']} only")
    if step["region"]:
        parts.append(f"from {step['region']['start_s']:g} to {step['region']['end_s']:g} s")
    if step["wet"] != 1.0:
        parts.append(f"{step['wet'] * 100:.0f} % wet")
    if not step["enabled"]:
        parts.append("(off)")
    return one_line(", ".join(parts))


def tell_checks(checks: Iterable[Mapping[str, Any]], reader: Reader = "detailed") -> None:
    """One line a check; those that hold of every sound share one. Sentences for other readers have told what holds."""
    told = [check for check in checks if reader == "detailed" or not check["ok"]]
    if not told:
        return
    say()
    plain = [check for check in told if check["ok"] and _of_every_sound(check) in _ALWAYS]
    if plain:
        names = dict.fromkeys(_ALWAYS[_of_every_sound(check)] for check in plain)
        say(f"  holds  {', '.join(names)}")
    for check in (check for check in told if check not in plain):
        mark = "faint " if check.get("faint") else "holds " if check["ok"] else "MISSED"
        reason = f": {one_line(check['reason'])}" if check.get("reason") else ""
        say(f"  {mark} {check['name'].replace('_', ' ')}{_asked(check)}{reason}")


def _of_every_sound(check: Mapping[str, Any]) -> str:
    """The check's name without the stem's."""
    return str(check["name"]).rpartition(".")[2]


def _asked(check: Mapping[str, Any]) -> str:
    unit = f" {check['unit']}" if check["unit"] else ""
    if check["asked"] is None or isinstance(check["asked"], bool):
        return ""
    from bridge.reports.explanation import bound_of

    bound = bound_of(check)
    shows = f" ({check['shows']})" if check.get("shows") and not check.get("reason") else ""
    return f": asked {bound}{_short(check['asked'])}{unit}, got {_short(check['got'])}{unit}{shows}"


def _short(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _said(step: Mapping[str, Any]) -> str:
    """What the effect says of its own settings; the bare settings where it does not know them."""
    from pydantic import ValidationError

    from bridge.effects import BY_NAME

    try:
        return BY_NAME[step["effect"]](**step["parameters"]).describe()
    except (KeyError, ValidationError):
        return json.dumps(step["parameters"])
