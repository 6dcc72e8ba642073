"""What is asked for a file: words and options, as they come from outside, checked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bridge.errors import BadInput, BadRequest, PathRefused
from bridge.files.roots import Roots
from bridge.planning.matching.reference import Amount, Aspect, weighted

Word = Annotated[str, Field(max_length=200)]
Name = Annotated[str, Field(max_length=200, pattern=r"\S")]
Model = TypeVar("Model", bound=BaseModel)

DEEPEST = 32  # lists and objects within each other; what is kept must also be written and read again
PathText = Annotated[str, Field(min_length=1, max_length=4096)]


class Options(BaseModel):
    """The options of a request. Relative paths start at the folder of who asks.

    references: sound files to come close to, each with ":WEIGHT" where it should not count fully.
    stems: sound files that belong together with the request's own, by name; starts: where in the song one begins, in s.
    match: how far each of eq, width, dynamics and loudness goes towards the references, 0 to 1; 1 where it is missing.
    tail, missing_plugin, refine: as the settings of these names, for this request alone.
    impulse: an impulse response to convolve with.
    album: finished songs that are brought to one loudness with the request's own, by name.
    session: true, or a name: the words go on with the conversation about this sound that is kept under that name.
    daw: whatever a DAW script wants to find again in the ledger.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    target: Word | None = None
    references: Annotated[list[PathText], Field(max_length=16)] = []
    match: dict[Aspect, Amount] = {}
    stems: Annotated[dict[Name, PathText], Field(max_length=64)] = {}
    starts: Annotated[dict[Word, Annotated[float, Field(ge=0, le=86400)]], Field(max_length=64)] = {}
    planner: Literal["offline", "model"] | None = None
    tail: Literal["keep", "trim", "fade"] | None = None
    missing_plugin: Literal["refuse", "substitute", "bypass"] | None = None
    refine: bool | None = None
    impulse: PathText | None = None
    album: Annotated[dict[Name, PathText], Field(max_length=64)] = {}
    session: bool | Word | None = None
    daw: Any = None

    def admitted(self, roots: Roots, folder: Path, turn: str = "") -> dict[str, Any]:
        """As the ledger keeps them, with absolute paths. Raises PathRefused for one outside the allowed folders.

        turn: tells two turns of a conversation with the same words apart.
        """
        if self.match and not (self.references or self.session):
            raise BadRequest(
                "match says how far to go towards references, and there are none; give references too."
            )
        kept: dict[str, Any] = {
            "target": self.target,
            "references": [_reference(each, roots, folder) for each in self.references],
            "match": self.match,
            "stems": {name: str(roots.admit(folder / path)) for name, path in self.stems.items()},
            "starts": self.starts,
            "planner": self.planner,
            "tail": self.tail,
            "missing_plugin": self.missing_plugin,
            "refine": self.refine,
            "album": {name: str(roots.admit(folder / path)) for name, path in self.album.items()},
            "impulse": _impulse(self.impulse, roots, folder),
            "session": _talk(self.session, turn),
            "daw": self.daw,
        }
        return {name: value for name, value in kept.items() if value not in (None, [], {})}


class Request(Options):
    """A sidecar in JSON."""

    request: str
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")] | None = None


@dataclass(frozen=True)
class Wish:
    """words: None means the default request. id: of the client that asks, where it gave one."""

    words: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None


def options_from_json(text: str, what: str) -> Options:
    """Options of a JSON object; empty text has none. Raises BadRequest in one line that begins with `what`."""
    return Options() if not text.strip() else _validated(Options, text, what)


def request_from_json(text: str, what: str) -> Request:
    return _validated(Request, text, what)


def _validated(model: type[Model], text: str, what: str) -> Model:
    content = _read_json(text, what)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise BadRequest(f"{what}: {_sentence(error)}") from None
    except RecursionError:
        raise BadRequest(f"{what} is nested too deep") from None


def _read_json(text: str, what: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise BadRequest(f"{what} is nested too deep") from None
    except ValueError as error:
        raise BadRequest(f"{what} is not JSON: {' '.join(str(error).split())[:200]}") from None
    if not isinstance(content, dict):
        raise BadRequest(f"{what} is not a JSON object")
    _must_be_keepable(content, what)
    return content


def _must_be_keepable(content: Any, what: str) -> None:
    """`daw` may hold anything, and the ledger keeps it: no deeper than it can be written again, finite numbers only."""
    level = [content]
    for _ in range(DEEPEST):
        if any(isinstance(each, float) and not math.isfinite(each) for each in level):
            raise BadRequest(f"{what} has a number beyond what can be kept; write a smaller one")
        level = [inner for each in level for inner in _within(each)]
    if level:
        raise BadRequest(f"{what} is nested too deep")


def _within(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, without quoting what may be a megabyte."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part)[:40] for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{where!r} is no field; there are request, id, {', '.join(Options.model_fields)}"
    return f"{where}: {first['msg']}"


def _impulse(text: str | None, roots: Roots, folder: Path) -> str | None:
    if text is None:
        return None
    try:
        return str(roots.admit(folder / text))
    except PathRefused as error:
        raise type(error)(f"impulse response {error.message}", error.verdict) from error


def _talk(session: bool | str | None, turn: str) -> dict[str, str] | None:
    """The conversation that a request goes on with: the sound's own, or one that has a name."""
    if session is None or session is False:
        return None
    return {"name": "" if session is True else session.strip(), "turn": turn}


def _reference(text: str, roots: Roots, folder: Path) -> str:
    try:
        path, weight = weighted(text)
    except BadInput as error:
        raise BadRequest(error.message) from None
    return f"{roots.admit(folder / path)}:{weight:g}" if path != text else str(roots.admit(folder / path))
