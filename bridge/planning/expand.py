"""Targets and chains by name -> the plain intents that they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bridge.analysis.target import Target
from bridge.planning.bench import Bench
from bridge.planning.intent import Intent
from bridge.planning.polarity import STRONGEST

_LEVELS = ("integrated_loudness", "rms", "true_peak", "sample_peak")
"""What a target's own step brings where it belongs."""

_IN_A_STRETCH = ("effect", "band", "descriptor", "auto")
"""What of a chain happens only then: "telephone effect, first 8 seconds"; its loudness is that of all."""

_OF_EACH = ("level", "staging", "align")
"""What goes to each stem of a group, because that is the same as for their sum; the rest goes to a bus."""


def expanded(bench: Bench, intents: Iterable[Intent]) -> Iterator[Intent]:
    """The intents with every target and chain replaced by what it asks for."""
    for intent in intents:
        if intent.operation == "target":
            yield from _target(bench, intent)
        elif intent.operation == "chain":
            yield from _chain(bench, intent)
        elif intent.where in bench.context.groups and intent.operation in _OF_EACH:
            stems = bench.context.groups[intent.where]
            yield from (intent.model_copy(update={"where": stem}) for stem in stems)
        else:
            yield intent


def _target(bench: Bench, intent: Intent) -> Iterator[Intent]:
    target = bench.context.targets.get(intent.subject)
    if target is None and bench.context.target is not None and bench.context.target.name == intent.subject:
        target = bench.context.target
    if target is None:
        bench.impossible.append(f'"{intent.words}": no target is called {intent.subject!r}.')
        return
    _offer(bench, intent, target)
    rms, peak = target.expects.get("rms"), target.expects.get("true_peak")
    if rms is not None and rms.aim is not None and "integrated_loudness" not in target.expects:
        given: dict[str, float | str] = {"rms_dbfs": rms.aim}
        if peak is not None and peak.high is not None:
            given["true_peak_dbtp"] = peak.high
        yield intent.model_copy(update={"operation": "staging", "subject": "", "given": given})
        return
    yield _loudness(bench, intent, target)


def _offer(bench: Bench, intent: Intent, target: Target) -> None:
    """A target asks for level alone; what else the sound misses of it is told with the words that would mend it."""
    from bridge.analysis.rules.target import against_target

    analysis = bench.context.analysis(intent.where)
    for finding in against_target(analysis, target) if analysis else ():
        if finding.metric not in _LEVELS:
            ask = f' Ask for: "{finding.remedy.words}".' if finding.remedy else ""
            bench.warnings.append(f"{finding.sentence}{ask}")


def _loudness(bench: Bench, intent: Intent, target: Target) -> Intent:
    analysis = bench.context.analysis(intent.where)
    now = analysis.number("integrated_loudness") if analysis else None
    span, peak = target.expects.get("integrated_loudness"), target.expects.get("true_peak")
    given: dict[str, float | str] = {}
    if span is not None:
        middle = span.aim if span.aim is not None else span.high if span.high is not None else span.low
        given["target_lufs"] = round(span.nearest(now), 1) if now is not None else float(middle or -14.0)
    if peak is not None and peak.high is not None:
        given["ceiling_dbtp"] = peak.high
    words = f"{intent.words} ({target.title})" if intent.words else target.title
    subject = "loudness" if span is not None else "limiter"
    return intent.model_copy(
        update={"operation": "effect", "subject": subject, "given": given, "words": words}
    )


def _chain(bench: Bench, intent: Intent) -> Iterator[Intent]:
    chain = bench.context.chains.get(intent.subject)
    if chain is None:
        bench.impossible.append(f'"{intent.words}": no chain is called {intent.subject!r}.')
        return
    for item in chain.intents:
        amount = max(-STRONGEST, min(STRONGEST, round(item.amount * intent.amount, 3)))
        told = f"{chain.title}: {item.words or item.subject.replace('_', ' ') or item.operation}"
        yield item.model_copy(
            update={
                "amount": amount,
                "where": intent.where,
                "words": told,
                "confidence": intent.confidence,
                "span": intent.span if _in_a_stretch(item) else item.span,
            }
        )


def _in_a_stretch(item: Intent) -> bool:
    return item.operation in _IN_A_STRETCH and item.subject not in ("loudness", "limiter")
