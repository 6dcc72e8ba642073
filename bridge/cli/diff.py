"""`dawbridge diff`: what changed between two plans."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from bridge.cli.results import described
from bridge.cli.terminal import emit, json_option, one_line, say
from bridge.errors import BadPlan

Plan = Mapping[str, Any]
FIELDS = ("effect", "where", "region", "enabled", "wet")


@click.command("diff")
@click.argument("a", metavar="A.json")
@click.argument("b", metavar="B.json")
@json_option
def command(a: str, b: str, as_json: bool) -> None:
    """What changed from plan A to plan B. Each is a plan, an outcome of `plan --json`, or a result.json."""
    before, after = load_plan(Path(a)), load_plan(Path(b))
    changes = list(differences(before, after))
    if as_json:
        emit({"a": before["id"], "b": after["id"], "equal": not changes, "changes": changes})
        return
    for change in changes:
        say(_line(change))
    if not changes:
        say("The plans do the same.")


def load_plan(path: Path) -> dict[str, Any]:
    """The plan in a file, bare or inside an outcome or a result, as plain data. Raises BadPlan."""
    from pydantic import ValidationError

    from bridge.planning.plan import Plan as PlanModel

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadPlan(f"{path} holds no plan: {error}") from None
    plan = content.get("plan", content) if isinstance(content, dict) else content
    if plan is None:
        raise BadPlan(f"{path} holds no plan: its outcome is {content.get('outcome')}.")
    try:
        return PlanModel.model_validate(plan).to_json()
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadPlan(f"{path} holds no plan: {where or 'it'}: {first['msg']}.") from None


def differences(before: Plan, after: Plan) -> Iterator[dict[str, Any]]:
    """Steps removed, added, moved, and every value that changed inside a step; steps are matched by id."""
    old = {step["id"]: step for step in before["steps"]}
    new = {step["id"]: step for step in after["steps"]}
    for id, step in old.items():
        if id not in new:
            yield {"step": id, "change": "removed", "before": step, "after": None}
    for id, step in new.items():
        if id not in old:
            yield {"step": id, "change": "added", "before": None, "after": step}
        else:
            yield from _inside(id, old[id], step)
    kept_before, kept_after = [id for id in old if id in new], [id for id in new if id in old]
    if kept_before != kept_after:
        yield {"step": None, "change": "reordered", "before": kept_before, "after": kept_after}


def _inside(id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in FIELDS:
        if old[key] != new[key]:
            yield {"step": id, "change": key, "before": old[key], "after": new[key]}
    before, after = dict(_leaves(old["parameters"])), dict(_leaves(new["parameters"]))
    for key in before | after:
        if before.get(key) != after.get(key):
            yield {
                "step": id,
                "change": f"parameters.{key}",
                "before": before.get(key),
                "after": after.get(key),
            }


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """`{"bands": [{"q": 2}]}` -> ("bands.0.q", 2)"""
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None:
        yield name, value
        return
    for key, inner in items:
        yield from _leaves(inner, f"{name}.{key}" if name else str(key))


def _line(change: Mapping[str, Any]) -> str:
    if change["change"] == "removed":
        return f"- {described(change['before'])}"
    if change["change"] == "added":
        return f"+ {described(change['after'])}"
    if change["change"] == "reordered":
        return f"~ order: {' '.join(change['before'])} -> {' '.join(change['after'])}"
    name = change["change"].removeprefix("parameters.")
    return one_line(f"~ {change['step']} {name}: {change['before']} -> {change['after']}")
