"""What `analyze --json` says of a file, held against a target and a reference, and of several files together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.measuring import Measured, measured_file
from bridge.errors import BridgeError, FileRefused

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.reading import Analysis
    from bridge.analysis.target import Target


@dataclass(frozen=True)
class Against:
    """What every file is held against. name: of the reference's file, for people."""

    target: Target | None = None
    reference: Analysis | None = None
    name: str = ""


def held_against(target: str | None, reference: str | None, without: Sequence[str], quiet: bool) -> Against:
    """Raises BadInput for an unknown target, FileRefused for a reference that cannot be used."""
    wanted = None
    if target is not None:
        from bridge.bootstrap.planning import named_target
        from bridge.presets import load_targets

        wanted = named_target(target, load_targets())
    if reference is None:
        return Against(wanted)
    return Against(wanted, measured_file(reference, without, quiet), Path(reference).name)


def entry_of(measured: Measured, against: Against) -> dict[str, Any]:
    """One entry of `analyze --json`: the analysis with its findings, or the error."""
    if measured.analysis is None:
        return _refused(measured.path, measured.error)
    from bridge.analysis import Target, findings

    entry = {"path": measured.path, **measured.analysis.to_json()}
    if against.reference is None:
        found = findings(measured.analysis, against.target)
        return {**entry, "findings": [finding.to_json() for finding in found]}
    from bridge.analysis.comparison import compare
    from bridge.analysis.mirrored import swapped_channels

    compared = compare(measured.analysis, against.reference)
    found = findings(measured.analysis, against.target, Target.of(against.reference, against.name))
    if swapped := swapped_channels(measured.analysis, against.reference):
        found = (swapped, *found)
    return {
        **entry,
        "findings": [finding.to_json() for finding in found],
        "reference": {"name": against.name, **compared.to_json()},
    }


def _refused(path: str, error: BridgeError | None) -> dict[str, Any]:
    verdict = {"verdict": error.verdict} if isinstance(error, FileRefused) else {}
    return {"path": path, "error": error.message if error else "", **verdict}


def album_of(heard: Sequence[Measured]) -> Album | None:
    """The usable files as an album, by file name where that tells them apart; None for fewer than two."""
    usable = {measured.path: measured.analysis for measured in heard if measured.analysis is not None}
    if len(usable) < 2:
        return None
    from bridge.analysis.album import compare_all

    names = [Path(path).name for path in usable]
    told = names if len(set(names)) == len(names) else list(usable)
    return compare_all(dict(zip(told, usable.values(), strict=True)))
