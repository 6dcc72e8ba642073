"""All or nothing on disk: a file is under its final name when it is whole and on the medium, or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import secrets
from pathlib import Path
from typing import Any

from bridge.errors import OutputFailed
from bridge.files.naming import spoken

NameOfFile = str | os.PathLike[str]

PREFIX = ".bridge-"
SUFFIX = ".tmp"

_WHY = {
    errno.ENOSPC: "the disk is full; make room and try again",
    errno.EDQUOT: "the disk quota is used up; make room and try again",
    errno.EFBIG: "the system does not allow a file that large",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.EACCES: "this user may not write there; change the folder's permissions",
    errno.EPERM: "this user may not write there; change the folder's permissions",
    errno.ENOENT: "the folder is not there (any more); create it",
    errno.ENOTDIR: "a part of the path is no folder",
    errno.ELOOP: "a symbolic link lies in its place; remove it",
    errno.EISDIR: "a folder has that name; remove or rename it",
    errno.ENAMETOOLONG: "the name is longer than the disk allows",
    errno.EIO: "the disk reports an error",
}


def output_failed(path: NameOfFile, error: OSError) -> OutputFailed:
    """The error of a failed write in one sentence that names the file."""
    why = _WHY.get(error.errno or 0, error.strerror or str(error))
    return OutputFailed(f"{spoken(path)} could not be written: {why}.")


def temporary(final: NameOfFile) -> Path:
    """A fresh hidden name in the folder of `final`, short whatever its length; `sweep` knows it."""
    return Path(final).parent / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"


def sweep(folder: NameOfFile) -> int:
    """Deletes temporary files that a killed process left in `folder`; returns how many. Others may not be writing."""
    count = 0
    for entry in Path(folder).glob(f"{PREFIX}*{SUFFIX}"):
        with contextlib.suppress(FileNotFoundError):
            entry.unlink()
            count += 1
    return count


def create(path: NameOfFile, name: NameOfFile | None = None) -> int:
    """A descriptor of a new or emptied file, never through a link. name: for messages. Raises OutputFailed."""
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0), 0o666)
    except (OSError, ValueError) as error:
        reason = error if isinstance(error, OSError) else OSError(str(error))
        raise output_failed(path if name is None else name, reason) from error


def sync_folder(folder: NameOfFile) -> None:
    """Makes renames and new names in `folder` durable. Windows has no such call; NTFS journals names by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # network shares that cannot
            raise
    finally:
        os.close(descriptor)


def replace(temporary_path: NameOfFile, final: NameOfFile) -> None:
    """Renames a whole file to its final name in the same folder, durably: sync, rename, sync of the folder.

    Raises OutputFailed; then the final name is as it was before.
    """
    try:
        _sync(temporary_path)
        os.replace(temporary_path, final)  # noqa: PTH105
        sync_folder(Path(final).parent)
    except OSError as error:
        raise output_failed(final, error) from error


def place(temporary_path: NameOfFile, final: NameOfFile) -> bool:
    """Like `replace`, but never in the place of what has that name already; False then, and nothing has changed.

    Where the disk knows no hard links (FAT, some shares), a file that comes in the same instant is not noticed.
    """
    try:
        _sync(temporary_path)
        if not _linked(temporary_path, final):
            return False
        sync_folder(Path(final).parent)
    except OSError as error:
        raise output_failed(final, error) from error
    return True


def _linked(temporary_path: NameOfFile, final: NameOfFile) -> bool:
    try:
        os.link(temporary_path, final)
    except FileExistsError:
        return False
    except OSError:
        if os.path.lexists(final):
            return False
        os.replace(temporary_path, final)  # noqa: PTH105
    else:
        discard(temporary_path)
    return True


def _sync(path: NameOfFile) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_bytes(path: NameOfFile, data: bytes) -> None:
    """Replaces the content of `path` atomically and durably. Raises OutputFailed; then nothing has changed."""
    fresh = temporary(path)
    descriptor = create(fresh, path)
    try:
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(fresh, path)  # noqa: PTH105
        sync_folder(Path(path).parent)
    except OSError as error:
        discard(fresh)
        raise output_failed(path, error) from error
    except BaseException:
        discard(fresh)
        raise


def write_text(path: NameOfFile, text: str) -> None:
    """UTF-8; bytes of names that are no UTF-8 as backslash escapes."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_json(path: NameOfFile, data: Any) -> None:
    """One JSON document, UTF-8, indented. Numbers that are not finite become null; JSON has no word for them.

    A lone surrogate (a name that is no UTF-8) is written as its JSON escape and reads back the same.
    """
    write_text(path, json.dumps(_finite(data), ensure_ascii=False, allow_nan=False, indent=2) + "\n")


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    return data


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def discard(path: NameOfFile) -> None:
    """Deletes a file that was given up; never fails."""
    with contextlib.suppress(OSError):
        Path(path).unlink()
