"""Which version words mean: by number, by name, by what it did not have yet, by steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from bridge.planning.normalise import normalise
from bridge.planning.plan import Plan
from bridge.planning.version import Which
from bridge.session.version import Version

_NAMED = 8
"""Names that an answer tells."""


class NotThere(Exception):
    """No such version; the message says which there are."""


class Tree(Protocol):
    """What is asked of a session."""

    @property
    def versions(self) -> tuple[Version, ...]: ...
    @property
    def at(self) -> int: ...
    @property
    def names(self) -> dict[str, int]: ...
    @property
    def heard(self) -> tuple[int, ...]: ...


def found(tree: Tree, which: Which) -> int:
    """The number of the version. Raises NotThere."""
    if which.number is not None:
        return _numbered(tree.versions, which.number)
    if which.name:
        return _called(tree.names, which.name)
    if which.newest:
        return len(tree.versions) - 1
    if which.before:
        return _before(tree, which)
    return _stepped(tree, which.back)


def _numbered(versions: Sequence[Version], number: int) -> int:
    if number >= len(versions):
        last = len(versions) - 1
        there = f"versions go from 0 (the original) to {last}" if last else "there is only the original yet"
        raise NotThere(f"There is no version {number}: {there}.")
    return number


def _called(names: Mapping[str, int], name: str) -> int:
    for known, number in names.items():
        if normalise(known) == normalise(name):
            return number
    there = ", ".join(list(names)[-_NAMED:])
    raise NotThere(f"No version is called {name}{f'; there are {there}' if there else ''}.")


def _stepped(tree: Tree, back: int) -> int:
    """Up to the parents, or down along the children that were heard last."""
    at = tree.at
    for _ in range(abs(back)):
        to = tree.versions[at].parent if back > 0 else _child(tree, at)
        if to is None:
            break
        at = to
    if at == tree.at and back > 0:
        raise NotThere("There is nothing to undo: this is the untouched sound.")
    if at == tree.at:
        raise NotThere("There is nothing to redo.")
    return at


def _child(tree: Tree, at: int) -> int | None:
    children = [version.number for version in tree.versions if version.parent == at]
    return max(children, key=tree.heard.index) if children else None


def _before(tree: Tree, which: Which) -> int:
    """The nearest ancestor that does not have the thing; from here, else from the newest version that has it."""
    having = [version.number for version in tree.versions if _has(version, which)]
    start = tree.at if tree.at in having else next((each for each in reversed(having)), None)
    if start is None:
        raise NotThere(f'No version has "{which.before}", so there is none before it.')
    for number in _ancestors(tree.versions, start):
        if number not in having:
            return number
    raise NotThere(f'Every version has "{which.before}".')


def _ancestors(versions: Sequence[Version], number: int) -> Iterator[int]:
    parent = versions[number].parent
    while parent is not None:
        yield parent
        parent = versions[parent].parent


def _has(version: Version, which: Which) -> bool:
    if version.plan is None:
        return False
    if which.topics:
        return any(_plays(version.plan, topic) for topic in which.topics)
    return f" {normalise(which.before)} " in f" {normalise(version.plan.request)} "


def _plays(plan: Plan, topic: str) -> bool:
    kind, _, name = topic.partition(":")
    if kind in ("effect", "repair", "auto"):
        return any(step.effect == name for step in plan.steps)
    asked = {"louder": ("level", ""), "quieter": ("level", ""), "mono": ("effect", "stereo_width")}
    operation, subject = asked.get(kind, (kind, name))
    if operation in ("area", "shape"):
        return any(
            each.operation == "band" and (not subject or each.subject == subject) for each in plan.intents
        )
    return any(
        each.operation == operation and (not subject or each.subject == subject) for each in plan.intents
    )
