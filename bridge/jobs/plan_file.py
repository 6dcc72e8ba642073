"""A plan in a file, as a user or a DAW script names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BadPlan

if TYPE_CHECKING:
    from bridge.planning.plan import Plan


LARGEST_BYTES = 4_000_000
"""A plan of 64 steps is 200 kB; a plugin's state in each of them may be some 10 kB."""


def _content(name: str) -> object:
    path = Path(name)
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise BadPlan(f"{name} holds {size / 1e6:.1f} MB; a plan has at most {LARGEST_BYTES / 1e6:g} MB.")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPlan(f"{name} cannot be read: {error.strerror}.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        ends = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        cut = ", where it ends too early" if ends else ""
        raise BadPlan(
            f"{name} is no JSON at {where}{cut}; a plan is what `dawbridge plan --json` prints."
        ) from None
    except (ValueError, RecursionError):
        raise BadPlan(f"{name} is no JSON; a plan is what `dawbridge plan --json` prints.") from None


def _message(error: object) -> str:
    return str(error.get("message") if isinstance(error, dict) else error)[:200].rstrip(".")


def read_plan(name: str) -> Plan:
    """The plan in a file: bare, or inside of an outcome or a result.json. Raises BadPlan naming the file."""
    from bridge.planning.validate import plan_from_json

    content = _content(name)
    if isinstance(content, dict) and "plan" in content and content["plan"] is None:
        raise BadPlan(f"{name} holds no plan; its outcome is {content.get('outcome')}.")
    if isinstance(content, dict) and "error" in content and "steps" not in content:
        raise BadPlan(f"{name} holds no plan but an error: {_message(content['error'])}.")
    if isinstance(content, dict) and not {"plan", "steps"} & {*content}:
        raise BadPlan(
            f"{name} holds no plan: it has no steps; a plan is what `dawbridge plan --json` prints."
        )
    try:
        return plan_from_json(content)
    except BadPlan as error:
        raise BadPlan(f"{name}: {error.message}") from None
