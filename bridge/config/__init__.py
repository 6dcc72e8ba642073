"""Settings: each one a field with default, unit and sentence; config.toml < .env < environment < command line."""

from __future__ import annotations

from bridge.config.load import Loaded, default_file, load
from bridge.config.settings import Settings

__all__ = ["Loaded", "Settings", "default_file", "load"]
