"""`dawbridge demo`: the real daemon in a temporary home, a file by each door, a talk."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.demo_talk import talk, tell_talk
from bridge.cli.given import followed
from bridge.cli.results import exit_code, load_result, tell_result
from bridge.cli.terminal import Report, emit, json_option, note, progress_bar, say
from bridge.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from bridge.osc.client import Client

HOST = "127.0.0.1"
START_S = 60.0
LONGEST_S = 900.0
STEPS = {"queued": 0.05, "planning": 0.2, "planned": 0.3, "running": 0.6, "verifying": 0.9}
"""How far a job in each state of the ledger is, for the bar of the hot folder's job."""


@dataclass(frozen=True)
class Wish:
    file: Path
    words: str


DEMO = (
    ("loop_tabla.flac", "warmer, -16 LUFS, ceiling -1 dBTP"),
    ("guit_e_fifths.flac", "high-pass at 80 Hz, cut 3 dB at 250 Hz Q 2, add a little reverb, -18 LUFS"),
)


@click.command("demo")
@click.argument("file", required=False)
@click.option("--words", metavar="WORDS", help="The wish, in plain words.")
@json_option
def command(file: str | None, words: str | None, as_json: bool) -> int:
    """Run the daemon on a recording, or on your FILE, and show what happens.

    Everything happens in a temporary home, which is kept: your settings, your inbox and a daemon that already runs
    are not touched.
    """
    first, second = _wishes(file, words)
    home = Path(tempfile.mkdtemp(prefix="dawbridge-demo-"))
    with _daemon(home) as (port, log):
        results = _both(home, port, first, second, as_json, log)
        with _client(port, 10.0) as client:
            talked = talk(client, _stem(first, home / "stems"), as_json, LONGEST_S)
    if as_json:
        emit({"home": str(home), "results": list(results.values()), "conversation": talked})
    else:
        for title, result in results.items():
            say(f"\n{'=' * 10} {title}: {Path(result['source']['path']).name} {'=' * 10}\n")
            tell_result(result)
        tell_talk(first.file.name, talked)
        _tell_where(home, results)
    return max(exit_code(result) for result in (*results.values(), *talked))


def recordings() -> Path:
    """The folder of the recordings that come with dawbridge: in a checkout, or inside of the installed package."""
    here = Path(__file__).resolve()
    folders = (here.parents[2] / "docs/recordings", here.parent / "recordings")
    found = next((folder for folder in folders if (folder / DEMO[0][0]).is_file()), None)
    if found is None:
        raise BadInput("The recordings of the demo are not installed; give a file: dawbridge demo FILE.")
    return found


def _wishes(file: str | None, words: str | None) -> tuple[Wish, Wish]:
    if file is None:
        (first, first_words), (second, second_words) = DEMO
        return Wish(recordings() / first, words or first_words), Wish(
            recordings() / second, words or second_words
        )
    path = followed(file)
    if not path.is_file():
        raise BadInput(f"There is no file {file}.")
    wish = Wish(path, words or DEMO[0][1])
    return wish, wish


@contextmanager
def _daemon(home: Path) -> Iterator[tuple[int, Path]]:
    """The daemon as a child process; its port and its log."""
    for name in ("inbox", "outbox", "stems", "tmp"):
        (home / name).mkdir()
    port, log = _free_port(), home / "daemon.log"
    folders = [f"--{name}={home / name}" for name in ("inbox", "outbox", "state")]
    command = [sys.executable, "-m", "bridge.cli", "serve", *folders, f"--osc={HOST}:{port}"]
    with _ends_like_ctrl_c(), log.open("wb") as out:
        # A group of its own, so that Ctrl-C reaches the demo alone, which then ends the daemon in order.
        process = subprocess.Popen(
            command, env=_environment(home), stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=home,
            start_new_session=os.name == "posix",
        )  # fmt: skip
        try:
            _wait_until_serving(process, port, log)
            yield port, log
        finally:
            _stop(process)


