"""Words that begin with a minus: "-16 LUFS" is a wish, not an option."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

_NUMBER = re.compile(r"-\.?\d")


class CommandWithWords(click.Command):
    """A command that takes a wish; its callback finds the wish in `words`, as it was typed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, list(self._shielded(args)))
        if isinstance(ctx.params.get("words"), str):
            ctx.params["words"] = ctx.params["words"].strip()
        return rest

    def _shielded(self, args: list[str]) -> Iterator[str]:
        """A blank before a negative number keeps click from reading it as a bundle of one-letter options."""
        takes_value = {flag for option in self.params if _has_value(option) for flag in option.opts}
        before = ""
        for arg in args:
            yield f" {arg}" if _NUMBER.match(arg) and before not in takes_value else arg
            before = arg


def _has_value(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.is_flag
