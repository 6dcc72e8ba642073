"""The catalogue: what is known of every plugin on this machine, kept between runs, and how a plan's name is found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bridge.errors import PluginFailed
from bridge.files.atomic import write_bytes
from bridge.files.lock import locked
from bridge.hosting.folders import Stamp, admitted, bundles, plugin_folders, stamp
from bridge.hosting.parameters import nearest
from bridge.hosting.record import PluginRecord
from bridge.hosting.strikes import STRIKING, Strikes

SCHEMA = 3

_BUILT_IN = {
    "compressor": ("comp", "press", "glue", "dynamic", "multicomp", "opto", "vca"),
    "gate": ("gate", "expander"),
    "limiter": ("limit", "maxim", "clip", "ceiling"),
    "equalizer": ("eq", "equal", "shelf", "tilt"),
    "reverb": ("verb", "room", "hall", "plate"),
    "delay": ("delay", "echo", "tape"),
    "saturation": ("sat", "tube", "dist", "drive", "warm", "head", "amp", "phono", "excit"),
    "stereo_width": ("width", "stereo", "imag", "spread"),
    "gain": ("gain", "trim", "volume"),
}
"""What plugin makers call things. Longer words win: "ZamMultiComp" is a compressor, "ZamGEQ31" an equaliser."""


def nearest_built_in(name: str, category: str = "") -> str | None:
    """The built-in effect that comes nearest to a well-known product, or to what a plugin's name and category speak
    of; None where none does."""
    from bridge.presets.products import load_products

    product = load_products().effect(name)
    if product:
        return product
    for text in (name.lower(), category.lower()):
        hits = [(len(word), effect) for effect, words in _BUILT_IN.items() for word in words if word in text]
        if hits:
            return max(hits)[1]
    return None


class Catalogue:
    """folder: in the state folder. further: the user's plugin folders besides the system's."""

    def __init__(self, folder: Path, further: Iterable[Path] = ()) -> None:
        self._path = folder / "plugins.json"
        self.folders = plugin_folders(further)
        self.strikes = Strikes(folder / "strikes.jsonl")
        self.dead_men = folder / "scanning"
        self.marks = folder / "playing"
        self._entries: dict[str, dict[str, Any]] = {}
        self._read: Version = None

    def bundles(self) -> list[Path]:
        return bundles(self.folders)

    def known(self, bundle: Path) -> PluginRecord | None:
        """The record of a bundle as it is now; None where it has changed since, was never scanned, or failed its scan
        and was forgiven."""
        entry = self._load().get(str(bundle))
        if entry is None or entry["key"] != _key(stamp(bundle)):
            return None
        record = PluginRecord.from_json(entry["record"])
        return record if record.status not in STRIKING or self.strikes.of(bundle) else None

    def records(self) -> list[PluginRecord]:
        """The known records of all bundles that are there."""
        found = (self.known(bundle) for bundle in self.bundles())
        return [record for record in found if record is not None]

    def deep_scanned(self) -> tuple[int, int]:
        """How many of the bundles that are there need no further pass, and how many there are."""
        there = self.bundles()
        known = (self.known(bundle) for bundle in there)
        return sum(record is not None and record.wants is None for record in known), len(there)

    def keep(self, records: Iterable[PluginRecord], stamps: Mapping[str, Stamp | None] | None = None) -> None:
        """Adds records and writes the whole file anew, atomically; what another process kept meanwhile stays.

        stamps: of the bundles before they were looked into, by file: what has changed since is not known then. Of a
        bundle without one, the record is taken for what lies there now. Raises Unavailable, OutputFailed.
        """
        stamps = stamps or {}
        with locked(self._path.with_suffix(".lock")):
            entries = self._load()
            for record in records:
                file = record.file
                found = stamps[file] if file in stamps else stamp(Path(file))
                entries[file] = {"key": _key(found), "record": record.to_json()}
            data = {"schema": SCHEMA, "entries": entries}
            write_bytes(self._path, json.dumps(data, separators=(",", ":")).encode())

    def _load(self) -> dict[str, dict[str, Any]]:
        """Read again where another process has written since."""
        now = _version(self._path)
        if now is None or now != self._read:
            self._entries, self._read = _entries(self._path), now
        return self._entries

    def find(self, name: str, file: str | None = None) -> Path:
        """The bundle that a plan means: by its file, else by the name of the plugin or of the bundle.

        Raises PathRefused for a file outside of the plugin folders, PluginFailed (`missing`) with what comes nearest.
        """
        if file:
            bundle = admitted(file, self.folders)
            if bundle.exists():
                return bundle
        there = self.bundles()
        by_name = {bundle.stem: bundle for bundle in reversed(there)}
        for bundle in reversed(there):
            entry = self._load().get(str(bundle))
            if entry is not None:
                by_name[str(entry["record"]["name"])] = bundle
        wanted = {known.lower(): bundle for known, bundle in by_name.items()}.get(name.strip().lower())
        if wanted is None:
            raise missing(name, by_name)
        return wanted


def missing(name: str, there: Iterable[str]) -> PluginFailed:
    """ "Not on this machine", with the nearest plugins and the nearest built-in effect."""
    effect = nearest_built_in(name)
    near = nearest(name, sorted(there))
    instead = f"; the built-in effect {effect} comes nearest" if effect else ""
    some = near.removesuffix(", ...")
    plugins = (
        f"; plugins that are here: {some}{' and others' if some != near else ''}" if near != "none" else ""
    )
    return PluginFailed(f"Plugin {name} is not on this machine{instead}{plugins}.", name, "missing")


def _key(found: Stamp | None) -> list[Any]:
    return [*(found or (0, 0, 0)), _pedalboard()]


Version = tuple[int, int, int] | None


def _version(path: Path) -> Version:
    """Changes with every writing, which puts a new file in its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    """An unreadable or older file is no loss: the next scan writes it anew."""
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        return {}
    entries: dict[str, dict[str, Any]] = data["entries"]
    return entries


@cache
def _pedalboard() -> str:
    return version("pedalboard")
