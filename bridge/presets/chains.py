"""Chain presets: wishes by name, from presets/chains."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bridge.errors import BadInput
from bridge.planning.chain import Chain
from bridge.presets.data import tables


@lru_cache(maxsize=8)
def load_chains(folder: Path | None = None) -> dict[str, Chain]:
    """All chains by name. Raises BadInput naming the file and what is wrong with it."""
    return {name: _chain(name, data) for name, data in tables("chains", folder).items()}


def _chain(name: str, data: dict[str, Any]) -> Chain:
    try:
        return Chain.model_validate({"name": name, **data})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"Chain {name}: {place}: {first['msg']}.") from None
