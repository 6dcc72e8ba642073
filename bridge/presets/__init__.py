"""Presets: data files read into values, each checked when it is loaded."""

from __future__ import annotations

from bridge.presets.chains import load_chains
from bridge.presets.data import data_folder
from bridge.presets.lexicons import languages, load_lexicon, load_tongues
from bridge.presets.products import load_products
from bridge.presets.roles import load_roles
from bridge.presets.targets import load_targets

__all__ = [
    "data_folder",
    "languages",
    "load_chains",
    "load_lexicon",
    "load_products",
    "load_roles",
    "load_targets",
    "load_tongues",
]
