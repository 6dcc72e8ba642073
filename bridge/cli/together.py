"""Stems heard together, for `dawbridge analyze --together`: a table of pairs, then what stands out between them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.given import followed
from bridge.cli.terminal import complain, one_line, say, table
from bridge.errors import BridgeError

if TYPE_CHECKING:
    from bridge.analysis.together import Pair, Together


def heard_together(paths: Sequence[str]) -> Together | BridgeError:
    """The usable files as stems, named like their files; the error where they are no stems of one song."""
    from bridge.analysis import analyze_together
    from bridge.files import open_sound

    try:
        with ExitStack() as opened:
            sounds = {
                name: opened.enter_context(open_sound(followed(path)))
                for name, path in zip(stem_names(paths), paths, strict=True)
            }
            return analyze_together(sounds)
    except BridgeError as error:
        return error


def stem_names(paths: Sequence[str]) -> list[str]:
    """File names without their endings; whole paths where those do not tell the files apart."""
    names = [Path(path).stem for path in paths]
    return names if len(set(names)) == len(names) else list(paths)


def together_json(heard: Together | BridgeError) -> dict[str, Any]:
    return {"error": heard.message} if isinstance(heard, BridgeError) else heard.to_json()


def tell_together(heard: Together | BridgeError) -> None:
    """Delay and polarity of each pair, and how much of each stem the other hides; then the findings."""
    if isinstance(heard, BridgeError):
        complain(heard.message)
        return
    rows = [row for pair in heard.pairs for row in _rows(pair)]
    table(("stem", "hidden by", "of its loudness", "one source?"), rows, (2,))
    say()
    for finding in heard.findings:
        words = f' Ask {finding.where} for: "{finding.remedy.words}".' if finding.remedy else ""
        say(one_line(f"{finding.severity}: {finding.sentence}{words}"))
    if not heard.findings:
        say("Nothing stands out between these stems.")
    say()


def _rows(pair: Pair) -> list[tuple[str, ...]]:
    return [
        (
            one_line(one.masked),
            one_line(one.masker),
            f"{100 * one.lost:.0f} %",
            _source(pair) if first else "",
        )
        for first, one in zip((True, False), pair.masking, strict=True)
    ]


def _source(pair: Pair) -> str:
    aligned = pair.alignment
    if not aligned.related or aligned.delay_ms is None:
        return "" if aligned.reason == "unrelated" else f"({aligned.reason})"
    inverted = ", inverted" if aligned.inverted else ""
    return one_line(f"{pair.second} {aligned.delay_ms:+.2f} ms{inverted}")
