"""`dawbridge config`: what holds, and who said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bridge.cli.settings import loaded
from bridge.cli.terminal import emit, json_option, note, say, table

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command("config")
@click.option("--example", is_flag=True, help="Print a config.toml with every setting commented out.")
@json_option
def command(example: bool, as_json: bool) -> None:
    """The effective settings and where each comes from; secrets are masked.

    config.toml < .env < environment BRIDGE_* < command line.
    """
    if example:
        say("\n".join(example_lines()))
        return
    found = loaded()
    if as_json:
        emit({"file": str(found.file), "settings": found.to_json(), "warnings": list(found.warnings)})
        return
    say(f"{found.file}{'' if found.file.exists() else ' (not there; every setting has a default)'}\n")
    table(
        ("setting", "value", "from"),
        [(name, _value(item), item["source"]) for name, item in found.to_json().items()],
    )
    for warning in found.warnings:
        note(f"warning: {warning}")


def _value(item: dict[str, Any]) -> str:
    value = item["value"]
    if value is None or value == []:
        return "none"
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{text} {item['unit']}".strip()


def example_lines() -> Iterator[str]:
    """config.toml as it would stand with nothing changed."""
    import json

    from pydantic_core import PydanticUndefined

    from bridge.config.setting import meaning_of
    from bridge.config.settings import Settings

    for name, info in Settings.model_fields.items():
        meaning = meaning_of(info)
        unit = f" In {meaning.unit}." if meaning.unit else ""
        span = f" {meaning.span}." if meaning.span else ""
        yield f"# {meaning.sentence}{unit}{span}"
        if meaning.default_text or info.default is PydanticUndefined:
            yield f"# Default: {meaning.default_text}"
            yield f"# {name} ="
        else:
            default = list(info.default) if isinstance(info.default, tuple) else info.default
            yield f"# {name} = {json.dumps(default)}"
        yield ""
