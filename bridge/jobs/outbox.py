"""The outbox: one folder a job; the sound under its final name, result.json last, nothing half-written visible."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from bridge.errors import OutputFailed
from bridge.files import atomic, spoken
from bridge.jobs.result import RESULT_NAME


class Outbox:
    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, job: str) -> Path:
        return self.root / job

    def result_path(self, job: str) -> Path:
        return self.folder(job) / RESULT_NAME

    def prepare(self) -> None:
        """Raises OutputFailed where the outbox cannot be made."""
        _make(self.root)

    def temporary(self, job: str, name: str) -> Path:
        """Where a run writes: a fresh hidden name in the job's folder, which is made."""
        folder = self.folder(job)
        _make(folder)
        return atomic.temporary(folder / name)

    def withdraw_result(self, job: str) -> None:
        """A job that runs again has no result for the time being."""
        path = self.result_path(job)
        try:
            if path.is_file():
                path.unlink()
        except OSError as error:
            raise OutputFailed(f"The old result of job {job} cannot be removed: {error.strerror}.") from error

    def publish(self, job: str, temporary: Path, name: str) -> None:
        """The verified file under its final name. Raises OutputFailed."""
        atomic.replace(temporary, self.folder(job) / name)

    def holds(self, job: str, name: str, sha256: str) -> bool:
        """True where the final name already holds exactly this content."""
        return _has_content(self.folder(job) / name, sha256)

    def complete(self, temporary: Path, sha256: str) -> bool:
        """True where the temporary file is still there, whole."""
        return _has_content(temporary, sha256)

    def write_result(self, job: str, result: dict[str, Any]) -> None:
        """Removes what lost runs left, then writes result.json. Raises OutputFailed."""
        _make(self.folder(job))
        self.sweep(job)
        atomic.write_json(self.result_path(job), result)

    def sweep(self, job: str) -> None:
        """Removes temporary files of lost runs. Only where no run of the job is at work."""
        folder = self.folder(job)
        if folder.is_dir():
            try:
                atomic.sweep(folder)
            except OSError as error:
                raise OutputFailed(f"{spoken(folder)} cannot be cleaned: {error.strerror}.") from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise OutputFailed(f"The folder {folder} cannot be made: {why}.") from error


def _has_content(path: Path, sha256: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False
