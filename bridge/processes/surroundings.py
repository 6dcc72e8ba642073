"""What foreign code can change of the process that it runs in, so that what comes after it there suffers for it.

A plugin that lowers a limit, closes the standard streams or uses up the address space has done its own sound no harm;
the next job in that process finds that no file can be opened.
"""

from __future__ import annotations

import locale
import os
import sys
from dataclasses import dataclass
from pathlib import Path

_NEARLY = 0.75
"""Share of a limit that may be used up."""

_PROCESS = Path("/proc/self")


@dataclass(frozen=True)
class Surroundings:
    """As they are now; None and empty where a system does not tell.

    limits: soft and hard, by resource. streams: which file each of 0, 1, 2 is. signals: blocked and ignored ones, as
    masks. scarce: what is nearly used up.
    """

    limits: dict[str, tuple[int, int]]
    streams: tuple[tuple[int, int] | None, ...]
    folder: str | None
    mask: str
    signals: tuple[str, ...]
    numbers: str
    scarce: tuple[str, ...]

    @classmethod
    def now(cls) -> Surroundings:
        status = _status()
        limits = _limits()
        return cls(
            limits=limits,
            streams=tuple(_identity(number) for number in range(3)),
            folder=_folder(),
            mask=status.get("Umask", ""),
            signals=tuple(status.get(name, "") for name in ("SigBlk", "SigIgn")),
            numbers=locale.setlocale(locale.LC_NUMERIC),
            scarce=tuple(_scarce(limits)),
        )

    def changed(self, before: Surroundings) -> str | None:
        """What is otherwise than `before`, in words; None where nothing is."""
        said = {
            "another working folder": self.folder != before.folder,
            "another file creation mask": self.mask != before.mask,
            "other standard streams": self.streams != before.streams,
            "other signals blocked or ignored": self.signals != before.signals,
            "another locale": self.numbers != before.numbers,
        }
        names = [name for name, limit in self.limits.items() if limit != before.limits.get(name)]
        found = [f"another limit ({', '.join(names)})"] if names else []
        found += [what for what, so in said.items() if so]
        found += [what for what in self.scarce if what not in before.scarce]
        return ", ".join(found) or None


def _folder() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:  # it was removed
        return None


def _identity(descriptor: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(descriptor)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _status() -> dict[str, str]:
    """Linux: what the kernel says of this process, by name."""
    try:
        text = (_PROCESS / "status").read_text("ascii", "replace")
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}


def _scarce(limits: dict[str, tuple[int, int]]) -> list[str]:
    """Linux: what of this process's limits is nearly used up."""
    try:
        taken_bytes = int((_PROCESS / "statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        descriptors = sum(1 for _ in (_PROCESS / "fd").iterdir())
    except (OSError, ValueError):
        return []
    used = {
        "hardly any address space left": (taken_bytes, limits.get("RLIMIT_AS")),
        "hardly any descriptors left": (descriptors, limits.get("RLIMIT_NOFILE")),
    }
    return [what for what, (taken, limit) in used.items() if limit and 0 < limit[0] * _NEARLY < taken]


if sys.platform != "win32":
    import resource

    _RESOURCES = {name: getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}

    def _limits() -> dict[str, tuple[int, int]]:
        return {name: resource.getrlimit(number) for name, number in _RESOURCES.items()}

else:

    def _limits() -> dict[str, tuple[int, int]]:
        return {}
