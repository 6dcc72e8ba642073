"""What doctor looks at: one file a part of the machine. Every look works with everything else missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from bridge.cli.health.symptom import Symptom
from bridge.errors import BridgeError

LOOKS = ("python", "packages", "settings", "folders", "network", "plugins", "daws", "model")
"""Modules of this package, in the order in which they are told; each has `look() -> Iterable[Symptom]`."""


def examine() -> Iterator[Symptom]:
    """Everything that was found, one part of the machine after the other."""
    for name in LOOKS:
        look: Callable[[], Iterable[Symptom]] = import_module(f"bridge.cli.health.{name}").look
        yield from _carefully(name, look)


def _carefully(name: str, look: Callable[[], Iterable[Symptom]]) -> Iterator[Symptom]:
    """A look that cannot even be taken is a finding too."""
    try:
        yield from look()
    except ImportError as error:
        missing = error.name or str(error)
        yield Symptom(
            name, "fail", f"cannot be looked at without the package {missing}", "pip install dawbridge"
        )
    except BridgeError as error:
        yield Symptom(name, "fail", error.message, "see the message")
    except OSError as error:
        yield Symptom(name, "fail", str(error), "mend the folder or file that it names")
