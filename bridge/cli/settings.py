"""The effective settings of a command: config.toml, environment, and this command's own options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.terminal import note

if TYPE_CHECKING:
    from bridge.config import Loaded, Settings


def loaded(**overrides: Any) -> Loaded:
    """Settings with their sources; an override of None was not given. Raises BadSetting."""
    from bridge.config import load

    context = click.get_current_context(silent=True)
    file = context.find_root().obj if context else None
    return load(overrides, file=file if isinstance(file, Path) else None)


def settings(**overrides: Any) -> Settings:
    """As `loaded`, the settings alone; misspelt variables are told on standard error."""
    found = loaded(**overrides)
    for warning in found.warnings:
        note(f"warning: {warning}")
    return found.settings
