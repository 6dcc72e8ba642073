"""`--reference` and `--match`: the sounds to come near to, and how far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bridge.cli.given import followed
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.planning.matching.reference import Aspect, Reference

Command = TypeVar("Command", bound=Callable[..., Any])

WORDS = "match the reference"
"""What is wished where a reference is given and no words."""


def reference_options(command: Command) -> Command:
    """The options that `plan` and `process` share."""
    match = click.option(
        "--match",
        metavar="PART=PERCENT,...",
        help="How far each part goes towards the reference: eq=50,width=70,dynamics=0,loudness=100.",
    )
    reference = click.option(
        "--reference",
        "references",
        multiple=True,
        metavar="REF[:WEIGHT]",
        help="Come near to this sound in spectrum, width, dynamics and loudness; may be repeated.",
    )
    return reference(match(command))


@dataclass(frozen=True)
class Asked:
    """paths: absolute, each with its weight. match: 0..1 by part; a part that is missing goes all the way."""

    paths: tuple[tuple[Path, float], ...] = ()
    match: dict[Aspect, float] = field(default_factory=dict)

    @property
    def options(self) -> dict[str, Any]:
        """As a job takes them."""
        return {"references": [self._text(*each) for each in self.paths], "match": dict(self.match)}

    def measured(self) -> Reference | None:
        """Raises what opening a sound raises, and BadInput for a silent one."""
        from bridge.jobs.matching import measured_references

        return measured_references([self._text(*each) for each in self.paths], None)

    @staticmethod
    def _text(path: Path, weight: float) -> str:
        return f"{path}:{weight:g}"


def asked(references: Sequence[str], match: str | None, before: bool = False) -> Asked:
    """What the command line says. before: the words go on from a plan, which may have a reference. Raises BadInput."""
    if not references and not match:
        return Asked()
    from bridge.planning.matching.reference import weighted

    if match and not references and not before:
        raise BadInput(
            "--match says how far to go towards a reference, and there is none; give --reference REF too."
        )
    found = [weighted(text) for text in references]
    return Asked(tuple((followed(path), weight) for path, weight in found), _amounts(match) if match else {})


def _amounts(text: str) -> dict[Aspect, float]:
    from bridge.planning.matching.reference import PARTS

    amounts: dict[Aspect, float] = {}
    for item in text.split(","):
        name, _, percent = (part.strip() for part in item.partition("="))
        aspect = next((known for known in PARTS if known == name.lower()), None)
        number = _percent(percent)
        if aspect is None or number is None:
            raise BadInput(
                f"--match {item.strip()!r} is no PART=PERCENT: the parts are {', '.join(PARTS)}, from 0 to 100; "
                "write --match eq=50,width=70."
            )
        if aspect in amounts:
            raise BadInput(f"--match names {aspect} twice; write it once, like --match {aspect}={number:g}.")
        amounts[aspect] = number / 100
    return amounts


def _percent(text: str) -> float | None:
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        return None
    return number if 0 <= number <= 100 else None
