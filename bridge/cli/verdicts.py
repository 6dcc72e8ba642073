"""One measured file for people: a verdict in one line, what was asked, what stands out, and the readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bridge.cli.entries import Against
from bridge.cli.readings import all_rows, figure, first_rows, label
from bridge.cli.terminal import one_line, say, table

Entry = Mapping[str, Any]
"""One file of `analyze --json`."""

_KINDS = {1: "mono", 2: "stereo"}
_WORDS = {"platform": ("meets", "misses"), "genre": ("fits", "differs from")}


def tell(entry: Entry, against: Against, everything: bool, alone: bool) -> None:
    """alone: no other file could be used, so there is room for tables and readings.

    everything: every reading as well.
    """
    say(one_line(f"{entry['path']}: {verdict(entry)}"))
    if alone:
        say(f"{_shape(entry)}\n")
    for target in entry.get("targets", ()):
        if alone:
            _tell_target(target)
        elif target["playback"]:
            say(one_line(f"target: {target['playback']['sentence']}"))
    if against.reference is not None:
        from bridge.cli.side_by_side import tell_reference

        tell_reference(entry, against.reference, against.name)
    tell_findings(entry["findings"])
    if everything or (alone and against.reference is None):
        say()
        if everything:
            table(("reading", "value"), all_rows(entry["readings"]), (1,))
        else:
            table(
                ("reading", "value", ""),
                first_rows(entry["readings"], entry["curves"].get("peaks", {})),
                (1,),
            )
    if alone and not everything:
        say("\n`--all` shows every reading.")
    if "picture" in entry:
        say(f"picture: {one_line(entry['picture'])}")
    say()


def tell_findings(found: Sequence[Mapping[str, Any]]) -> None:
    for finding in found:
        remedy = finding["remedy"]
        words = f' Ask for: "{remedy["words"]}".' if remedy else ""
        say(one_line(f"{finding['severity']}: {finding['sentence']}{words}"))


def verdict(entry: Entry) -> str:
    """ "misses Spotify; 1 fault, 2 warnings", "nothing stands out"."""
    held = [_held(target) for target in entry.get("targets", ())]
    counts = [_counted(entry["findings"], severity) for severity in ("fault", "warning", "note")]
    return "; ".join([*held, ", ".join(filter(None, counts)) or "nothing stands out"])


def _held(target: Mapping[str, Any]) -> str:
    if all(row["met"] is None for row in target["rows"]):
        return f"cannot be held against {target['title']}"
    meets, misses = _WORDS[target["kind"]]
    return f"{meets if target['met'] else misses} {target['title']}"


def _counted(found: Sequence[Mapping[str, Any]], severity: str) -> str:
    count = sum(finding["severity"] == severity for finding in found)
    return f"{count} {severity}{'s' if count != 1 else ''}" if count else ""


def _shape(entry: Entry) -> str:
    channels = entry["channels"]
    return f"{entry['seconds']:.1f} s, {entry['rate']} Hz, {_KINDS.get(channels, f'{channels} channels')}"


def _tell_target(target: Mapping[str, Any]) -> None:
    """Metric, measured, expected, met or missed; then what the platform will do."""
    say(one_line(f"{target['title']}:"))
    marks = {True: "met", False: "missed", None: "not measured"}
    rows = [(label(row["metric"]), figure(row), row["expected"], marks[row["met"]]) for row in target["rows"]]
    table(("metric", "measured", "expected", ""), rows, (1,))
    if target["playback"]:
        say(one_line(target["playback"]["sentence"]))
    say()
