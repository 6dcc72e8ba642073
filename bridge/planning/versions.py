"""Versions of one plugin: makers ship a mono and a stereo one under names that differ at the end only."""

from __future__ import annotations

import re

_VERSION = re.compile(r"[\s_-]*(?:x2|stereo|mono)$")


def same_plugin(one: str, two: str) -> bool:
    """Whether two names are of one plugin: equal, but for X2, Stereo or Mono at the end, in any case.

    ZamComp and ZamCompX2 are; Valhalla and ValhallaRoom are two.
    """
    return _common(one) == _common(two)


def _common(name: str) -> str:
    whole = name.strip().lower()
    return _VERSION.sub("", whole) or whole