@contextmanager
def _ends_like_ctrl_c() -> Iterator[None]:
    """SIGTERM, and the hangup of a closed terminal, must not leave the daemon behind either."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    """The user's, but for the folders of the user and settings of ours; a configured model stays."""
    own = {
        k: v for k, v in os.environ.items() if not k.startswith("BRIDGE_") or k.startswith("BRIDGE_MODEL_")
    }
    folders = (
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
        "APPDATA",
    )
    moved = {name: str(home / ".local" / name.lower()) for name in (*folders, "LOCALAPPDATA")}
    roots = {"BRIDGE_ROOTS": str(home / "stems")}
    return own | moved | roots | {"HOME": str(home), "USERPROFILE": str(home)}


def _wait_until_serving(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    with _client(port, 1.0) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                client.hello()
            except Unavailable:
                continue
            return
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise Unavailable(f"the daemon did not start: {last[0]} (log: {log})")


def _client(port: int, timeout_s: float) -> Client:
    from bridge.osc.client import Client

    return Client(HOST, port, name="demo", timeout_s=timeout_s)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _both(
    home: Path, port: int, first: Wish, second: Wish, quiet: bool, log: Path
) -> dict[str, dict[str, Any]]:
    """Drops one, sends the other, waits for both."""
    from bridge.osc.client import new_id
    from bridge.osc.messages import Process

    with _client(port, 10.0) as client:
        dropped = _drop(first, home / "inbox")
        _tell(quiet, f'dropped {dropped.name} into {dropped.parent} with the words "{first.words}"')
        message = Process(new_id(), str(_stem(second, home / "stems")), second.words)
        client.request(message)
        _tell(quiet, f'sent {second.file.name} over OSC to port {port} with the words "{second.words}"')
        with progress_bar(f"hot folder, {dropped.name}", quiet) as report:
            by_folder = _wait_for_dropped(home / "outbox", dropped, client, report, log)
        with progress_bar(f"OSC, {second.file.name}", quiet) as report:
            answer = client.wait(message, timeout_s=LONGEST_S, on_progress=report)
    return {"Hot folder": by_folder, "OSC": load_result(Path(answer.path))}


def _drop(wish: Wish, inbox: Path) -> Path:
    """As a careful exporter would: the words first, then the file under a temporary name, then its own."""
    path = inbox / wish.file.name
    path.with_name(f"{path.name}.txt").write_text(wish.words, encoding="utf-8")
    part = path.with_name(f"{path.name}.part")
    shutil.copyfile(wish.file, part)
    return part.rename(path)


def _stem(wish: Wish, stems: Path) -> Path:
    return Path(shutil.copyfile(wish.file, stems / wish.file.name))


def _wait_for_dropped(
    outbox: Path, dropped: Path, client: Client, report: Report, log: Path
) -> dict[str, Any]:
    """Looks for the result.json that tells of the dropped file; the ledger's state moves the bar meanwhile."""
    deadline = time.monotonic() + LONGEST_S
    while time.monotonic() < deadline:
        for path in outbox.glob("*/result.json"):
            result = load_result(path)
            if result["source"]["path"] == str(dropped):
                return result
        state = _state(client, dropped)
        report(STEPS.get(state, 0.0), state)
        time.sleep(0.3)
    raise Unavailable(f"no result for {dropped.name} within {LONGEST_S:g} s (log: {log})")


def _state(client: Client, dropped: Path) -> str:
    import json

    from bridge.osc.client import new_id
    from bridge.osc.messages import Status

    rows = [row for page in client.jobs(Status(new_id())) for row in json.loads(page)]
    return next((row["state"] for row in rows if Path(row["path"]).name == dropped.name), "settling")


def _tell(quiet: bool, text: str) -> None:
    if not quiet:
        note(text)


def _tell_where(home: Path, results: Mapping[str, Mapping[str, Any]]) -> None:
    say(f"\nEverything is kept in {home}:")
    for title, result in results.items():
        say(f"  {title:<10}  original  {result['source']['path']}")
        if result["output"]:
            say(f"  {'':<10}  result    {result['output']}")
    say(f"  {'':<10}  log       {home / 'daemon.log'}")
    listen = "Listen to both. " if all(result["output"] for result in results.values()) else ""
    say(f'\n{listen}The same on your own file: make demo FILE=my.wav WORDS="warmer, -16 LUFS"')
