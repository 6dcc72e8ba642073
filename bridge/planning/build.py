"""Intents -> Plan: the one builder that both planners share, scaled by the analysis, every number clamped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from bridge.planning import guards, levels, taste
from bridge.planning.auto.wish import auto_wish
from bridge.planning.bench import Bench
from bridge.planning.context import Context
from bridge.planning.distinct import distinct
from bridge.planning.draft import evidence, measured, quoted
from bridge.planning.edits import merge
from bridge.planning.expand import expanded
from bridge.planning.has_part import has_its_part
from bridge.planning.history import remembered
from bridge.planning.intent import Heard, Intent
from bridge.planning.matching.wishes import match, promised
from bridge.planning.mixing.wishes import levels_before_balance, mix_wish
from bridge.planning.named_effect import effect_by_name
from bridge.planning.option import Option
from bridge.planning.plan import Bus, Outcome, Plan, PlannerInfo, Step, Tail
from bridge.planning.plugins.lost import settle_lost
from bridge.planning.plugins.steps import give, plugin_wish, settle_players
from bridge.planning.promises.promised import promises
from bridge.planning.safety import keep_headroom
from bridge.planning.same_sound import nothing_more, only_stronger, same_sound
from bridge.planning.steps import steps_of
from bridge.planning.timing import timing


def build(heard: Heard, context: Context, request: str, planner: PlannerInfo | None = None) -> Outcome:
    """The plan for what was heard, or why there is none. The previous plan's intents are built anew with it."""
    bench = Bench(context)
    merged = merge(heard.intents, context)
    against = None if heard.question else _against_each_other(heard.intents, context)
    question = heard.question or (against.question if against else None)
    either = heard.question is not None and heard.question.startswith('"') and '" or "' in heard.question
    if question and (against or not heard.intents or either):
        return Outcome(
            kind="clarify",
            question=question,
            choices=against.choices if against else heard.choices,
            unsupported=distinct(heard.unsupported),
            warnings=heard.warnings,
        )
    bench.impossible += [*heard.impossible, *merged.impossible]
    bench.warnings += [*heard.warnings, *merged.warnings]
    bench.satisfied += heard.satisfied
    if heard.question:
        bench.warnings.append(f"Left open: {heard.question}")
    _lay(bench, merged.intents)
    return _outcome(bench, heard, merged.intents, request, planner or PlannerInfo())


def _lay(bench: Bench, intents: Iterable[Intent]) -> None:
    """All wishes onto the bench, then what binds them, then the last look at levels."""
    plain = levels_before_balance(expanded(bench, (item for item in intents if has_its_part(bench, item))))
    for intent in plain:
        if intent.operation == "play":
            give(bench, intent)
    for intent in plain:
        _wish(bench, intent)
    for intent in plain:
        if intent.operation == "keep":
            guards.guard(bench, intent)
    settle_players(bench)
    for draft in list(bench.drafts.values()):
        if draft.effect == "limiter":
            levels.settle_ceiling(bench, draft)
    for draft in list(bench.drafts.values()):
        if draft.effect == "loudness":
            levels.settle_loudness(bench, draft)
    keep_headroom(bench)


def _wish(bench: Bench, intent: Intent) -> None:
    if intent.operation == "descriptor":
        descriptor = bench.context.lexicon.descriptor(intent.subject)
        if descriptor is None:
            bench.impossible.append(f"{intent.subject}: no such word in the lexicon.")
        elif intent.amount:
            taste.apply(bench, intent, descriptor)
    elif intent.operation == "band":
        _band(bench, intent)
    elif intent.operation == "level":
        levels.level(bench, intent)
    elif intent.operation == "match":
        match(bench, intent)
    elif intent.operation == "staging":
        levels.staging(bench, intent)
    elif intent.operation == "plugin":
        _plugin(bench, intent)
    elif intent.operation == "play":
        _unless_there(bench, intent, intent.subject)
    elif intent.operation in ("balance", "unmask", "align"):
        mix_wish(bench, intent)
    elif intent.operation == "auto":
        auto_wish(bench, intent)
    elif intent.operation == "effect":
        _effect(bench, intent)


