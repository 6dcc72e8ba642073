"""`dawbridge diff`: what changed between two plans."""

from __future__ import annotations

import click

from bridge.cli.terminal import emit, json_option, one_line, say
from bridge.jobs.plan_file import read_plan


@click.command("diff")
@click.argument("a", metavar="A.json")
@click.argument("b", metavar="B.json")
@json_option
def command(a: str, b: str, as_json: bool) -> None:
    """What changed from plan A to plan B. Each is a plan, an outcome of `plan --json`, or a result.json."""
    from bridge.planning.diff import diff

    before, after = read_plan(a), read_plan(b)
    changes = diff(before, after)
    if as_json:
        told = [change.model_dump(mode="json") for change in changes]
        emit({"a": before.id, "b": after.id, "equal": not changes, "changes": told})
        return
    for change in changes:
        say(one_line(change.sentence()))
    if not changes:
        say("The plans do the same.")
