"""Auto tools with everything wired: one effect's own judgement of a sound, without words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.analysis.reading import Analysis
    from bridge.planning.plan import Outcome


def auto_tool(tool: str, analyses: Mapping[str, Analysis], amount: float, target: str | None) -> Outcome:
    """What an auto tool decides for these sounds, without words. See `bridge.auto`."""
    from bridge.bootstrap.planning import planning_context
    from bridge.config import load
    from bridge.planning.auto.tools import effect_of, title_of
    from bridge.planning.auto.wish import TARGET
    from bridge.planning.build import build
    from bridge.planning.intent import Heard, Intent

    if not 0.0 <= amount <= 2.0:
        raise BadInput(f"An amount lies from 0 to 2, 1 is plain; {amount:g} does not.")
    effect = effect_of(tool)
    context = planning_context("", analyses, load().settings, None, target)
    given: dict[str, float | str] = {TARGET: context.target.name} if context.target else {}
    wish = Intent(
        operation="auto",
        subject=effect,
        amount=amount,
        where=context.main,
        given=given,
        words=title_of(effect),
    )
    return build(Heard(intents=(wish,)), context, title_of(effect))
