"""`python -m bridge.daemon`: the daemon with settings from file and environment alone."""

from __future__ import annotations

import sys

from bridge.config import load
from bridge.daemon import serve
from bridge.errors import BridgeError


def main() -> int:
    try:
        return serve(load().settings)
    except BridgeError as error:
        sys.stderr.write(f"dawbridge: {error.message}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
