"""Reference pages from the registries; `cog` puts them into the pages beside this file (`make docs`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import click

HELP_WIDTH = 100


def effects() -> str:
    """A list of all effects by their stage, and one section an effect."""
    from bridge.cli.effects import described
    from bridge.effects import EFFECTS

    return "\n".join([_contents(), *(_effect(described(effect)) for effect in EFFECTS)])


def _contents() -> str:
    """Stages in their order, each with its effects."""
    from bridge.effects import EFFECTS
    from bridge.effects.effect import STAGES

    rows = []
    for stage in STAGES:
        here = [effect for effect in EFFECTS if effect.stage == stage]
        links = (f"[{effect.title}](#{_anchor(effect.title)})" for effect in here)
        rows.append((stage, ", ".join(links)))
    return _table(("stage", "effects, in the order of a chain"), rows)


def _anchor(title: str) -> str:
    """As GitHub makes it of a heading."""
    return "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char == "-")


def _effect(effect: dict[str, Any]) -> str:
    from bridge.cli.effects import default, facts, span
    from bridge.effects import BY_NAME

    rows = [
        (f"`{item['name']}`", span(item), default(item), item["sentence"]) for item in effect["parameters"]
    ]
    words = ", ".join(f"*{word}*" for word in effect["words"])
    parts = [
        f"## {effect['title']}",
        f"`{effect['name']}`: {effect['sentence']}",
        f"People say: {words}. Try: `{effect['example']}`",
        f"In a chain: {', '.join(facts(BY_NAME[effect['name']]))}.",
        f"By itself: {effect['judges']}",
    ]
    table = (
        _table(("parameter", "span (usual)", "default", "is"), rows) if rows else "It has no parameters.\n"
    )
    return "\n\n".join(parts) + "\n\n" + table


def metrics() -> str:
    """One table of all metrics."""
    from bridge.analysis.metrics import METRICS

    rows = [(f"`{m.name}`", m.unit, m.sentence, m.source) for m in METRICS]
    return _table(("metric", "unit", "tells", "measured by"), rows)


def settings() -> str:
    """One table of all settings."""
    from bridge.config.setting import meaning_of
    from bridge.config.settings import Settings

    rows = []
    for name, info in Settings.model_fields.items():
        meaning = meaning_of(info)
        default = meaning.default_text or (
            ", ".join(info.default) if isinstance(info.default, tuple) else info.default
        )
        span = f"{meaning.span} {meaning.unit}".strip()
        rows.append((f"`{name}`", f"`BRIDGE_{name.upper()}`", str(default) or "none", span, meaning.sentence))
    return _table(("setting", "environment", "default", "span", "is"), rows)


def targets() -> str:
    """One section a target, platforms first: what it expects, each number with its source and date."""
    from bridge.cli.targets import spans
    from bridge.presets import load_targets

    found = load_targets().values()
    parts = []
    for kind, title in (("platform", "Platforms"), ("genre", "Genres")):
        parts.append(f"## {title}\n")
        for target in (each for each in found if each.kind == kind):
            rows = [(name.replace("_", " "), *said) for name, *said in spans(target)]
            also = f" Also called: {', '.join(target.words)}." if target.words else ""
            note = f"\n{target.note}\n" if target.note else ""
            parts.append(f"### {target.title}\n\n`--target {target.name}`.{also}\n{note}")
            parts.append(_table(("of", "is expected", "source", "date"), rows))
    return "\n".join(parts)


def presets() -> str:
    """One table of all chain presets."""
    from bridge.presets import load_chains

    rows = []
    for chain in load_chains().values():
        wishes = ", ".join(intent.words for intent in chain.intents)
        words = ", ".join(f"*{word}*" for word in chain.words)
        rows.append((f"`{chain.name}`", chain.title, words, wishes, chain.explains))
    return _table(("folder", "is", "people say", "asks for", "gives"), rows)


def commands() -> str:
    """The help of every command and its subcommands."""
    from bridge.cli.app import COMMANDS, group, module_of

    pages = [_help(group, "dawbridge")]
    for name in COMMANDS:
        command: click.Command = import_module(module_of(name)).command
        pages.append(f"## {name}\n\n{_help(command, f'dawbridge {name}')}")
        if isinstance(command, click.Group):
            pages += [_help(sub, f"dawbridge {name} {key}") for key, sub in command.commands.items()]
    return "\n".join(pages)


def _help(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path, terminal_width=HELP_WIDTH, max_content_width=HELP_WIDTH)
    return f"```text\n{command.get_help(context)}\n```\n"


def osc() -> str:
    """The book of OSC messages: what clients send, what the daemon answers."""
    from bridge.osc.messages import REPLIES, REQUESTS

    sent, answered = "\n".join(_messages(REQUESTS)), "\n".join(_messages(REPLIES))
    return f"## What clients send\n\n{sent}\n## What the daemon answers\n\n{answered}"


def _messages(kinds: Sequence[Any]) -> Iterator[str]:
    from bridge.osc.messages import arguments

    for kind in kinds:
        rows = [
            (f"`{a.tag}`", f"`{a.name}`{' (may be left out)' if a.optional else ''}", a.sentence)
            for a in arguments(kind)
        ]
        sentence = " ".join((kind.__doc__ or "").split())
        yield f"### `{kind.address()}`\n\n{sentence}\n\n{_table(('type', 'argument', 'is'), rows)}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def rooms() -> str:
    """The rows of the import contract, top to bottom, each room with the first line of its docstring."""
    import tomllib
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    rows = []
    for layer in layers:
        names = [name.strip() for name in layer.split("|")]
        rows.append((", ".join(f"`{name}`" for name in names), "<br>".join(_about(name) for name in names)))
    return _table(("rooms", "what they are about"), rows)


def _about(room: str) -> str:
    """The first sentence of the room's docstring."""
    paragraph = " ".join((import_module(f"bridge.{room}").__doc__ or "").partition("\n\n")[0].split())
    return f"{paragraph.partition('. ')[0].removesuffix('.')}."
