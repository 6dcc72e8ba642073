"""The Python that runs us."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator

from bridge.cli.health.symptom import Symptom

NEEDED = (3, 11)


def look() -> Iterator[Symptom]:
    found = f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})"
    if sys.version_info >= NEEDED:
        yield Symptom("python", "ok", found)
    else:
        yield Symptom("python", "fail", found, "install Python 3.11 or newer")
