"""The rendered files of a conversation's versions: found again, and saved where the user wants them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.cli import delivery
from bridge.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from bridge.cli.conversation import Asked
    from bridge.session import Session, Turn

PREVIEW = "-preview"
"""At the end of the name of a file that holds only the loudest part."""


def rendered(session: Session, number: int, preview: bool) -> Turn | None:
    """The turn whose file holds that version and is still what it was; None where there is none (any more)."""
    from bridge.session import Session as Fold

    then, found = Fold(), []
    for turn in session.turns:
        then = then.after(turn)
        if then.at == number and turn.output and turn.outcome.kind in ("plan", "undo", "redo"):
            found.append(turn)
    return next((turn for turn in reversed(found) if _is_there(turn, preview)), None)


def _is_there(turn: Turn, preview: bool) -> bool:
    from bridge.errors import BridgeError
    from bridge.store.sessions import sha256_of

    path = Path(turn.output or "")
    if path.stem.endswith(PREVIEW) != preview:
        return False
    try:
        return sha256_of(path) == turn.sha256
    except BridgeError:
        return False


def save(version: Path, source: Path, place: str) -> Path:
    """A copy of a version's file where the user says, or beside the sound; the name that it got.

    Raises BadInput for a place that cannot be, OutputFailed.
    """
    from bridge.files import atomic, open_sound

    with open_sound(version) as sound:
        where = delivery.choose(source, sound.format, str(Path(place).expanduser()) if place else None)
    copy = atomic.temporary(where.path).with_suffix(version.suffix)
    try:
        shutil.copyfile(version, copy)
        path, _ = delivery.deliver(copy, where)
    except OSError as error:
        raise atomic.output_failed(where.path, error) from error
    finally:
        atomic.discard(copy)
    return path


def save_stems(turn: Turn | None, asked: Asked, place: str) -> list[Path]:
    """Copies of all files of a version of several stems. Raises Unavailable where they have gone."""
    from bridge.cli.results import load_result
    from bridge.cli.stems import deliver, places

    if turn is None or turn.output is None:
        raise Unavailable("The files of this version are not there any more; say what made it again.")
    if asked.preview:
        raise BadInput(
            "A preview of stems holds the loudest part only; start again without --preview to save."
        )
    where = places(asked.file, asked.named, str(Path(place).expanduser()) if place else None)
    result = load_result(Path(turn.output).parent / "result.json")
    with tempfile.TemporaryDirectory(prefix=".dawbridge-", dir=where["mix"].path.parent) as folder:
        copies = {name: _copy(stem["output"], folder, name) for name, stem in result["stems"].items()}
        stems = {name: {**stem, "output": copies[name]} for name, stem in result["stems"].items()}
        done = deliver({**result, "stems": stems}, where)
    return [Path(stem["output"]) for stem in done["stems"].values() if stem["output"]]


def _copy(path: str | None, folder: str, name: str) -> str | None:
    if path is None:
        return None
    inside = Path(tempfile.mkdtemp(dir=folder))
    return str(shutil.copyfile(path, inside / Path(path).name))
