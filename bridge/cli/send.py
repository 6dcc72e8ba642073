"""`dawbridge send`: a job for the running daemon, over OSC."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.addresses import host_and_port
from bridge.cli.given import followed
from bridge.cli.impulse import impulse_option
from bridge.cli.results import exit_code, load_result, tell_result
from bridge.cli.settings import settings
from bridge.cli.stems import sounds
from bridge.cli.terminal import emit, json_option, progress_bar, say
from bridge.cli.words import CommandWithWords
from bridge.errors import BadInput
from bridge.planning.place import INPUT

if TYPE_CHECKING:
    from bridge.osc.client import Client
    from bridge.osc.messages import Chat, Process


@click.command("send", cls=CommandWithWords)
@click.argument("file")
@click.argument("words")
@click.option("--wait", is_flag=True, help="Wait for the result and show it.")
@click.option("--target", metavar="NAME", help="Platform or genre to aim at.")
@click.option("--planner", type=click.Choice(["offline", "model"]), help="Who reads the words.")
@click.option("--stem", "stems", metavar="NAME=FILE", multiple=True, help="A further stem of the same song.")
@click.option("--album", is_flag=True, help="FILE is a folder of finished songs, brought to one loudness.")
@impulse_option
@click.option("--talk", is_flag=True, help="Go on with the conversation about FILE, as `chat` does.")
@click.option("--session", metavar="NAME", help="The same, with the conversation of this name.")
@click.option("--osc", metavar="HOST:PORT", help="The daemon's address, instead of the one it announced.")
@click.option(
    "--timeout", "timeout_s", type=click.FloatRange(min=0), metavar="SECONDS", help="With --wait: how long."
)
@json_option
def command(
    file: str,
    words: str,
    wait: bool,
    target: str | None,
    planner: str | None,
    stems: tuple[str, ...],
    album: bool,
    impulse: str | None,
    talk: bool,
    session: str | None,
    osc: str | None,
    timeout_s: float | None,
    as_json: bool,
) -> int:
    """Give FILE and WORDS to the running daemon over OSC. A folder as FILE means all its sound files, as stems.

    The files must lie in the inbox, the outbox or a configured root. With --wait the exit code is the job's.
    """
    source, several = _sounds(file, stems, album)
    options = {
        "target": target, "planner": planner, "impulse": _impulse(impulse),
        "session": session or talk, **several,
    }  # fmt: skip
    message = _message(source, words, {name: value for name, value in options.items() if value})
    with _client(osc) as client:
        ack = client.request(message)
        if not wait:
            return _sent(message.id, ack.verdict, ack.reason, as_json)
        with progress_bar(source.name, quiet=as_json) as report:
            answer = client.wait(message, timeout_s=timeout_s, on_progress=report)
    result = load_result(Path(answer.path))
    if as_json:
        emit(result)
    else:
        tell_result(result)
    return exit_code(result)


def _sounds(file: str, stems: tuple[str, ...], album: bool) -> tuple[Path, dict[str, Any]]:
    """The file that the request is about, and those that come with it as options. Raises BadInput."""
    if not followed(file).exists():
        raise BadInput(f"There is no file {file}.")
    if album and (stems or not followed(file).is_dir()):
        raise BadInput("--album takes a FOLDER of finished songs, and no --stem.")
    named = sounds(file, stems)
    source = next(iter(named.values()))
    if list(named) == [INPUT]:
        return source, {}
    return source, {"album" if album else "stems": {name: str(path) for name, path in named.items()}}


def _impulse(given: str | None) -> str | None:
    if given is None:
        return None
    if not followed(given).exists():
        raise BadInput(f"There is no impulse response {given}.")
    return str(followed(given))


def _message(source: Path, words: str, options: dict[str, Any]) -> Process | Chat:
    """A turn of a conversation, where one is meant, else a job of its own."""
    from bridge.osc.client import new_id
    from bridge.osc.messages import Chat, Process

    kind = Chat if "session" in options else Process
    return kind(new_id(), str(source), words, json.dumps(options) if options else "")


def _client(osc: str | None) -> Client:
    from bridge.osc.client import Client

    secret = settings().osc_token
    token = secret.get_secret_value() if secret else None
    if osc is None:
        return Client(token=token)
    return Client(*host_and_port(osc), token=token)


def _sent(id: str, verdict: str, job: str, as_json: bool) -> int:
    told: dict[str, Any] = {"id": id, "verdict": verdict, "job": job or None}
    if as_json:
        emit(told)
    else:
        say(f"{verdict}: {job or id} (`dawbridge jobs show {job or id}`)")
    return 0
