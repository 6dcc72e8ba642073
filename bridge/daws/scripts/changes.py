"""What installing would change, file by file, and what it would not touch. Pure: only hashes of contents are compared.

The manifest says what we put there. What still is as we put it may be replaced or taken away; what is not is the
user's, and is kept under another name first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["new", "same", "replaced", "kept", "removed", "set aside"]

SAID: Mapping[Kind, str] = {
    "new": "is put there",
    "same": "is there already",
    "replaced": "is replaced by the one of this version",
    "kept": "was changed by you: it is kept as {yours}, and ours takes its place",
    "removed": "is removed",
    "set aside": "was changed by you: it is kept as {yours}",
}


@dataclass(frozen=True)
class Change:
    """path: below the root, with "/". yours: the name under which the user's own file is kept."""

    kind: Kind
    path: str
    yours: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.path} {SAID[self.kind].format(yours=self.yours)}"


def changes(
    ours: Mapping[str, str], were: Mapping[str, str], there: Mapping[str, str], date: str
) -> tuple[Change, ...]:
    """ours: what shall lie there, by path; empty to remove. were: what we put there before. there: what lies there now,
    nothing left out; each as a hash of the content. date: for the names of what is kept."""
    return (*_wanted(ours, were, there, date), *_no_more(ours, were, there, date))


def _wanted(
    ours: Mapping[str, str], were: Mapping[str, str], there: Mapping[str, str], date: str
) -> Iterator[Change]:
    for path, content in sorted(ours.items()):
        now = there.get(path)
        if now is None:
            yield Change("new", path)
        elif now == content:
            yield Change("same", path)
        elif now == were.get(path):
            yield Change("replaced", path)
        else:
            yield Change("kept", path, yours(path, date))


def _no_more(
    ours: Mapping[str, str], were: Mapping[str, str], there: Mapping[str, str], date: str
) -> Iterator[Change]:
    """What an earlier version brought, or all of it."""
    for path, content in sorted(were.items()):
        now = there.get(path)
        if path in ours or now is None:
            continue
        yield Change("removed", path) if now == content else Change("set aside", path, yours(path, date))


def yours(path: str, date: str) -> str:
    """ "send.lua.yours-20261122": no DAW takes that for a script. The name alone, beside the file."""
    return f"{path.rpartition('/')[2]}.yours-{date}"
