"""The packages that dawbridge declares, and the native libraries that some of them load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module, metadata

from bridge.cli.health.symptom import Symptom

NATIVE = {
    "soundfile": ("fail", "reading and writing sound files", "pip install --force-reinstall soundfile"),
    "pedalboard": ("fail", "effects and plugins", "pip install --force-reinstall pedalboard"),
    "sounddevice": ("warn", "live input", "install PortAudio (Debian: apt install libportaudio2)"),
}
"""Import name -> how bad its absence is, what it is for, how to mend it."""


def look() -> Iterator[Symptom]:
    yield _declared()
    for module in NATIVE:
        yield _loads(module)


def _declared() -> Symptom:
    try:
        wanted = metadata.requires("dawbridge") or []
    except metadata.PackageNotFoundError:
        return Symptom("packages", "fail", "dawbridge itself is not installed", "pip install dawbridge")
    names = [re.split(r"[^A-Za-z0-9_.-]", item, maxsplit=1)[0] for item in wanted if "extra ==" not in item]
    missing = [name for name in names if not _installed(name)]
    if missing:
        return Symptom(
            "packages", "fail", f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}"
        )
    return Symptom(
        "packages", "ok", f"dawbridge {metadata.version('dawbridge')} and its {len(names)} packages"
    )


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _loads(module: str) -> Symptom:
    status, purpose, mend = NATIVE[module]
    try:
        import_module(module)
    except (ImportError, OSError) as error:
        return Symptom(module, "fail" if status == "fail" else "warn", f"no {purpose}: {error}", mend)
    return Symptom(module, "ok", f"loads ({purpose})")
