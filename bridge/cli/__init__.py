"""The command line: one file a command, each loaded when it is called."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Entry point of `dawbridge`."""
    import sys

    from bridge.cli.app import run

    sys.exit(run(sys.argv[1:]))
