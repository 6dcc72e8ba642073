"""--explain: for whom a plan is put into words."""

from __future__ import annotations

import click

explain_option = click.option(
    "--explain",
    type=click.Choice(["simple", "detailed", "pro"]),
    help="For a musician, with each reason (the default), or with every parameter.",
)
