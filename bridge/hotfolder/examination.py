"""One settled file, examined: is it whole, and what is wished? Reads files, so never on the watcher's thread."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bridge.errors import BadInput, BadRequest
from bridge.files.folder import stems_in
from bridge.files.inspection import Completeness, inspect
from bridge.files.naming import spoken
from bridge.files.roots import Roots
from bridge.hotfolder import sidecar
from bridge.hotfolder.candidate import SIDECARS, reason_against_name, taken_whole
from bridge.hotfolder.scan import Mark, stamp_of
from bridge.hotfolder.wish import Wish

log = logging.getLogger("bridge.hotfolder")


@dataclass(frozen=True)
class Drop:
    """A file that is ready for the ledger. refused: why it cannot be used; its result.json will say so.

    ids: of the clients that want to hear of it. stems: where `path` is a folder that is taken as
    a whole, its files by name.
    """

    path: str
    mark: Mark
    wish: Wish
    ids: tuple[str, ...] = ()
    refused: str | None = None
    stems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What the examination of one file gave."""

    path: str
    mark: Mark
    completeness: Completeness
    wish: Wish
    refused: str | None
    stems: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_grow(self) -> bool:
        return self.completeness.may_grow

    def drop(self, ids: tuple[str, ...] = ()) -> Drop:
        own = (self.wish.id,) if self.wish.id else ()
        return Drop(
            self.path, self.mark, self.wish, tuple(dict.fromkeys(own + ids)), self.refused, self.stems
        )


@dataclass(frozen=True)
class Examiner:
    """inbox: resolved. roots: the folders that sidecars may name files in. presets: wishes by folder name."""

    inbox: Path
    roots: Roots
    presets: Mapping[str, Wish] = field(default_factory=dict)

    @cached_property
    def _here(self) -> Roots:
        return Roots([self.inbox])

    def examine(self, path: str, mark: Mark) -> Finding | None:
        """None where the file or its sidecar has gone since it was seen: the next scan will tell."""
        stems = _stems_of(path)
        try:
            completeness = self._completeness([*stems.values()] or [path])
        except Exception:  # a file that breaks the decoder must not stop the others
            log.exception("examination failed", extra={"facts": {"path": path}})
            completeness = Completeness("damaged", f"{spoken(path)} could not be read; export it again.")
        if completeness.state == "missing":
            return None
        refused = None if completeness.complete else completeness.sentence
        try:
            wish = self._wish(path, mark)
        except BadInput as error:
            if mark.sidecar and not os.path.lexists(Path(path).with_name(mark.sidecar)):
                return None
            wish, refused = Wish(), refused or error.message
        return Finding(path, mark, completeness, wish, refused, stems)

    def _completeness(self, paths: Sequence[str]) -> Completeness:
        """Of the file, or of the first stem that is not whole."""
        found = Completeness("missing", "")
        for path in paths:
            found = inspect(path, self._here)
            if not found.complete:
                break
        return found

    def announced(self, path: str, size: int) -> tuple[str, Mark]:
        """The file that a DAW script says is complete, as it lies there now.

        Raises PathRefused (missing, outside the inbox), BadRequest (not an audio name, another size).
        """
        file = self._here.admit(path)
        reason = _reason_against(file.relative_to(self.inbox))
        if reason is not None:
            raise BadRequest(f"{spoken(file)} is not taken from the inbox: {reason}.")
        stamp = stamp_of(file.lstat())
        if stamp.size != size:
            raise BadRequest(
                f"{spoken(file)} has {stamp.size} bytes, not {size}; announce it when it is complete."
            )
        for ending in SIDECARS:
            note = file.with_name(file.name + ending)
            if note.is_file() and not note.is_symlink():
                return str(file), Mark(stamp, note.name, stamp_of(note.lstat()))
        return str(file), Mark(stamp)

    def _wish(self, path: str, mark: Mark) -> Wish:
        """The sidecar's, else that of the nearest folder that is named after a preset, else the default."""
        if mark.sidecar is not None:
            return sidecar.read(Path(path).with_name(mark.sidecar), self.roots)
        for folder in Path(path).relative_to(self.inbox).parents:
            wish = self.presets.get(_as_preset(folder.name))
            if wish is not None:
                return wish
        return Wish()


def _as_preset(folder: str) -> str:
    """ "Lead Vocal" is the folder of the preset lead_vocal."""
    return folder.strip().lower().replace(" ", "_").replace("-", "_")


def _stems_of(path: str) -> dict[str, str]:
    """The files of a folder of stems or songs; none for a file, and for a folder that has gone."""
    if taken_whole(Path(path).name) is None:
        return {}
    try:
        return {name: str(file) for name, file in stems_in(path).items()}
    except OSError:
        return {}


def _reason_against(inner: Path) -> str | None:
    if any(taken_whole(part) for part in inner.parts[:-1]):
        return "it is part of a folder, which is taken as a whole once it is quiet"
    if any(part.startswith(".") for part in inner.parts[:-1]):
        return "it lies in a hidden folder"
    return reason_against_name(inner.name)
