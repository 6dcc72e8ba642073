"""Plugins that a wish names and that nobody has tried yet: tried before the plan is made, and said while it lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bridge.cli.terminal import note, progress_bar

if TYPE_CHECKING:
    from bridge.config import Settings

_TICK_S = 0.5
_LINE_S = 10
"""Where there is no terminal, a line that often says that it goes on."""

wait_option = click.option(
    "--wait",
    is_flag=True,
    help="Wait for plugins that take more than 30 s to load; plans go on without them else.",
)


def try_named(words: str, effective: Settings, wait: bool, quiet: bool) -> None:
    """Scans the plugins that the words name, if nobody has. What still loads after the quick scan's bound is left out
    of the plan, which is said here and in the plan's warnings."""
    from bridge.bootstrap.ports import catalogue, unscanned
    from bridge.hosting.scan import BRISK, THOROUGH, scan

    known = catalogue(effective)
    bundles = unscanned(words, known, unfinished=wait)
    if not bundles:
        return
    names = ", ".join(bundle.stem for bundle in bundles)
    most_s = (THOROUGH if wait else BRISK).busy_s
    note(f"{names}: not used before, so it is tried first; that takes up to {most_s:g} s")
    with _waiting(names, most_s, quiet):
        found = list(scan(known, bundles, wait=wait))
    for record in found:
        if record.unfinished:
            note(
                f"{record.name}: still loading after {most_s:g} s, so the plan goes on without it; "
                "`--wait` waits for it, `dawbridge plugins scan --wait` finishes it"
            )


@contextmanager
def _waiting(names: str, most_s: float, quiet: bool) -> Iterator[None]:
    """Shows how long it takes already, and how long it may."""
    over = threading.Event()
    with progress_bar(names, quiet) as report:
        start = time.monotonic()

        def tell() -> None:
            while not over.wait(_TICK_S):
                passed = time.monotonic() - start
                line_s = int(passed) // _LINE_S * _LINE_S
                if line_s:
                    report(min(1.0, passed / most_s), f"loading for {line_s} s, of {most_s:g} s at most")

        thread = threading.Thread(target=tell, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
