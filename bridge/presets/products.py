"""Well-known plugins by name, from presets/products."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from bridge.effects import BY_NAME
from bridge.errors import BadInput
from bridge.planning.plugins.products import Products, Vendor
from bridge.presets.data import tables


@lru_cache(maxsize=8)
def load_products(folder: Path | None = None) -> Products:
    """All makers of all files. Raises BadInput naming the file and what is wrong with it."""
    vendors: list[Vendor] = []
    ordinary: list[str] = []
    for name, data in tables("products", folder).items():
        try:
            found = Products.model_validate(data)
            vendors += found.vendors
            ordinary += found.ordinary
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadInput(f"Products {name}: {place}: {first['msg']}.") from None
    unknown = [e for vendor in vendors for e in vendor.products.values() if e and e not in BY_NAME]
    if unknown:
        raise BadInput(f"Products: there is no effect {unknown[0]!r}.")
    return Products(vendors=tuple(vendors), ordinary=tuple(ordinary))
