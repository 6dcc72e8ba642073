"""The user's own plugin maps, each for itself: one that is broken is told with file and line, and the others hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bridge.errors import BadInput
from bridge.files.small import read_small
from bridge.hosting.mapping import PluginMap, map_of

MOST_BYTES = 64 * 1024
_LINE = re.compile(r"\(?at line (\d+)[^)]*\)?")
_PLUGIN = re.compile(r"^\s*plugin\s*=\s*[\"']([^\"'\n]+)", re.MULTILINE)


@dataclass(frozen=True)
class BrokenMap:
    """A map that cannot be used. plugin: whose it seems to be, "" where the file does not say. line: from 1."""

    file: Path
    plugin: str
    line: int | None
    why: str

    def sentence(self) -> str:
        """ "/home/me/.../mine.toml, line 3: ..." """
        where = f", line {self.line}" if self.line else ""
        return f"{self.file}{where}: {self.why}"


def own_maps(own: Path) -> tuple[dict[str, PluginMap], tuple[BrokenMap, ...]]:
    """The user's maps by the plugin's name, and the files that are none. own: the user's presets folder."""
    found: dict[str, PluginMap] = {}
    broken: list[BrokenMap] = []
    for file in sorted((own / "plugins").glob("*.toml")):
        try:
            made = read(file)
        except BadMap as error:
            broken.append(error.broken)
        else:
            found[made.plugin] = made
    return found, tuple(broken)


class BadMap(BadInput):
    """broken: which file, which line, and why."""

    def __init__(self, broken: BrokenMap) -> None:
        super().__init__(f"Plugin map {broken.sentence()}")
        self.broken = broken


def read(file: Path) -> PluginMap:
    """One map. Raises BadMap."""
    text = ""
    try:
        text = read_small(file, MOST_BYTES).decode("utf-8")
        if len(text) > MOST_BYTES:
            raise BadMap(
                BrokenMap(file, "", None, f"is larger than {MOST_BYTES // 1024} KiB, which no map is.")
            )
        return map_of(file.stem, tomllib.loads(text))
    except OSError as error:
        raise BadMap(BrokenMap(file, "", None, f"cannot be read: {error.strerror}.")) from error
    except UnicodeDecodeError as error:
        raise BadMap(BrokenMap(file, "", None, "is no text in UTF-8.")) from error
    except tomllib.TOMLDecodeError as error:
        at = _LINE.search(str(error))
        why = _LINE.sub("", str(error)).strip().rstrip(".") or "is no TOML"
        line = int(at[1]) if at else len(text.splitlines())
        raise BadMap(BrokenMap(file, _speaks_of(text), line, f"{why}.")) from error
    except BadMap:
        raise
    except (RecursionError, ValueError) as error:  # arrays in arrays without end; a number of 10,000 digits
        raise BadMap(
            BrokenMap(file, _speaks_of(text), None, "is no map: nobody can read its TOML.")
        ) from error
    except BadInput as error:
        why = error.message.removeprefix(f"Plugin map {file.stem}.toml: ")
        raise BadMap(BrokenMap(file, _speaks_of(text), _line_of(text, why), why)) from error


def _speaks_of(text: str) -> str:
    match = _PLUGIN.search(text)
    return match[1] if match else ""


def _line_of(text: str, why: str) -> int | None:
    """The first line with the key or value that the sentence names: "parameters.ratio.factor: ..." or "'treshold'"."""
    names = [*re.findall(r"'([^']+)'", why), *reversed(why.split(":")[0].split("."))]
    for name in names:
        for number, line in enumerate(text.splitlines(), 1):
            if name and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", line):
                return number
    return None


def of(broken: Iterable[BrokenMap], plugin: str) -> BrokenMap | None:
    """The broken map that seems to be that plugin's: by what it says, or by its file's name."""
    wanted = plugin.lower()
    return next((item for item in broken if wanted in (item.plugin.lower(), item.file.stem.lower())), None)
