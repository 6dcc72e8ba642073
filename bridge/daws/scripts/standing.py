"""How the scripts stand that were put into a DAW: as this version has them, older, or changed by their user."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.daws.scripts import manifest
from bridge.daws.scripts.installing import found_root, lying_there
from bridge.daws.scripts.shipped import CONFIG, digest, shipped
from bridge.errors import Unavailable

if TYPE_CHECKING:
    from bridge.config import Settings


@dataclass(frozen=True)
class Standing:
    """older: as we put them, and no more as this version has them. changed: by the user. missing: taken away.

    elsewhere: whether the configuration beside them tells of another state folder than ours.
    """

    root: Path
    version: str
    older: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    elsewhere: bool = False

    @property
    def current(self) -> bool:
        return not (self.older or self.missing or self.elsewhere)


def standing(daw: str, settings: Settings) -> tuple[Standing, ...]:
    """One for each folder with scripts of ours, the DAW's usual one and those that were named with --to."""
    roots = set(manifest.roots(settings.state, daw))
    with suppress(Unavailable):
        roots.add(found_root(daw))
    ours: dict[str, str] = {}
    with suppress(Unavailable):
        ours = {path: digest(content) for path, content in shipped(daw, settings).items()}
    found = (_of(daw, root, ours) for root in sorted(roots))
    return tuple(one for one in found if one is not None)


def _of(daw: str, root: Path, ours: Mapping[str, str]) -> Standing | None:
    kept = manifest.read(root, daw)
    if not kept.files:
        return None
    there = {path: lying_there(root / path) for path in {*ours, *kept.files}}
    older = [
        path
        for path, now in there.items()
        if now == kept.files.get(path) and now not in (None, ours.get(path))
    ]
    known = {path: now for path, now in there.items() if now is not None}
    changed = [path for path, now in known.items() if now not in (kept.files.get(path), ours.get(path))]
    missing = [path for path in ours if path not in known]
    told = [path for path in older if not path.endswith(CONFIG)]
    return Standing(
        root,
        kept.version,
        tuple(sorted(told)) if ours else (),
        tuple(sorted(changed)),
        tuple(sorted(missing)),
        len(told) < len(older) and bool(ours),
    )
