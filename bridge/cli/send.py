"""`dawbridge send`: a job for the running daemon, over OSC."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.addresses import host_and_port
from bridge.cli.given import followed
from bridge.cli.results import exit_code, load_result, tell_result
from bridge.cli.settings import settings
from bridge.cli.terminal import emit, json_option, progress_bar, say
from bridge.cli.words import CommandWithWords
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.osc.client import Client


@click.command("send", cls=CommandWithWords)
@click.argument("file")
@click.argument("words")
@click.option("--wait", is_flag=True, help="Wait for the result and show it.")
@click.option("--target", metavar="NAME", help="Platform or genre to aim at.")
@click.option("--planner", type=click.Choice(["offline", "model"]), help="Who reads the words.")
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
    osc: str | None,
    timeout_s: float | None,
    as_json: bool,
) -> int:
    """Give FILE and WORDS to the running daemon over OSC.

    The file must lie in the inbox, the outbox or a configured root. With --wait the exit code is the job's.
    """
    from bridge.osc.client import new_id
    from bridge.osc.messages import Process

    path = followed(file)
    if not path.exists():
        raise BadInput(f"There is no file {file}.")
    options = {key: value for key, value in (("target", target), ("planner", planner)) if value}
    message = Process(new_id(), str(path), words, json.dumps(options) if options else "")
    with _client(osc) as client:
        ack = client.request(message)
        if not wait:
            return _sent(message.id, ack.verdict, ack.reason, as_json)
        with progress_bar(path.name, quiet=as_json) as report:
            answer = client.wait(message, timeout_s=timeout_s, on_progress=report)
    result = load_result(Path(answer.path))
    if as_json:
        emit(result)
    else:
        tell_result(result)
    return exit_code(result)


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
