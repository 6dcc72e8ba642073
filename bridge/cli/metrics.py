"""`dawbridge metrics`: what is measured."""

from __future__ import annotations

import click

from bridge.cli.terminal import emit, json_option, table


@click.command("metrics")
@json_option
def command(as_json: bool) -> None:
    """What is measured, in which unit, by which standard."""
    from bridge.analysis.metrics import METRICS

    if as_json:
        keys = ("name", "unit", "source", "sentence")
        emit({"metrics": [{key: getattr(metric, key) for key in keys} for metric in METRICS]})
        return
    table(("metric", "unit", "is", "measured by"), [(m.name, m.unit, m.sentence, m.source) for m in METRICS])
