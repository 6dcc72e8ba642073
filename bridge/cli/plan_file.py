"""A plan in a file, as the user names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BadPlan

if TYPE_CHECKING:
    from bridge.planning.plan import Plan


def read_plan(name: str) -> Plan:
    """The plan in a file: bare, or inside of an outcome or a result.json. Raises BadPlan naming the file."""
    from bridge.planning.validate import plan_from_json

    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPlan(f"{name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise BadPlan(f"{name} is no JSON; a plan is what `dawbridge plan --json` prints.") from None
    if isinstance(content, dict) and "plan" in content and content["plan"] is None:
        raise BadPlan(f"{name} holds no plan; its outcome is {content.get('outcome')}.")
    try:
        return plan_from_json(content)
    except BadPlan as error:
        raise BadPlan(f"{name}: {error.message}") from None
