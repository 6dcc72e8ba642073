"""Drafts -> steps: in order, within their spans, numbered, and handed to the plugins that shall play them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bridge.effects import BY_NAME, EFFECTS
from bridge.effects.effect import LAST_WORD, STAGES
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.planning.bench import Bench
from bridge.planning.clamp import clamp
from bridge.planning.draft import Draft
from bridge.planning.intent import Intent
from bridge.planning.place import MIX
from bridge.planning.plan import Region, Step
from bridge.planning.plugins.steps import played as played_by_plugins
from bridge.planning.promises.carried import carried
from bridge.planning.turns import in_their_order, switched

MOST_STEPS = 64
MOST_BANDS = 24


def _at_most(bench: Bench, draft: Draft) -> None:
    """An equalizer has room for so many bands; the first said are kept, and the rest is named."""
    if len(draft.parameters.get("bands", ())) > MOST_BANDS:
        bench.warnings.append(
            f"The equalizer has {MOST_BANDS} bands; {len(draft.bands) - MOST_BANDS} more were left out."
        )
        draft.parameters["bands"] = draft.bands[:MOST_BANDS]


def steps_of(bench: Bench, in_order: bool, intents: Iterable[Intent] = ()) -> tuple[Step, ...]:
    """The bench's drafts as steps in the order in which they sound. intents: some move steps or switch them off."""
    drafts = [draft for draft in bench.drafts.values() if draft.effect != "equalizer" or draft.bands]
    places = [*bench.context.analyses, *bench.context.groups, MIX]
    ranked = sorted(
        drafts,
        key=lambda d: (places.index(d.where) if d.where in places else len(places), *_rank(d, in_order)),
    )
    steps: list[tuple[Draft, Step]] = []
    for draft in ranked:
        _at_most(bench, draft)
        steps += [(draft, step) for step in played_by_plugins(bench, draft, _step(bench, draft))]
    edits = list(intents)
    placed = in_their_order(bench, switched(_with_room(bench, steps), edits), edits)
    return carried(_numbered(placed, bench.context.main), bench.context.previous, edits)


def _with_room(bench: Bench, made: list[tuple[Draft, Step]]) -> list[Step]:
    """As many as a plan may have. Loudness and limiting stay, or what is delivered would pass the ceiling; of the
    others the first do, and what is left out is named."""
    last = sum(_is_last_word(draft) for draft, _ in made)
    room = max(0, MOST_STEPS - last)
    kept: list[Step] = []
    left_out: list[str] = []
    for draft, step in made:
        if _is_last_word(draft):
            kept.append(step)
        elif room > 0:
            kept.append(step)
            room -= 1
        else:
            left_out.append(step.effect.replace("_", " "))
    if left_out:
        named = ", ".join(dict.fromkeys(left_out))
        bench.warnings.append(f"A plan has {MOST_STEPS} steps; {len(left_out)} more were left out: {named}.")
    return kept[-MOST_STEPS:]


def _numbered(steps: list[Step], main: str) -> tuple[Step, ...]:
    """With an id each, after the effect and its place: "compressor-1", "drums-equalizer-2"."""
    counts: Counter[str] = Counter()
    numbered = []
    for step in steps:
        prefix = step.effect if step.where == main else f"{step.where}-{step.effect}"
        counts[prefix] += 1
        numbered.append(step.model_copy(update={"id": f"{prefix}-{counts[prefix]}"}))
    return tuple(numbered)


def _rank(draft: Draft, in_order: bool) -> tuple[float, float, float]:
    """Loudness and limiting stay last whatever order was given: nothing may pass the ceiling after them."""
    kind = BY_NAME.get(draft.effect, HostedPlugin)
    if draft.before_loudness:
        return (STAGES.index("loudness") - 0.5, 0, draft.spoken)
    if in_order and not _is_last_word(draft):
        return (-1, 0, draft.spoken)
    return (STAGES.index(kind.stage), EFFECTS.index(kind), draft.spoken)


def _is_last_word(draft: Draft) -> bool:
    return BY_NAME.get(draft.effect, HostedPlugin).stage in LAST_WORD


def _step(bench: Bench, draft: Draft) -> Step:
    analysis = bench.context.analysis(draft.where)
    rate = analysis.rate if analysis else 0
    clamped = clamp(draft.effect, draft.parameters, draft.said, rate, draft.judged)
    bench.warnings += [f"{draft.effect.replace('_', ' ')}: {warning}" for warning in clamped.warnings]
    span = draft.span
    return Step(
        id=draft.effect,
        effect=draft.effect,
        where=draft.where,
        part=draft.part,
        parameters=clamped.parameters,
        region=Region(start_s=span.start_s, end_s=span.end_s) if span else None,
        reason=f"{'; '.join([*draft.reasons, *dict.fromkeys(clamped.remarks)])}: {clamped.description}.",
        evidence=tuple(draft.evidence),
        intent=", ".join(draft.intents),
        confidence=draft.confidence,
        clamped_from=clamped.held,
        turn=draft.turn,
    )
