"""Admission: which paths from outside may be opened at all, and the race-free opening of them."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BadInput
from bridge.files.verdict import refusal

if TYPE_CHECKING:
    from bridge.config import Settings

NameOfFile = str | os.PathLike[str]

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_WALKS = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Roots:
    """The folders that paths from outside must lie in.

    A path is admitted when it names a regular file below a root and no link lies between the root and the file.
    Roots themselves may be reached through links (a user's home often is); they are resolved once, here.
    """

    def __init__(self, folders: Iterable[NameOfFile]) -> None:
        names = [os.path.abspath(folder) for folder in folders]  # noqa: PTH100 - pathlib folds no ".." by text
        self._spellings = [(name, os.path.realpath(name)) for name in names]

    @property
    def folders(self) -> tuple[Path, ...]:
        return tuple(Path(real) for _, real in self._spellings)

    def admit(self, path: NameOfFile) -> Path:
        """The path below the resolved root.

        Raises PathRefused with the verdict `outside`, `link`, `special_file` or `missing`.
        """
        root, inner = self.locate(path)
        seen = root
        for part in inner.parts:
            seen = seen / part
            try:
                mode = seen.lstat().st_mode
            except OSError as error:
                raise _refused(path, error) from error
            _refuse_link(path, mode)
        _refuse_special(path, mode)
        return seen

    def locate(self, path: NameOfFile) -> tuple[Path, Path]:
        """(resolved root, path below it), by name alone. Raises PathRefused `outside`.

        `..` is folded by text before anything is looked up, so that it cannot lead through a link.
        """
        text = os.fspath(path)
        if not text or "\0" in text:
            raise refusal(text.replace("\0", " ") or "(no name)", "outside", "is no path; give a full one.")
        name = os.path.abspath(text)  # noqa: PTH100 - as above
        folded = os.path.join(os.path.realpath(os.path.dirname(name)), os.path.basename(name))  # noqa: PTH118,PTH120,PTH119
        for candidate in (name, folded):
            for spelling in self._spellings:
                for root in spelling:
                    inner = _below(candidate, root)
                    if inner is not None:
                        return Path(spelling[1]), inner
        raise refusal(
            path,
            "outside",
            f"lies outside the allowed folders; move it into one of them{self._one()} or add its folder to the setting "
            "`roots`.",
        )

    def _one(self) -> str:
        return f" ({self._spellings[0][0]})" if self._spellings else ""

    def open(self, path: NameOfFile) -> int:
        """A descriptor of the admitted file, opened folder by folder so that no link can slip in meanwhile.

        Raises PathRefused or FileRefused `unreadable`. Where the system cannot open relative to a folder
        (Windows), the path is checked by `admit` and opened by name.
        """
        if not _WALKS:
            return open_regular(self.admit(path))
        root, inner = self.locate(path)
        try:
            with contextlib.ExitStack() as stack:
                folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                stack.callback(os.close, folder)
                for part in inner.parts[:-1]:
                    _refuse_link(path, os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode)
                    folder = os.open(
                        part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder
                    )
                    stack.callback(os.close, folder)
                return _open_last(path, inner.parts[-1], folder)
        except OSError as error:
            raise _refused(path, error) from error


def open_regular(path: NameOfFile) -> int:
    """A descriptor of a regular file, never following a link, never waiting for a pipe's writer.

    The kind is asked of the descriptor and not of the name, so that nothing can be exchanged in between.
    Windows has no O_NOFOLLOW and no O_NONBLOCK: there the name is looked at with lstat first, which leaves
    a moment in which a link could be put in its place; creating links needs a privilege there.
    Raises PathRefused `missing`, `link`, `special_file`, or FileRefused `unreadable`.
    """
    try:
        return _open_last(path, os.fspath(path), None)
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error


def _open_last(path: NameOfFile, name: str, folder: int | None) -> int:
    # Looked at by name first only to say what it is; a device may act when it is merely opened.
    look = os.stat(name, dir_fd=folder, follow_symlinks=False) if folder is not None else os.lstat(name)
    _refuse_link(path, look.st_mode)
    _refuse_special(path, look.st_mode)
    descriptor = os.open(name, _FLAGS, dir_fd=folder) if folder is not None else os.open(name, _FLAGS)
    try:
        _refuse_special(path, os.fstat(descriptor).st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _below(name: str, root: str) -> Path | None:
    """What follows `root` in `name`; None when it is not below it."""
    folded, folded_root = os.path.normcase(name), os.path.normcase(root)
    prefix = folded_root if folded_root.endswith(os.sep) else folded_root + os.sep
    if not folded.startswith(prefix) or len(folded) == len(prefix):
        return None
    return Path(name[len(prefix) :])


def _refuse_link(path: NameOfFile, mode: int) -> None:
    if stat.S_ISLNK(mode):
        raise refusal(
            path,
            "link",
            "is, or lies behind, a symbolic link; links are not followed, put the file itself there.",
        )


def _refuse_special(path: NameOfFile, mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "a special file")
        raise refusal(path, "special_file", f"is {kind}, not a sound file.")


def _refused(path: NameOfFile, error: Exception) -> BadInput:
    number = getattr(error, "errno", None)
    if number in (errno.ENOENT, errno.ENOTDIR):
        return refusal(path, "missing", "is not there (any more); check the path.")
    if number == errno.ELOOP:
        return refusal(path, "link", "is a symbolic link; links are not followed, put the file itself there.")
    if number in (errno.ENXIO, errno.ENODEV):
        return refusal(path, "special_file", "is a special file, not a sound file.")
    if number in (errno.EACCES, errno.EPERM):
        return refusal(path, "unreadable", "may not be read by this user; change its permissions.")
    if number == errno.ENAMETOOLONG:
        return refusal(path, "missing", "has a name that is longer than the system allows.")
    reason = getattr(error, "strerror", None) or str(error)
    return refusal(path, "unreadable", f"cannot be opened: {reason}.")


SOUNDS = Path("mailbox", "sounds")
"""Below the state folder, where scripts in DAWs put what they ask about: who may write there may speak for the user."""


def allowed(settings: Settings) -> Roots:
    """What requests may name: the inbox, the outbox, the mailbox's sounds, and the folders that the user has named."""
    return Roots((settings.inbox, settings.outbox, settings.state / SOUNDS, *settings.roots))
