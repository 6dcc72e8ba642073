"""`dawbridge chat`: a conversation about one piece of sound, kept in the state folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bridge.cli.chats_kept import forget, show
from bridge.cli.explain import explain_option
from bridge.cli.known_plugin import state_option
from bridge.cli.plan import stem_option
from bridge.cli.settings import settings
from bridge.cli.terminal import json_option
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.reports.explanation import Reader


@click.command("chat")
@click.argument("file", required=False)
@stem_option
@click.option("--new", "anew", is_flag=True, help="Start afresh; what was said before stays kept.")
@click.option("--session", "name", metavar="NAME", help="A conversation of its own under this name.")
@click.option(
    "--list", "listed", is_flag=True, help="Which conversations there are; with FILE, about that sound."
)
@click.option(
    "--forget", "forgotten", metavar="ID", help="Delete that conversation and its rendered versions."
)
@click.option("--yes", "sure", is_flag=True, help="With --forget: do not ask.")
@click.option("--preview", is_flag=True, help="Hear only the loudest 15 s; `save` renders all of it.")
@click.option("--planner", type=click.Choice(["offline", "model"]), help="Who reads the words.")
@click.option("--target", metavar="NAME", help="Platform or genre to aim at.")
@explain_option
@state_option
@json_option
def command(
    file: str | None,
    stems: tuple[str, ...],
    anew: bool,
    name: str | None,
    listed: bool,
    forgotten: str | None,
    sure: bool,
    preview: bool,
    planner: str | None,
    target: str | None,
    explain: Reader | None,
    state: str | None,
    as_json: bool,
) -> int:
    """Talk about FILE: "warmer", "even more", "undo", "compare", "go back to version 2", "save". A folder as FILE, or
    further --stem NAME=FILE, means stems that belong together.

    It goes on where it was, however the file was moved or renamed. Every version is rendered from the untouched
    original. Without a terminal each line of standard input is a turn; with --json each turn is one object.
    """
    from bridge.cli.stems import sounds
    from bridge.store.sessions import SessionStore

    effective = settings(state=state)
    store = SessionStore(effective.state / "sessions")
    if listed:
        return show(store, sounds(file, stems) if file else None, as_json)
    if forgotten is not None:
        return forget(store, forgotten, sure, as_json)
    if file is None:
        raise click.UsageError(
            "Give the FILE to talk about, --list or --forget ID.", click.get_current_context()
        )
    if anew and name:
        raise BadInput("--new starts the next numbered conversation; give another --session NAME instead.")
    from bridge.cli.conversation import Asked, converse

    options = {"planner": planner, "target": target}
    asked = Asked(sounds(file, stems), file, anew, name, preview, options, explain or effective.explain)
    return converse(asked, store, effective, as_json)
