"""The demo's conversation: three turns and an A/B over OSC, as `dawbridge chat` has them at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.chat_telling import tell_turn
from bridge.cli.results import load_result
from bridge.cli.terminal import note, progress_bar, say

if TYPE_CHECKING:
    from bridge.osc.client import Client

TURNS = ("warmer", "even more", "undo", "compare version 1 and 2")


def talk(client: Client, file: Path, quiet: bool, longest_s: float) -> list[dict[str, Any]]:
    """The results of the turns, one after the other."""
    return [_turn(client, file, words, quiet, longest_s) for words in TURNS]


def _turn(client: Client, file: Path, words: str, quiet: bool, longest_s: float) -> dict[str, Any]:
    from bridge.osc.client import new_id
    from bridge.osc.messages import Chat

    message = Chat(new_id(), str(file), words)
    client.request(message)
    if not quiet:
        note(f'said "{words}" about {file.name} over OSC')
    with progress_bar(f"conversation, {file.name}", quiet) as report:
        return load_result(Path(client.wait(message, timeout_s=longest_s, on_progress=report).path))


def tell_talk(file: str, results: Sequence[Mapping[str, Any]]) -> None:
    say(f"\n{'=' * 10} Conversation: {file} {'=' * 10}")
    for result in results:
        say(f"\n> {result['request']}")
        tell_turn(result)
    say("\nGo on with it at a terminal: dawbridge chat FILE")
