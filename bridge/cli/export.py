"""`dawbridge export`: a plan as a file that a DAW reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.given import followed
from bridge.cli.terminal import emit, json_option, one_line, say
from bridge.errors import BadInput
from bridge.jobs.plan_file import read_plan

if TYPE_CHECKING:
    from bridge.planning.plan import Plan
    from bridge.reports.exchange import Exported

_ENDS = {"rfxchain": ".RfxChain", "dawproject": ".dawproject"}
_NOT_OPENED = {
    "rfxchain": "written by what is known of the format; not opened in REAPER",
    "dawproject": "written by the format's schema; not opened in a DAW",
}


@click.command("export")
@click.argument("plan_file", metavar="PLAN.json")
@click.option("--to", "kind", type=click.Choice(list(_ENDS)), required=True, help="What to write.")
@click.option("-o", "--output", metavar="OUT", help="The new file (default: PLAN with the format's ending).")
@click.option("--where", metavar="PLACE", help="Only the steps at this stem, bus, input or mix (rfxchain).")
@json_option
def command(plan_file: str, kind: str, output: str | None, where: str | None, as_json: bool) -> None:
    """Write a plan as devices for other programs: .dawproject, or an effect chain of REAPER. The plan is a plan, an
    outcome of `plan --json`, or a result.json.

    What cannot be carried over is named, and is no error.
    """
    plan = read_plan(plan_file)
    _must_have(plan, kind, where)
    done = _exported(plan, kind, where)
    path = _place(plan_file, kind, output)
    _write(path, done.content)
    if as_json:
        emit(
            {
                "output": str(path), "format": kind, "plan": plan.id, "carried": list(done.carried),
                "left_out": list(done.left_out), "note": _NOT_OPENED[kind],
            }
        )  # fmt: skip
        return
    say(one_line(f"{path}: {len(done.carried)} of {len(plan.steps)} steps; {_NOT_OPENED[kind]}."))
    for line in done.left_out:
        say(one_line(f"left out: {line}"))


def _must_have(plan: Plan, kind: str, where: str | None) -> None:
    """Raises BadInput where it is not clear which steps are meant: a chain stands on one track."""
    places = list(dict.fromkeys(step.where for step in plan.steps))
    if where is not None and where not in places:
        raise BadInput(f"The plan has no steps at {where!r}; there are {', '.join(places) or 'none'}.")
    if kind == "rfxchain" and where is None and len(places) > 1:
        raise BadInput(
            f"A chain stands on one track, and the plan works at {', '.join(places)}; say --where."
        )


def _exported(plan: Plan, kind: str, where: str | None) -> Exported:
    if kind == "rfxchain":
        from bridge.reports.exchange.rfxchain import rfxchain

        return rfxchain(plan, where)
    from bridge import __version__
    from bridge.reports.exchange.dawproject import dawproject

    return dawproject(plan, __version__)


def _place(plan_file: str, kind: str, output: str | None) -> Path:
    """Raises BadInput where the plan itself would be replaced."""
    path = Path(output) if output else Path(plan_file).with_suffix(_ENDS[kind])
    if followed(path) == followed(plan_file):
        raise BadInput(f"{path} is the plan itself; name another file with -o.")
    return path


def _write(path: Path, content: bytes) -> None:
    """Complete or not at all. Raises OutputFailed."""
    from bridge.files import atomic

    temporary = atomic.temporary(path)
    try:
        temporary.write_bytes(content)
    except OSError as error:
        from bridge.errors import OutputFailed

        raise OutputFailed(f"{path} cannot be written: {error.strerror}.") from error
    atomic.replace(temporary, path)
