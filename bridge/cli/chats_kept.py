"""Conversations as they are kept: listed with what they take on the disk, and forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.terminal import emit, one_line, say
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.store.sessions import Kept, SessionStore


def show(store: SessionStore, named: dict[str, Path] | None, as_json: bool) -> int:
    """Every conversation, or those about one sound."""
    from bridge.store.sessions import identity_of, sha256_of

    identity = identity_of({name: sha256_of(path) for name, path in named.items()}) if named else ""
    found = [kept for kept in store.all() if kept.id.startswith(identity[:16])]
    sizes = {kept.id: store.size_bytes(kept.id) for kept in found}
    if as_json:
        emit({"sessions": [_json(kept, sizes[kept.id]) for kept in found], "bytes": sum(sizes.values())})
        return 0
    for kept in found:
        last = f', last "{kept.session.turns[-1].words}"' if kept.session.turns else ""
        say(one_line(f"{kept.id}  {kept.began_at}  {_told(kept, sizes[kept.id])}{last}"))
        for notice in kept.notices:
            say(f"  {one_line(notice)}")
    if len(found) > 1:
        say(f"Together {_megabytes(sum(sizes.values()))}; dawbridge chat --forget ID deletes one.")
    if not found:
        say("There is no conversation yet: dawbridge chat FILE begins one.")
    return 0


def forget(store: SessionStore, id: str, sure: bool, as_json: bool) -> int:
    """Deletes one, by its id or the beginning of it. Raises BadInput where there is none, or several, and where nobody
    is there to be asked; Unavailable where it is in use."""
    kept = _the_one(store, id)
    size = store.size_bytes(kept.id)
    if not sure:
        _ask(kept, size, as_json)
    store.forget(kept.id)
    if as_json:
        emit({"forgotten": kept.id, "bytes": size})
    else:
        say(f"forgotten: {kept.id}, {_megabytes(size)}")
    return 0


def _the_one(store: SessionStore, id: str) -> Kept:
    found = [kept for kept in store.all() if kept.id.startswith(id)]
    exact = [kept for kept in found if kept.id == id]
    if len(exact or found) != 1 or not id:
        many = f"{len(found)} conversations begin with" if found and id else "There is no conversation"
        raise BadInput(f"{many} {id[:60]!r}; dawbridge chat --list shows their ids.")
    return (exact or found)[0]


def _ask(kept: Kept, size: int, as_json: bool) -> None:
    """Raises BadInput where the answer is no, and where there is no terminal."""
    if as_json or not sys.stdin.isatty():
        raise BadInput(f"Nothing was deleted. To forget {kept.id} without being asked, add --yes.")
    question = f"Forget {kept.id}, {_told(kept, size)}? Its rendered versions go too; what was saved stays"
    if not click.confirm(one_line(question), err=True):
        raise BadInput("Nothing was deleted.")


def _told(kept: Kept, size: int) -> str:
    session = kept.session
    return (
        f"{Path(kept.path).name}: {session.version.title} of {len(session.versions) - 1}, "
        f"{_counted(len(session.turns), 'turn')}, {_megabytes(size)}"
    )


def _json(kept: Kept, size: int) -> dict[str, Any]:
    return {
        "id": kept.id, "name": kept.name, "path": kept.path, "began_at": kept.began_at,
        "turns": len(kept.session.turns), "version": kept.session.at,
        "versions": len(kept.session.versions), "bytes": size, "notices": list(kept.notices),
    }  # fmt: skip


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
