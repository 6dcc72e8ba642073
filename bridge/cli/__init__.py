"""The command line: one file a command, each loaded when it is called."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Entry point of `dawbridge`. Ctrl-C counts from the first import on."""
    import os
    import sys

    # Small matrix products gain nothing from BLAS threads, which spin: on a busy machine they cost ten times the work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from bridge.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("dawbridge: interrupted.\n")
        code = 130
    sys.exit(code)
