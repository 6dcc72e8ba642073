"""`dawbridge metrics`: what is measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bridge.cli.terminal import emit, json_option, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.analysis.metric import Metric


@click.command("metrics")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """What is measured, in which unit, by which standard; with NAME only metrics whose names hold one of these words.

    `dawbridge metrics peak loudness` shows those of peaks and of loudness.
    """
    found = _named(names)
    if as_json:
        keys = ("name", "unit", "source", "sentence")
        emit({"metrics": [{key: getattr(metric, key) for key in keys} for metric in found]})
        return
    table(("metric", "unit", "is", "measured by"), [(m.name, m.unit, m.sentence, m.source) for m in found])


def _named(names: Sequence[str]) -> list[Metric]:
    """In the order of the metrics. Raises BadInput for a word that is in no name."""
    from bridge.analysis.metrics import METRICS

    words = [name.strip().lower().replace(" ", "_").replace("-", "_") for name in names]
    for name, word in zip(names, words, strict=True):
        if not any(word in metric.name for metric in METRICS):
            raise BadInput(
                f"There is no metric with {name!r} in its name; `dawbridge metrics` lists them all."
            )
    return [metric for metric in METRICS if not words or any(word in metric.name for word in words)]
