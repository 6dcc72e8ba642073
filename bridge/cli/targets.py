"""`dawbridge targets`: what platforms and genres expect, and who says so."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.readings import label
from bridge.cli.terminal import emit, json_option, say, table

if TYPE_CHECKING:
    from bridge.analysis.target import Target


_SHORT = {"integrated_loudness": "LUFS", "true_peak": "dBTP"}


@click.command("targets")
@click.argument("name", required=False, metavar="[NAME]")
@json_option
def command(name: str | None, as_json: bool) -> None:
    """What platforms and genres expect of loudness and true peak; with NAME all of one, with the source of each number.

    A name is what --target of analyze, plan and process takes.
    """
    from bridge.bootstrap.planning import named_target
    from bridge.presets import load_targets

    targets = load_targets()
    one = named_target(name, targets)
    shown = (
        [one]
        if one
        else sorted(targets.values(), key=lambda target: (target.kind != "platform", target.name))
    )
    if as_json:
        emit({"targets": [_json(target) for target in shown]})
    elif one:
        _tell(one)
    else:
        rows = [(t.name, t.kind, t.title, *(_expected(t, name) for name in _SHORT)) for t in shown]
        table(("target", "kind", "is", *_SHORT.values()), rows, numbers=(3, 4))
        say("\n`dawbridge targets NAME` shows all that one of them expects, and who says so.")


def _expected(target: Target, metric: str) -> str:
    span = target.expects.get(metric)
    return span.words("").strip() if span else ""


def spans(target: Target) -> list[tuple[str, str, str, str]]:
    """(metric, what is expected in words, source, date), the shape of the spectrum last."""
    from bridge.analysis.metrics import unit_of

    found = [
        (name, span.words(unit_of(name)), span.source, span.date) for name, span in target.expects.items()
    ]
    shape = target.spectrum
    if shape is not None:
        low, high = shape.shape.centre_hz[0], shape.shape.centre_hz[-1]
        words = f"a curve from {low:g} to {high:g} Hz, within {shape.tolerance_db:g} dB a band"
        found.append(("spectrum", words, shape.source, shape.date))
    return found


def _json(target: Target) -> dict[str, Any]:
    expects = {
        name: {"low": span.low, "high": span.high, "aim": span.aim, "source": span.source, "date": span.date}
        for name, span in target.expects.items()
    }
    told: dict[str, Any] = {
        "name": target.name,
        "title": target.title,
        "kind": target.kind,
        "expects": expects,
    }
    shape = target.spectrum
    if shape is not None:
        told["spectrum"] = {
            "centre_hz": list(shape.shape.centre_hz),
            "level_db": list(shape.shape.level_db),
            "tolerance_db": shape.tolerance_db,
            "source": shape.source,
            "date": shape.date,
        }
    if target.playback is not None:
        told["playback"] = asdict(target.playback)
    return {**told, "words": list(target.words), "note": target.note}


def _tell(target: Target) -> None:
    say(f"{target.title} ({target.kind}; --target {target.name})\n")
    table(
        ("metric", "expected", "source", "date"),
        [(label(n), words, *said) for n, words, *said in spans(target)],
    )
    plays = target.playback
    if plays is not None:
        raised = (
            ""
            if plays.raises_to_dbtp is None
            else f", softer sounds up as far as {plays.raises_to_dbtp:g} dBTP"
        )
        say(f"\nTurns louder sounds down to {plays.lufs:g} LUFS{raised} ({plays.source}; {plays.date}).")
    if target.note:
        say(f"\n{target.note}")
