"""What the names of subfolders of the inbox ask for: each chain preset by its own name."""

from __future__ import annotations

from bridge.hotfolder.wish import Wish


def folder_wishes() -> dict[str, Wish]:
    """Wishes by folder name. The words are what people call the preset; the planner knows it by them."""
    from bridge.presets import load_chains

    return {name: Wish(chain.words[0] if chain.words else name) for name, chain in load_chains().items()}
