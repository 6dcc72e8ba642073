"""`dawbridge plugins presets` and `save`: a plugin's own presets and ours."""

from __future__ import annotations

import click

from bridge.cli.known_plugin import record_of
from bridge.cli.terminal import emit, json_option, note, say, table
from bridge.errors import BadInput


@click.command("presets")
@click.argument("name")
@json_option
def presets_command(name: str, as_json: bool) -> int:
    """A plugin's presets: its own .vstpreset files in the folders of the system, and ours."""
    from bridge.bootstrap.players import own_presets
    from bridge.hosting.presets import listed, preset_folders

    record = record_of(name)
    found = listed(record, own_presets())
    if as_json:
        shown = [
            {"name": item.name, "kind": "ours" if item.ours else "vstpreset", "file": str(item.file)}
            for item in found
        ]
        folders = [str(folder) for folder in preset_folders()]
        emit({"plugin": record.name, "presets": shown, "folders": folders})
    elif found:
        rows = [(item.name, "ours" if item.ours else "its own", str(item.file)) for item in found]
        table(("preset", "kind", "file"), rows)
        note(f'say it in a wish: "use {record.name} with preset {found[0].name}"')
    else:
        note(f"{record.name} has no presets in {', '.join(str(folder) for folder in preset_folders())}")
    return 0


@click.command("save")
@click.argument("name")
@click.argument("preset")
@click.option("--plan", "plan_file", required=True, metavar="PLAN.json", help="The plan whose step it is.")
@click.option("--step", "step_id", metavar="ID", help="Which step, where several are of this plugin.")
@json_option
def save_command(name: str, preset: str, plan_file: str, step_id: str | None, as_json: bool) -> int:
    """Save a plan's step of a plugin as PRESET: JSON beside config.toml, found by `plugins presets`."""
    from bridge.bootstrap.players import own_presets
    from bridge.cli.plan_file import read_plan
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.hosting.presets import save

    steps = [
        (step.id, made)
        for step in read_plan(plan_file).steps
        if step.effect == "hosted_plugin" and step_id in (None, step.id)
        and (made := HostedPlugin.model_validate(step.parameters)).plugin.name.lower() == name.lower()
    ]  # fmt: skip
    if len(steps) != 1:
        ids = ", ".join(id_ for id_, _ in steps)
        which = f"several are ({ids}); name one with --step" if steps else "none is"
        raise BadInput(f"{plan_file}: one step of {name} is saved, but {which}.")
    file = save(steps[0][1], preset, own_presets())
    if as_json:
        emit({"plugin": steps[0][1].plugin.name, "preset": preset, "file": str(file)})
    else:
        say(str(file))
    return 0
