"""Chain: a preset of wishes by name, parametrised by the analysis because wishes are. Data lives in presets/chains."""

from __future__ import annotations

from bridge.planning.intent import Intent
from bridge.planning.value import Value


class Chain(Value):
    """name: of its file, and of a hot-folder's subfolder. words: what people call it. intents: what it asks for."""

    name: str
    title: str
    words: tuple[str, ...] = ()
    explains: str = ""
    intents: tuple[Intent, ...]
