"""What `analyze --json` says of a file, held against targets and a reference, and of several files together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.cli.measuring import Measured, measured_file
from bridge.errors import BridgeError, FileRefused

if TYPE_CHECKING:
    from bridge.analysis.album import Album
    from bridge.analysis.finding import Finding
    from bridge.analysis.reading import Analysis
    from bridge.analysis.target import Target


@dataclass(frozen=True)
class Against:
    """What every file is held against. name: of the reference's file, for people."""

    targets: tuple[Target, ...] = ()
    reference: Analysis | None = None
    name: str = ""

    @property
    def target(self) -> Target | None:
        """The first one, which pictures show."""
        return self.targets[0] if self.targets else None


def held_against(
    targets: Sequence[str], reference: str | None, without: Sequence[str], quiet: bool
) -> Against:
    """Raises BadInput for an unknown target, FileRefused for a reference that cannot be used."""
    wanted: dict[str, Target] = {}
    if targets:
        from bridge.bootstrap.planning import named_target
        from bridge.presets import load_targets

        known = load_targets()
        found = (named_target(name, known) for name in targets)
        wanted = {target.name: target for target in found if target is not None}
    if reference is None:
        return Against(tuple(wanted.values()))
    return Against(tuple(wanted.values()), measured_file(reference, without, quiet), Path(reference).name)


def entry_of(measured: Measured, against: Against) -> dict[str, Any]:
    """One entry of `analyze --json`: the analysis with its findings, or the error."""
    if measured.analysis is None:
        return _refused(measured.path, measured.error)
    from bridge.analysis.judgement import judge

    found = _findings(measured.analysis, against)
    entry = {
        "path": measured.path,
        **measured.analysis.to_json(),
        "findings": [finding.to_json() for finding in found],
    }
    if against.targets:
        judged = [judge(measured.analysis, target).to_json() for target in against.targets]
        entry |= {"target": judged[0], "targets": judged}
    if against.reference is not None:
        from bridge.analysis.comparison import compare

        compared = compare(measured.analysis, against.reference)
        entry["reference"] = {"name": against.name, **compared.to_json()}
    return entry


def _findings(analysis: Analysis, against: Against) -> Sequence[Finding]:
    from bridge.analysis import Target, findings

    others = against.targets[1:]
    if against.reference is None:
        return findings(analysis, against.target, others=others)
    from bridge.analysis.mirrored import swapped_channels

    found = findings(analysis, against.target, Target.of(against.reference, against.name), others)
    swapped = swapped_channels(analysis, against.reference)
    return (swapped, *found) if swapped else found


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
