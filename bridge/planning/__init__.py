"""Words + analysis -> intents -> plan. Pure: no network, no clock, no files.

`plan` is the offline planner; `intents_from_words` and `respond` are its two halves, the second of which the model
planner shares. `validate.plan_from_json` reads plans from outside, `diff.diff` compares two.
"""

from __future__ import annotations

from bridge.planning.build import build
from bridge.planning.context import Context, KnownPlugin
from bridge.planning.diff import Change, diff
from bridge.planning.intent import Heard, Intent
from bridge.planning.listen import intents_from_words
from bridge.planning.plan import Outcome, Plan, Step
from bridge.planning.planner import plan, respond
from bridge.planning.validate import plan_from_json

__all__ = [
    "Change",
    "Context",
    "Heard",
    "Intent",
    "KnownPlugin",
    "Outcome",
    "Plan",
    "Step",
    "build",
    "diff",
    "intents_from_words",
    "plan",
    "plan_from_json",
    "respond",
]
