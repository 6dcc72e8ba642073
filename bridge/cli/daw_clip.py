"""`dawbridge daw clip`: the clip that is selected in Live, processed, and the result back beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.results import exit_code, tell_result
from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option, one_line, say
from bridge.cli.words import CommandWithWords
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings
    from bridge.daws.ableton.script_link import ScriptLink


@click.command("clip", cls=CommandWithWords)
@click.argument("words", required=False)
@json_option
def command(words: str | None, as_json: bool) -> int:
    """The audio clip that is selected in Ableton Live: its file, or, with WORDS, the file processed and brought back.

    The new file lies beside the clip's own. It comes in at the clip's place in the arrangement, or into a free slot, as
    one step of Live's undo. Needs dawbridge's own script in Live. Exit codes as of `process`.
    """
    from bridge.daws.ableton.connecting import to_script

    effective = settings()
    link = to_script(effective)
    try:
        clip = link.selected_clip()
        if not words:
            _tell(clip, as_json)
            return 0
        result = _processed(Path(clip["path"]), words, effective, as_json)
        brought = _brought(link, clip, words, result)
    finally:
        link.close()
    if as_json:
        emit({**result, "clip": clip, "brought": brought})
    else:
        tell_result(result)
        if brought:
            say(one_line(brought.get("reason") or f"It is in Live: {brought['track']} ({brought['where']})."))
    return exit_code(result)


def _processed(path: Path, words: str, effective: Settings, quiet: bool) -> dict[str, Any]:
    from bridge.cli.oneoff import begun
    from bridge.cli.process import Wish, process

    worker = begun(click.get_current_context(), effective)
    return process(path, Wish(words, None, False, {}, None, worker), effective, quiet)


def _brought(link: ScriptLink, clip: dict[str, Any], words: str, result: dict[str, Any]) -> dict[str, Any]:
    """Where it is in Live, or the reason why it is not; the file is there all the same."""
    if not result.get("output"):
        return {}
    try:
        return link.bring(
            str(result["output"]), f"{clip['name']}: {words}"[:80], str(clip["track"]), clip["start_beats"]
        )
    except Unavailable as error:
        return {"reason": str(error)}


def _tell(clip: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit({"clip": clip})
        return
    start = clip["start_beats"]
    place = "session view" if start is None else f"arrangement, beat {start:g}"
    say(one_line(f"{clip['path']} ({clip['track_name']}: {clip['name']}, {place})"))
