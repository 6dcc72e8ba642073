"""`dawbridge chat`: a conversation about one piece of sound, kept in the state folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.cli.explain import explain_option
from bridge.cli.known_plugin import state_option
from bridge.cli.plan import stem_option
from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option, one_line, say
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
        return _list(store, sounds(file, stems) if file else None, as_json)
    if file is None:
        raise click.UsageError("Give the FILE to talk about, or --list.", click.get_current_context())
    if anew and name:
        raise BadInput("--new starts the next numbered conversation; give another --session NAME instead.")
    from bridge.cli.conversation import Asked, converse

    options = {"planner": planner, "target": target}
    asked = Asked(sounds(file, stems), file, anew, name, preview, options, explain or effective.explain)
    return converse(asked, store, effective, as_json)


def _list(store: object, named: dict[str, Path] | None, as_json: bool) -> int:
    """Every conversation, or those about one sound."""
    from bridge.store.sessions import SessionStore, identity_of, sha256_of

    assert isinstance(store, SessionStore)
    identity = identity_of({name: sha256_of(path) for name, path in named.items()}) if named else ""
    found = [kept for kept in store.all() if kept.id.startswith(identity[:16])]
    if as_json:
        emit({"sessions": [
            {"id": kept.id, "name": kept.name, "path": kept.path, "began_at": kept.began_at,
             "turns": len(kept.session.turns), "version": kept.session.at,
             "versions": len(kept.session.versions), "notices": list(kept.notices)}
            for kept in found
        ]})  # fmt: skip
        return 0
    for kept in found:
        session = kept.session
        said = f', last "{session.turns[-1].words}"' if session.turns else ""
        say(one_line(
            f"{kept.id}  {kept.began_at}  {Path(kept.path).name}: {session.version.title} of "
            f"{len(session.versions) - 1}, {_counted(len(session.turns), 'turn')}{said}"
        ))  # fmt: skip
        for notice in kept.notices:
            say(f"  {one_line(notice)}")
    if not found:
        say("There is no conversation yet: dawbridge chat FILE begins one.")
    return 0


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
