"""A wish for an auto tool -> a step with its reason in numbers, or the numbers why nothing is needed."""

from __future__ import annotations

from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target
from bridge.effects import BY_NAME
from bridge.effects.effect import Effect
from bridge.planning.auto.headroom import keep_the_sum_under
from bridge.planning.auto.tools import title_of
from bridge.planning.bench import Bench
from bridge.planning.draft import evidence, measured, quoted
from bridge.planning.intent import Intent
from bridge.planning.place import MIX

TARGET = "target"
"""In an intent's `given`: the target whose expectations the tool goes by."""

_OWN_BOUNDS = frozenset(("gain",))
"""Effects whose judgement is held by its own hard bounds: staging a faint recording takes more than taste would."""


def auto_wish(bench: Bench, intent: Intent) -> None:
    """Lays what the effect's judgement says on the bench; each stem by itself where the place is a mix of stems that
    is not measured as such, and where its level is staged."""
    apart = intent.where == MIX and (intent.subject == "gain" or bench.context.analysis(MIX) is None)
    places = list(bench.context.analyses) if apart else [intent.where]
    target, missing = _target(bench, intent)
    if missing:
        bench.impossible.append(missing)
        return
    for where in places:
        _decide(bench, intent.model_copy(update={"where": where}), target)
    if intent.subject == "gain" and intent.where == MIX and len(bench.context.analyses) > 1:
        keep_the_sum_under(bench, intent, places)


def _target(bench: Bench, intent: Intent) -> tuple[Target | None, str]:
    """The target that was said, else the one given beside the words; and what is wrong with it."""
    name = intent.given.get(TARGET)
    if name is None:
        return bench.context.target, ""
    beside = bench.context.target
    found = bench.context.targets.get(str(name)) or (beside if beside and beside.name == name else None)
    return found, "" if found else f"{quoted(intent)}: no target is called {name!r}."


def _decide(bench: Bench, intent: Intent, target: Target | None) -> None:
    analysis = bench.context.analysis(intent.where)
    if analysis is None:
        bench.impossible.append(
            f"{quoted(intent)}: {intent.where} was not measured, so nothing can be decided."
        )
        return
    kind, amount = BY_NAME[intent.subject], abs(intent.amount)
    silent = analysis.number("rms") is None
    useless = kind.unneeded(analysis)
    made = (
        None
        if silent or useless
        else kind.towards(analysis, target, amount)
        if target
        else kind.auto(analysis, amount)
    )
    if made is None:
        bench.satisfied.append(f"{quoted(intent)}: {_why_not(kind, analysis, target, amount, useless)}")
        return
    decided = type(made)
    draft = bench.draft(made.name, intent)
    draft.put(made.parameters(), said=made.name in _OWN_BOUNDS)
    draft.because(
        f"{quoted(intent)}: {_numbers(decided, analysis, target)}; {title_of(intent.subject)} {_does(decided, target)}",
        *(evidence(analysis, metric) for metric in decided.decides_by),
    )


def _why_not(
    kind: type[Effect], analysis: Analysis, target: Target | None, amount: float, useless: str | None
) -> str:
    """The numbers that left nothing to do, as a sentence."""
    if analysis.number("rms") is None:
        reason = analysis["rms"].reason if "rms" in analysis else None
        return f"nothing to work on ({reason or 'the level was not measured'})."
    if amount <= 0:
        return "an amount of 0 asks for nothing."
    if useless:
        return f"{useless}."
    told = f"{_numbers(kind, analysis, target)}; {title_of(kind.name)} {_does(kind, target)}"
    return f"{told}: nothing to do."


def _numbers(kind: type[Effect], analysis: Analysis, target: Target | None) -> str:
    """ "measured crest factor 17.8 dB, onset rate 3.1 Hz"."""
    told = [text for metric in kind.decides_by or (kind.seen_by,) if (text := _told(analysis, metric))]
    figures = kind.figures(analysis, target)
    said = [f"measured {', '.join(told)}"] if told else []
    return "; ".join([*said, *([figures] if figures else [])]) or "nothing of it was measured"


def _told(analysis: Analysis, metric: str) -> str:
    """A reading for people, also where it is a name or could not be measured."""
    if metric not in analysis:
        return ""
    reading = analysis[metric]
    if isinstance(reading.value, str):
        return f"{metric.replace('_', ' ')} {reading.value}"
    return measured(analysis, metric) or f"no {metric.replace('_', ' ')} ({reading.reason})"


def _does(kind: type[Effect], target: Target | None) -> str:
    return f"{kind.decides or 'decides by that'}{f' (for {target.title})' if target is not None else ''}"