def _band(bench: Bench, intent: Intent) -> None:
    band = dict(intent.given)
    warn = _slope(band)
    low_hz, high_hz = band.pop("low_hz", None), band.pop("high_hz", None)
    draft = bench.draft("equalizer", intent)
    taste.add_band(draft, band, said=True)
    draft.because(quoted(intent))
    if low_hz is not None and high_hz is not None and band["kind"] == "bell":
        draft.because(f"one bell for {float(low_hz):g} to {float(high_hz):g} Hz, at their geometric middle")
    bench.warnings += warn
    area = bench.context.lexicon.area(intent.subject) if intent.subject else None
    if area is not None and area.metric:
        analysis = bench.context.analysis(intent.where)
        found = measured(analysis, area.metric)
        draft.because(f"measured {found}" if found else quoted(intent), evidence(analysis, area.metric))


def _slope(band: dict[str, float | str]) -> list[str]:
    """Slopes are 12 or 24 dB an octave; another number takes the nearer one and says so."""
    asked = band.get("slope_db_per_octave")
    if asked is None:
        return []
    near = 12 if abs(float(asked) - 12) <= abs(float(asked) - 24) else 24
    band["slope_db_per_octave"] = near
    return (
        []
        if near == asked
        else [f"A slope of {float(asked):g} dB an octave is not there; {near} is the nearest."]
    )


def _effect(bench: Bench, intent: Intent) -> None:
    if intent.subject == "loudness":
        levels.loudness(bench, intent)
    elif intent.subject == "limiter":
        levels.ceiling(bench, intent)
    elif intent.subject == "gain":
        levels.level(bench, intent)
    elif timing(bench, intent):
        return
    else:
        effect_by_name(bench, intent)


def _plugin(bench: Bench, intent: Intent) -> None:
    effect = plugin_wish(bench, intent)
    if effect is not None:
        _unless_there(bench, intent, effect)


def _unless_there(bench: Bench, intent: Intent, effect: str) -> None:
    """Who plays an effect wants it; where nothing else asks for it, this does, as strongly as it was said."""
    there = any(draft.effect == effect and draft.where == intent.where for draft in bench.drafts.values())
    if not there and effect != "equalizer":
        _effect(bench, intent.model_copy(update={"operation": "effect", "subject": effect, "given": {}}))


@dataclass(frozen=True)
class _Either:
    """A question between two wishes."""

    question: str
    choices: tuple[Option, ...]


def _either(one: str, two: str, of: str = '"{}" or "{}"? They pull against each other.') -> _Either:
    return _Either(of.format(one, two), (Option(label=one, words=one), Option(label=two, words=two)))


def _against_each_other(intents: Iterable[Intent], context: Context) -> _Either | None:
    known = tuple(intents)
    return _contradiction(known) or _louder_and_quieter(known) or _louder_though_kept(known, context)


def _contradiction(intents: Iterable[Intent]) -> _Either | None:
    """One question where the words pull both ways in one breath."""
    seen: dict[tuple[str, str, str], Intent] = {}
    for intent in intents:
        if intent.operation not in ("descriptor", "effect") or intent.span:
            continue
        key = (intent.operation, intent.subject, intent.where)
        other = seen.setdefault(key, intent)
        if other is intent:
            continue
        one, two = other.given.get("target_lufs"), intent.given.get("target_lufs")
        if one is not None and two is not None and one != two and other.words != intent.words:
            return _either(f"{float(one):g} LUFS", f"{float(two):g} LUFS", "{} or {}?")
        plain = intent.operation == "descriptor" or not (
            other.given or intent.given or intent.operation == "effect"
        )
        if plain and other.amount * intent.amount < 0:
            return _either(other.words, intent.words)
    return None


