"""`dawbridge doctor`: looks at this machine and says how to mend what is wrong."""

from __future__ import annotations

import click

from bridge.cli.terminal import emit, json_option, one_line, say

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command("doctor")
@json_option
def command(as_json: bool) -> int:
    """What is wrong with this machine, and how to mend it.

    Works with packages, folders and the daemon missing. Exit code 1 where something must be mended, else 0.
    """
    from bridge.cli.health import examine

    symptoms = list(examine())
    failed = any(item.status == "fail" for item in symptoms)
    if as_json:
        emit({"ok": not failed, "checks": [item.to_json() for item in symptoms]})
        return int(failed)
    for item in symptoms:
        say(
            f"{click.style(MARKS[item.status], fg=COLOURS[item.status])}  {item.name}: {one_line(item.found)}"
        )
        if item.mend and item.status != "ok":
            say(f"      {click.style('mend:', bold=True)} {one_line(item.mend)}")
    say()
    say("Something must be mended before this machine can work." if failed else "This machine can work.")
    return int(failed)
