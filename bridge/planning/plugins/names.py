"""The plugins that are here by every spelling of their names: "zam eq 2", "Pro-Q 3" for "FabFilter Pro-Q 3"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from bridge.planning.plugins.products import Products, letters

_SHORTEST = 5
"""Letters of a name from which on it is looked for in other spellings; shorter ones are too like words."""
_FAMILY = re.compile(r"[A-Z][a-z]{2,}(?=[A-Z])")
"""What the names of one maker's plugins often begin with: "Zam" in "ZamEQ2"."""
_NEAR, _NEARER = 0.8, 0.84
"""Likeness of two spellings (Ratcliff and Obershelp, as in difflib) where words announce a name, and elsewhere."""
_MOST_COMPARED = 64
"""Unknown spellings of one request that are held against all names; reading stays linear in its length."""


@dataclass(frozen=True)
class Here:
    """Which plugins a spelling means. exact: it is one of the plugin's own spellings, and no guess."""

    names: tuple[str, ...]
    exact: bool = True


class Index:
    """plugins: (name, what it is called) of each; the two differ where several plugins are called the same."""

    def __init__(
        self,
        plugins: Iterable[tuple[str, str]],
        products: Products,
        plays: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """plays: by the plugin's name, what the effects are called that it plays."""
        self._products = products
        self._exact: dict[str, tuple[str, ...]] = {}
        self._versionless: dict[str, str] = {}
        self._compared = 0
        known = list(plugins)
        for name, called in known:
            self._add(letters(called), name)
        for name, called in known:
            if name != called:
                self._exact[letters(name)] = (name,)
            bare = products.without_maker(letters(called))
            if bare not in self._exact and len(bare) >= _SHORTEST - 1:
                self._exact[bare] = (name,)
            self._versionless.setdefault(bare.rstrip("0123456789"), name)
        self._families: dict[str, str] = {}
        for name, called in known:
            family = _FAMILY.match(called)
            for word in (plays or {}).get(name, ()) if family else ():
                self._families.setdefault(letters(f"{family and family[0]}{word}"), name)

    def _add(self, spelt: str, name: str) -> None:
        if spelt and name not in self._exact.get(spelt, ()):
            self._exact[spelt] = (*self._exact.get(spelt, ()), name)

    def exact(self, spelt: str) -> Here | None:
        """The plugin of exactly these letters, with its maker's name or without."""
        names = self._exact.get(spelt) or self._exact.get(self._products.without_maker(spelt))
        return Here(names) if names else None

    def of_family(self, spelt: str) -> Here | None:
        """ "zam equalizer": the plugin whose name begins so and that plays it."""
        name = None if spelt in self._exact else self._families.get(spelt)
        return Here((name,), exact=False) if name else None

    def version(self, spelt: str) -> Here | None:
        """The plugin of these letters in another version."""
        bare = self._products.without_maker(spelt).rstrip("0123456789")
        name = self._versionless.get(bare) if len(bare) >= _SHORTEST - 1 else None
        return Here((name,), exact=False) if name else None

    def nearest(self, spelt: str, announced: bool) -> Here | None:
        """The plugin whose spelling is most like these letters. announced: the words say that a name follows."""
        if len(spelt) < _SHORTEST or self._compared >= _MOST_COMPARED:
            return None
        self._compared += 1
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(spelt)
        best, found = _NEAR if announced else _NEARER, None
        for known, names in self._exact.items():
            if len(known) < _SHORTEST or (not announced and known[:2] != spelt[:2]):
                continue
            matcher.set_seq1(known)
            if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
                likeness = matcher.ratio()
                if likeness >= best:
                    best, found = likeness, names
        return Here(found, exact=False) if found else None