def _louder_though_kept(intents: Iterable[Intent], context: Context) -> _Either | None:
    """ "-14 LUFS but don't get louder", of a sound that is quieter than that."""
    known = list(intents)
    kept = next((i for i in known if i.operation == "keep" and i.subject == "level"), None)
    for intent in known if kept is not None else ():
        target = intent.given.get("target_lufs")
        analysis = context.analysis(intent.where)
        now = analysis.number("integrated_loudness") if analysis is not None else None
        if kept is not None and target is not None and now is not None and now < float(target) - 0.5:
            asked = f'"{intent.words}" or "{kept.words}"? It is at {now:.1f} LUFS now.'
            as_it_is = Option(label="as loud as it is", words=f"{now:.1f} LUFS")
            return _Either(asked, (Option(label=intent.words, words=intent.words), as_it_is))
    return None


def _louder_and_quieter(intents: Iterable[Intent]) -> _Either | None:
    """The same of levels without numbers, in these words alone: in the next turn "quieter" takes back."""
    plain = [each for each in intents if each.operation == "level" and not each.given and not each.span]
    for one, two in combinations(plain, 2):
        if one.where == two.where and one.amount * two.amount < 0:
            return _either(one.words, two.words)
    return None


def _buses(bench: Bench, steps: tuple[Step, ...]) -> tuple[Bus, ...]:
    """Of the groups that steps work on."""
    named = {step.where for step in steps}
    return tuple(Bus(name=name, stems=stems) for name, stems in bench.context.groups.items() if name in named)


def _outcome(
    bench: Bench, heard: Heard, intents: list[Intent], request: str, planner: PlannerInfo
) -> Outcome:
    steps = steps_of(bench, heard.in_order, intents)
    replaced = settle_lost(bench, steps)
    unsupported = distinct((*heard.unsupported, *bench.impossible))
    warnings = tuple(dict.fromkeys(bench.warnings))
    asked = heard.intents or heard.tail
    if bench.context.previous and not asked and heard.satisfied and not unsupported:
        said = " ".join(dict.fromkeys(heard.satisfied))
        return Outcome(kind="no_op", answer=said, warnings=warnings)
    if steps or (bench.context.previous and asked and not unsupported and not bench.satisfied):
        previous = bench.context.previous
        plan = Plan(
            parent_id=previous.id if previous else None,
            request=request,
            language=heard.language,
            planner=planner,
            steps=steps,
            buses=_buses(bench, steps),
            intents=tuple(intents),
            tail=_tail(heard, previous),
            matched=promised(bench, steps),
            replaced=replaced,
            promises=promises(intents, steps, bench.context.lexicon),
            before=remembered(previous),
        ).with_id()
        if (
            previous is not None
            and not unsupported
            and only_stronger(heard.intents)
            and same_sound(plan, previous)
        ):
            return Outcome(kind="no_op", answer=nothing_more(request, plan), warnings=warnings)
        kept = previous is not None and plan.steps == previous.steps
        if kept and unsupported and not bench.satisfied:
            return Outcome(kind="unsupported", unsupported=unsupported, warnings=warnings)
        notes = tuple(item for item in bench.satisfied if item not in warnings)
        return Outcome(kind="plan", plan=plan, unsupported=unsupported, warnings=(*warnings, *notes))
    if heard.tail is not None and not unsupported:
        bench.satisfied.append("Nothing in the plan goes on sounding after the end, so there is no tail.")
    if intents and not unsupported and all(i.operation == "keep" and i.subject == "rest" for i in intents):
        bench.satisfied.append("Nothing is changed, as you asked.")
    if bench.satisfied:
        said = " ".join(dict.fromkeys(bench.satisfied))
        return Outcome(kind="no_op", answer=said, unsupported=unsupported, warnings=warnings)
    if unsupported:
        return Outcome(kind="unsupported", unsupported=unsupported, warnings=warnings)
    return Outcome(
        kind="clarify",
        question="What should it sound like: warmer, clearer, louder, wider?",
        warnings=warnings,
    )


def _tail(heard: Heard, previous: Plan | None) -> Tail | None:
    """What the words say of it, else what the plan before says."""
    if heard.tail is None:
        return previous.tail if previous else None
    return Tail.model_validate(heard.tail.model_dump(exclude_none=True))
