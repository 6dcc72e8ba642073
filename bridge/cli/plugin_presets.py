"""`dawbridge plugins presets` and `save`: a plugin's own presets and ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.known_plugin import record_of, state_option
from bridge.cli.terminal import emit, json_option, note, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.hosting import PluginRecord


@click.command("presets")
@click.argument("name")
@state_option
@json_option
def presets_command(name: str, state: str | None, as_json: bool) -> int:
    """A plugin's presets: its own .vstpreset files in the folders of the system, and ours."""
    from bridge.bootstrap.players import own_presets
    from bridge.hosting.presets import listed, preset_folders

    record = record_of(name, state)
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
@click.option("--plan", "plan_file", metavar="PLAN.json", help="The plan whose step it is.")
@click.option("--step", "step_id", metavar="ID", help="Which step, where several are of this plugin.")
@click.option(
    "--from", "source", metavar="FILE", help="A .vstpreset that the plugin has written, or one of ours."
)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@click.option("--replace", is_flag=True, help="Write over a preset of that name.")
@state_option
@json_option
def save_command(
    name: str,
    preset: str,
    plan_file: str | None,
    step_id: str | None,
    source: str | None,
    settings: tuple[str, ...],
    replace: bool,
    state: str | None,
    as_json: bool,
) -> int:
    """Save a plugin's settings as PRESET: JSON beside config.toml, found by `plugins presets`.

    They come from a plan's step (--plan), from a preset that the plugin has written (--from), or from parameters
    (--set), which are checked against what the scan found; --set goes over the others.
    """
    from bridge.bootstrap.players import own_presets
    from bridge.hosting.presets import save, with_settings

    if (plan_file and source) or not (plan_file or source or settings):
        raise BadInput(
            "Say what is to be saved: --plan PLAN.json, --from FILE.vstpreset, or --set NAME=VALUE."
        )
    record = record_of(name, state) if settings or not plan_file else None
    made = _of_plan(plan_file, name, step_id) if plan_file else _of_preset(record, source)
    if settings and record is not None:
        made = with_settings(made, record, settings)
    file = save(made, preset, own_presets(), replace)
    if as_json:
        emit({"plugin": made.plugin.name, "preset": preset, "file": str(file)})
    else:
        say(str(file))
    return 0


def _of_preset(record: PluginRecord | None, source: str | None) -> HostedPlugin:
    """The plugin as that preset has it, or as it comes. Raises BadInput for a preset of another plugin."""
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.hosting.presets import read

    assert record is not None
    told = {"name": record.name, "identifier": record.identifier, "version": record.version}
    plain = HostedPlugin.model_validate({"plugin": {key: value for key, value in told.items() if value}})
    if source is None:
        return plain
    made = read(Path(source), record.name)
    if made.plugin.name != record.name:
        raise BadInput(f"{source} is a preset of {made.plugin.name}, not of {record.name}.")
    return made.model_copy(update={"plugin": plain.plugin})


def _of_plan(plan_file: str, name: str, step_id: str | None) -> HostedPlugin:
    """The plan's only step of that plugin. Raises BadInput."""
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.jobs.plan_file import read_plan

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
    return steps[0][1]
