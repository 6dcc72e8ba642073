"""Plugins for tests: our own faulty one, built once a session, and Debian's."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

from tests.real import must_have

SOURCE = Path(__file__).parent / "faulty" / "faulty.c"
ZAM = Path("/usr/lib/vst3")
FLAGS = ["-O2", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-Wno-cast-function-type"]


def build(folder: Path) -> Path:
    """The faulty plugin's library, compiled into `folder`."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    must_have("a C compiler on Linux (for the faulty VST3)", bool(compiler) and platform.system() == "Linux")
    library = folder / "faulty.so"
    command = [str(compiler), *FLAGS, "-shared", "-fPIC", "-fvisibility=hidden", "-o", library, SOURCE, "-lm"]
    subprocess.run(command, check=True, timeout=60)
    return library


def bundle(library: Path, folder: Path, name: str, **behaviour: object) -> Path:
    """A bundle NAME.vst3 in `folder` whose plugin is called NAME and behaves as told; see faulty.c for the words."""
    top = folder / f"{name}.vst3"
    binary = top / "Contents" / f"{platform.machine()}-linux" / f"{name}.so"
    resources = top / "Contents" / "Resources"
    binary.parent.mkdir(parents=True)
    resources.mkdir()
    shutil.copy(library, binary)
    lines = {"name": name, **behaviour}
    (resources / "behaviour.txt").write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
    return top


def zam(name: str) -> Path:
    """A plugin of Debian's zam-plugins."""
    path = ZAM / f"{name}.vst3"
    must_have(f"{name} (Debian package zam-plugins)", path.is_dir())
    return path
