"""The language model, where one is configured."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from bridge.cli.health.symptom import Symptom

PATIENCE_S = 2.0
OPENAI = "https://api.openai.com/v1"
"""Where a key without an address goes."""


def look() -> Iterator[Symptom]:
    from bridge.cli.settings import loaded
    from bridge.config.load import shown

    settings = loaded().settings
    url = settings.model_base_url or (OPENAI if settings.model_api_key else None)
    if url is None:
        yield Symptom(
            "model", "ok", "none configured: the offline planner reads the words (setting model_base_url)"
        )
        return
    address = shown(url)
    if settings.model_name is None:
        yield Symptom(
            "model", "warn", f"{address} has no model_name", "set model_name to a model of that server"
        )
    error = _unreachable(url)
    if error:
        mend = "start that server or correct model_base_url; until then the offline planner reads the words"
        yield Symptom("model", "warn", f"{address} does not answer: {error}", mend)
    else:
        key = "with a key" if settings.model_api_key else "without a key"
        yield Symptom("model", "ok", f"{address} answers (model {settings.model_name}, {key})")


def _unreachable(url: str) -> str | None:
    """Why no connection can be made, or None. Nothing is sent, so the key is not either."""
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname or "", port), timeout=PATIENCE_S):
            return None
    except (OSError, ValueError) as error:
        return str(error)
