"""What stems are called and how loud they stand, from presets/roles.toml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from bridge.errors import BadInput
from bridge.planning.mixing.role import Role
from bridge.presets.data import data_folder, table


@lru_cache(maxsize=4)
def load_roles(file: Path | None = None) -> dict[str, Role]:
    """All roles by name. Raises BadInput that names the file and what is wrong with it."""
    path = file or data_folder() / "roles.toml"
    try:
        return {name: Role.model_validate({"name": name, **data}) for name, data in table(path).items()}
    except (ValidationError, TypeError) as error:
        raise BadInput(f"{path.name}: {error}") from None
