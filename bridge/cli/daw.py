"""`dawbridge daw`: parameters in a running DAW: seen, set from a plan, read back, put back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.daw_clip import command as clip
from bridge.cli.terminal import emit, json_option, one_line, progress_bar, say
from bridge.daws.daw import NAMES

if TYPE_CHECKING:
    from bridge.daws.link import Device, Parameter, Track
    from bridge.daws.written import Applied, Written

_MARKS = {"applied": ("ok  ", "green"), "clamped": ("held", "yellow"), "failed": ("FAIL", "red")}

daw_option = click.option("--daw", "name", type=click.Choice(NAMES), required=True, help="Which program.")
id_option = click.option("--id", "id", metavar="ID", help="A name for it, by which it can be put back.")


@click.group("daw")
def command() -> None:
    """Tracks, devices and parameters of a running DAW. What is set is read back, and can be put back."""


@command.command("list")
@daw_option
@click.option("--track", metavar="NAME", help="This track alone.")
@json_option
def listed(name: str, track: str | None, as_json: bool) -> None:
    """Tracks with their devices and parameters, as they are now."""
    from bridge.cli.settings import settings
    from bridge.daws import verbs
    from bridge.daws.daw import daw_called

    found = verbs.listed(daw_called(name), settings(), track)
    if as_json:
        emit({"daw": name, "tracks": [_track(one, chain) for one, chain in found]})
        return
    for one, chain in found:
        say(click.style(f"{one_line(one.name)} ({one.kind})", bold=True))
        for device, parameters in chain:
            say(f"  {one_line(_called(device))}")
            for parameter in parameters:
                say(f"    {one_line(parameter.name)}: {_value(parameter)}")


@command.command("apply")
@click.argument("plan_file", metavar="PLAN.json")
@daw_option
@click.option("--track", metavar="NAME", help="Which track the plan's input is, by name or id.")
@id_option
@json_option
def applied(plan_file: str, name: str, track: str | None, id: str | None, as_json: bool) -> int:
    """Set a plan's parameters on the devices of a running DAW. PLAN is a plan, an outcome of `plan --json`, or a
    result.json.

    Exit code 1 where a parameter could not be set; what no device can do is named, and is rendered to a file by
    `process --plan`.
    """
    from bridge.cli.settings import settings
    from bridge.daws import verbs
    from bridge.daws.daw import daw_called
    from bridge.jobs.plan_file import read_plan

    plan = read_plan(plan_file)
    with progress_bar(name, as_json) as report:
        done = verbs.apply_plan(daw_called(name), settings(), plan, id or _new_id(), track, report)
    _tell(done, as_json)
    if not as_json and done.written:
        say(f"`dawbridge daw revert {done.id}` puts it back.")
    return 0 if done.ok and (done.written or not done.left) else 1


@command.command("revert")
@click.argument("id", metavar="[ID]", required=False)
@click.option("--daw", "name", type=click.Choice(NAMES), help="The last apply in this program.")
@click.option("--force", is_flag=True, help="Also what was turned by hand since.")
@json_option
def reverted(id: str | None, name: str | None, force: bool, as_json: bool) -> int:
    """Put back what an apply has changed. What somebody has turned since stays as it is."""
    from bridge.cli.settings import settings
    from bridge.daws import verbs
    from bridge.errors import BadInput

    found = settings()
    if id is None and name is None:
        raise BadInput("Say which apply is put back: its id, or --daw for the last one there.")
    meant = id or verbs.newest(found, name or "")
    done = verbs.revert(found, meant, f"{meant[:55]}.{secrets.token_hex(4)}", force)
    _tell(done, as_json)
    return 0 if done.ok else 1


command.add_command(clip)


def _new_id() -> str:
    import time

    return f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def _tell(done: Applied, as_json: bool) -> None:
    if as_json:
        emit({"ok": done.ok, **done.model_dump(mode="json")})
        return
    for one in done.written:
        mark, colour = _MARKS[one.verdict]
        say(f"{click.style(mark, fg=colour)}  {one_line(_line(one))}")
    for left in done.left:
        say(one_line(f"left  {left.effect}: {left.reason}"))
    for warning in done.warnings:
        say(one_line(f"warning: {warning}"))


def _line(one: Written) -> str:
    """ "Vocal, ACE Compressor: Ratio 4 -> 3 :1 (ratio 3 :1)"."""
    before = "" if one.before is None else f"{one.before:g} -> "
    now = one.shown or ("?" if one.got is None else f"{one.got:g} {one.unit}".strip())
    of = f" ({one.of})" if one.of else ""
    why = f": {one.reason}" if one.reason else ""
    return f"{one.track}, {one.device}: {one.parameter} {before}{now}{of}{why}"


def _called(device: Device) -> str:
    return device.name if device.nth == 1 else f"{device.name} ({device.nth})"


def _value(parameter: Parameter) -> str:
    shown = parameter.shown or f"{parameter.value:g} {parameter.unit}".strip()
    return f"{one_line(shown)} ({parameter.low:g} to {parameter.high:g})"


def _track(one: Track, chain: Any) -> dict[str, Any]:
    devices = [
        {
            "name": device.name,
            "nth": device.nth,
            "parameters": [
                {
                    "name": p.name,
                    "value": p.value,
                    "low": p.low,
                    "high": p.high,
                    "unit": p.unit,
                    "shown": p.shown,
                }
                for p in parameters
            ],
        }
        for device, parameters in chain
    ]
    return {"id": one.id, "name": one.name, "kind": one.kind, "devices": devices}
