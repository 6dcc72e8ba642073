"""`dawbridge effects`: what the built-in effects are and what their parameters mean."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from bridge.cli.terminal import emit, json_option, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.effects.effect import Effect


@click.command("effects")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """The built-in effects; with a NAME the parameters of that one."""
    from bridge.effects import EFFECTS

    wanted = EFFECTS if name is None else (_named(name),)
    if as_json:
        emit({"effects": [described(effect) for effect in wanted]})
    elif name is None:
        table(("effect", "is", "called"), [(e.name, e.title, ", ".join(e.words)) for e in EFFECTS])
    else:
        _manual(described(wanted[0]))


def _named(name: str) -> type[Effect]:
    from bridge.effects import BY_NAME

    if name not in BY_NAME:
        close = get_close_matches(name, BY_NAME, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(BY_NAME)}."
        raise BadInput(f"There is no effect {name!r}; {hint}")
    return BY_NAME[name]


def described(effect: type[Effect]) -> dict[str, Any]:
    """An effect as plain data: name, title, words, what it does and its parameters."""
    return {
        "name": effect.name,
        "title": effect.title,
        "sentence": (effect.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " "),
        "words": list(effect.words),
        "parameters": parameters(effect),
    }


def parameters(model: Any, prefix: str = "") -> list[dict[str, Any]]:
    """Every parameter of a pydantic model; those of a list of models (the bands of an equalizer) as `bands[].q`."""
    from typing import get_args

    from pydantic import BaseModel

    found = []
    for key, info in model.model_fields.items():
        inner = next(
            (a for a in get_args(info.annotation) if isinstance(a, type) and issubclass(a, BaseModel)), None
        )
        if inner is None:
            found.append(_parameter(prefix + key, info))
        else:
            found += parameters(inner, f"{prefix}{key}[].")
    return found


def _parameter(name: str, info: Any) -> dict[str, Any]:
    from typing import Literal, get_args, get_origin

    from bridge.effects.quantity import quantity_of

    default = None if info.is_required() else info.get_default(call_default_factory=True)
    out: dict[str, Any] = {"name": name, "required": info.is_required(), "default": _plain(default)}
    meaning = quantity_of(info)
    if meaning is not None:
        out |= {"unit": meaning.unit, "low": meaning.low, "high": meaning.high, "scale": meaning.scale}
    choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
    if choices:
        out["choices"] = list(choices)
    return out | {"sentence": info.description or ""}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else None


def span(parameter: dict[str, Any]) -> str:
    """ "-60 to 0 dB", or the choices."""
    if "choices" in parameter:
        return " | ".join(str(choice) for choice in parameter["choices"])
    if "low" in parameter:
        return f"{parameter['low']:g} to {parameter['high']:g} {parameter['unit']}".strip()
    return ""


def _manual(effect: dict[str, Any]) -> None:
    say(f"{effect['title']} ({effect['name']}): {effect['sentence']}")
    say(f"Called: {', '.join(effect['words'])}\n")
    rows = [
        (item["name"], span(item), "" if item["default"] is None else str(item["default"]), item["sentence"])
        for item in effect["parameters"]
    ]
    table(("parameter", "span", "default", "is"), rows)
