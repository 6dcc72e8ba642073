"""`dawbridge live`: meters and suggestions for what plays right now, and its last seconds as a stem."""

from __future__ import annotations

import math
import secrets
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.live_meters import Meters, counted, meters, told
from bridge.cli.results import exit_code, tell_result
from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option, note, one_line, say, shown_path, table
from bridge.cli.words import CommandWithWords
from bridge.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from bridge.analysis.target import Target
    from bridge.config import Settings
    from bridge.metering.advice import Suggestion
    from bridge.metering.listening import Listening

INTERRUPTED = 130
LIST = "list"
_SHOWN_EVERY_S = 0.1


@click.command("live", cls=CommandWithWords)
@click.option(
    "--input",
    "name",
    metavar="DEVICE|reastream|list",
    help="A sound device by name or number, or ReaStream: reastream[:IDENTIFIER][@HOST[:PORT]]. list: what there is.",
)
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="Ends after so much time.")
@click.option(
    "--capture",
    "capture_s",
    metavar="N",
    type=click.FloatRange(min=1, max=600),
    help="At the end the last N seconds become a stem.",
)
@click.option("--process", "words", metavar="WORDS", help="What is wished for that stem.")
@click.option("--target", metavar="NAME", help="A platform or genre that it is held against.")
@json_option
def command(
    name: str | None,
    seconds: float | None,
    capture_s: float | None,
    words: str | None,
    target: str | None,
    as_json: bool,
) -> int:
    """Meters and suggestions for live sound, until Ctrl-C.

    With --json one object a line; the last one is the summary. With --capture and --process the last N seconds are
    planned, rendered and verified like a file.
    """
    if words is not None and capture_s is None:
        raise BadInput("--process needs --capture N: say how many of the last seconds are meant.")
    effective = settings()
    chosen = name or effective.live_input
    if chosen == LIST:
        return _list(as_json)
    if chosen is None:
        raise BadInput(
            "Say what to listen to: --input DEVICE or --input reastream; --input list shows devices."
        )
    from bridge.metering.advising import Advising
    from bridge.metering.inputs import source_called
    from bridge.metering.listening import Listening
    from bridge.metering.source import REMEMBERED_S

    source = source_called(chosen, max(REMEMBERED_S, (capture_s or 0.0) + 1.0))
    shown = meters(as_json)
    waiting: SimpleQueue[Suggestion] = SimpleQueue()
    with Listening(source, Advising(waiting.put).heard, target=_target(target)) as listening:
        interrupted = _show(listening, shown, waiting, seconds)
    summary = _summary(listening, interrupted)
    result = None
    if capture_s is not None:
        result = _captured(listening, capture_s, words, target, effective, as_json)
        summary |= result
    _tell(summary, shown, as_json)
    if result is not None:
        return exit_code(result["result"]) if "result" in result else 0
    return INTERRUPTED if interrupted else 0


def _show(
    listening: Listening, shown: Meters, waiting: SimpleQueue[Suggestion], seconds: float | None
) -> bool:
    """Until the time is over; True where Ctrl-C came first."""
    end = math.inf if seconds is None else time.monotonic() + seconds
    try:
        while (now := time.monotonic()) < end:
            _pass_on(shown, waiting)
            shown.shown(listening.snapshot, listening.source.state, listening.losses)
            time.sleep(min(_SHOWN_EVERY_S, max(0.0, end - now)))
    except KeyboardInterrupt:
        return True
    _pass_on(shown, waiting)
    return False


def _pass_on(shown: Meters, waiting: SimpleQueue[Suggestion]) -> None:
    while not waiting.empty():
        shown.suggested(waiting.get())


def _summary(listening: Listening, interrupted: bool) -> dict[str, Any]:
    stream, snapshot = listening.stream, listening.snapshot
    arrived = listening.losses.arrived
    return {
        "kind": "summary",
        "input": stream.name if stream else None,
        "state": listening.source.state,
        "rate": stream.ring.rate if stream else None,
        "channels": stream.ring.channels if stream else None,
        "interrupted": interrupted,
        "blocks": arrived.blocks,
        "frames": arrived.frames,
        "losses": counted(listening.losses),
        "readings": told(snapshot) if snapshot else None,
    }


def _captured(
    listening: Listening,
    seconds: float,
    words: str | None,
    target: str | None,
    effective: Settings,
    as_json: bool,
) -> dict[str, Any]:
    """The stem, and where words were given the result of the way that `process` takes with it."""
    from bridge.metering.capture import FOLDER, capture

    path = effective.state / FOLDER / f"capture-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}.wav"
    audio = capture(listening.ring, seconds, path)
    captured: dict[str, Any] = {"captured": {"path": str(path), "seconds": audio.seconds}}
    if words is None:
        return captured
    from bridge.cli.oneoff import begun
    from bridge.cli.process import Wish, process

    wish = Wish(words, None, False, {"target": target}, None, begun(click.get_current_context(), effective))
    return captured | {"result": process(path, wish, effective, as_json)}


def _tell(summary: dict[str, Any], shown: Meters, as_json: bool) -> None:
    shown.left()
    if as_json:
        emit(summary)
        return
    readings = summary["readings"]
    if readings is None:
        say(f"Nothing was heard: {one_line(summary['state'])}.")
        return
    say(f"{one_line(summary['input'])}: {readings['seconds']:.1f} s")
    for name, key, unit in _LAST_WORDS:
        if readings[key] is not None:
            say(f"  {name} {readings[key]:.1f} {unit}")
    wrong = {name: count for name, count in summary["losses"].items() if count}
    say(
        "  lost: "
        + (", ".join(f"{count} {name.replace('_', ' ')}" for name, count in wrong.items()) or "nothing")
    )
    if "captured" in summary:
        say(f"  captured: {shown_path(summary['captured']['path'])}")
    if "result" in summary:
        tell_result(summary["result"])


_LAST_WORDS = (
    ("integrated loudness", "integrated_lufs", "LUFS"),
    ("loudness range", "loudness_range_lu", "LU"),
    ("largest momentary", "momentary_max_lufs", "LUFS"),
    ("largest short-term", "short_term_max_lufs", "LUFS"),
    ("true peak", "true_peak_dbtp", "dBTP"),
)


def _target(name: str | None) -> Target | None:
    if name is None:
        return None
    from bridge.bootstrap.planning import named_target
    from bridge.presets import load_targets

    return named_target(name, load_targets())


def _list(as_json: bool) -> int:
    """Sound devices with inputs, and ReaStream, which needs none."""
    from bridge.metering.device import devices

    reason = ""
    try:
        found = devices()
    except Unavailable as error:
        found, reason = (), error.message
    if as_json:
        emit({"kind": "inputs", "inputs": [each.to_json() for each in found], "reason": reason or None})
        return 0
    rows = [
        (str(each.number), each.name, each.system, str(each.channels), f"{each.rate:g}") for each in found
    ]
    table(
        ("number", "name", "system", "channels", "rate"),
        [*rows, ("", "reastream", "UDP 58710", "any", "any")],
    )
    if reason:
        note(f"no sound devices: {reason}")
    return 0
