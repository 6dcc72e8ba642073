"""`dawbridge install-script`: puts our scripts where a DAW looks for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.terminal import emit, json_option, one_line, say

if TYPE_CHECKING:
    from bridge.daws.scripts.installing import Installing

DAWS = ("reaper", "ableton", "ardour")


@click.command("install-script")
@click.argument("daw", type=click.Choice(DAWS))
@click.option(
    "--to",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The DAW's folder, where it is not the usual one (a portable REAPER, a moved User Library).",
)
@click.option("--remove", is_flag=True, help="Take our scripts away again.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@json_option
def command(daw: str, to: Path | None, remove: bool, dry_run: bool, as_json: bool) -> int:
    """Put our scripts into REAPER, Ableton Live or Ardour, where it looks for them.

    Files that are as we put them are replaced by newer ones. What you have changed yourself is kept beside ours as
    NAME.yours-DATE. It can be run again at any time, and does nothing where nothing is to be done.
    """
    from bridge import __version__
    from bridge.cli.settings import settings
    from bridge.daws.scripts import manifest
    from bridge.daws.scripts.installing import carry_out, found_root, planned
    from bridge.daws.scripts.shipped import shipped

    known = settings()
    root = found_root(daw, to)
    doing = planned(daw, root, {} if remove else shipped(daw, known))
    if not dry_run:
        carry_out(doing, __version__)
        manifest.remember(known.state, daw, root, there=bool(doing.contents))
    _tell(doing, remove, dry_run, as_json)
    return 0


def _tell(doing: Installing, remove: bool, dry_run: bool, as_json: bool) -> None:
    from bridge.daws.scripts.layout import LAYOUTS, next_step

    step = "" if remove else next_step(doing.daw, doing.contents)
    if as_json:
        files = [{"path": one.path, "change": one.kind, "yours": one.yours or None} for one in doing.changes]
        emit(
            {
                "daw": doing.daw,
                "folder": str(doing.root),
                "done": not dry_run,
                "files": files,
                "next": step or None,
            }
        )
        return
    say(one_line(f"{'Would go' if dry_run else 'Goes'} {'out of' if remove else 'into'}: {doing.root}"))
    if not doing.changes:
        say("There is nothing of ours." if remove else f"{LAYOUTS[doing.daw].title} needs no script of ours.")
    elif not doing.does_something:
        say("Everything is there already, and as it should be.")
    for change in doing.changes:
        if change.kind != "same":
            say(one_line(f"  {change.sentence}"))
    if step:
        say(step)
