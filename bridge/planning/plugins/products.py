"""Products: plugins that the world knows by name, installed here or not. Data lives in presets/products."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pydantic import Field

from bridge.planning.value import Value


class Vendor(Value):
    """A maker. also: what else it is called. products: name without version -> our effect that comes nearest, ""
    where none does."""

    name: str
    also: tuple[str, ...] = ()
    products: dict[str, str] = Field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


class Products(Value):
    """All makers with their products. ordinary: names of both that are words as well."""

    vendors: tuple[Vendor, ...] = ()
    ordinary: tuple[str, ...] = ()

    @cached_property
    def spelt(self) -> Mapping[str, tuple[str, str]]:
        """(product's name, effect) by its letters, with its maker's name before it and without; without version."""
        found: dict[str, tuple[str, str]] = {}
        for vendor in self.vendors:
            for product, effect in vendor.products.items():
                found.setdefault(letters(product), (product, effect))
                for maker in vendor.names:
                    found[letters(maker + product)] = (product, effect)
        return found

    @cached_property
    def makers(self) -> Mapping[str, str]:
        """The maker's name by its letters, in every spelling."""
        return {letters(name): vendor.name for vendor in self.vendors for name in vendor.names}

    @cached_property
    def words(self) -> frozenset[str]:
        """The ordinary names by their letters."""
        return frozenset(letters(name) for name in self.ordinary)

    def effect(self, name: str) -> str:
        """Our effect that comes nearest to a product, whatever its version; "" where it is unknown or none does."""
        whole = letters(name)
        known = self.spelt.get(whole) or self.spelt.get(whole.rstrip("0123456789"))
        if known is None:
            starts = [key for key in self.spelt if len(key) > _SHORT and whole.startswith(key)]
            known = self.spelt[max(starts, key=len)] if starts else None
        return known[1] if known else ""

    def without_maker(self, spelt: str) -> str:
        """Letters of a name without those of its maker in front."""
        makers = [maker for maker in self.makers if spelt.startswith(maker) and len(spelt) > len(maker) + 1]
        return spelt[len(max(makers, key=len)) :] if makers else spelt


_SHORT = 4
"""Letters up to which a product's name says too little to begin another one."""


def letters(text: str) -> str:
    """A name as it is compared: its letters and digits, in lower case."""
    return "".join(char for char in text.casefold() if char.isalnum())
