"""`dawbridge effects`: what the built-in effects are and what their parameters mean."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from bridge.cli.terminal import emit, json_option, say, table
from bridge.errors import BadInput

if TYPE_CHECKING:
    from bridge.audio import Audio
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
    """An effect as plain data: name, title, words, what it does, what its own judgement goes by, and its parameters."""
    return {
        "name": effect.name,
        "title": effect.title,
        "sentence": _paragraph(effect),
        "words": list(effect.words),
        "example": effect.example,
        "stage": effect.stage,
        "judges": _paragraph(effect.auto),
        "hears_first": _hears_first(effect),
        "changes_length": effect.retimes,
        "parameters": parameters(effect),
    }


def _paragraph(told: object) -> str:
    """The first paragraph of a docstring in one line."""
    return " ".join((told.__doc__ or "").strip().split("\n\n")[0].split())


def _hears_first(effect: type[Effect]) -> Literal["always", "with some settings", "never"]:
    """Whether it goes through the whole sound before it begins."""
    from bridge.effects.effect import Effect as Plain

    if effect.needs_sound:
        return "always"
    return "never" if effect.hears_first is Plain.hears_first else "with some settings"


def delay_ms(effect: type[Effect]) -> float | None:
    """By how much it delays the sound at 48 kHz with its defaults, which the renderer takes back; None of a plugin."""
    from bridge.effects.hosted_plugin import HostedPlugin
    from bridge.effects.processor import MeasuredSound

    if issubclass(effect, HostedPlugin):
        return None
    quiet = cast("MeasuredSound", _quiet_second()) if effect.needs_sound else None
    return round(effect().processor(48000, 2, quiet).latency_frames / 48, 2)


def _quiet_second() -> Audio:
    import numpy as np

    from bridge.audio import Audio

    return Audio(np.zeros((2, 48000), np.float32), 48000)


def facts(effect: type[Effect]) -> list[str]:
    """Where it stands, and what else one must know of it before it is used, each in a few words."""
    from bridge.effects.effect import Effect as Plain

    delay = delay_ms(effect)
    hears = _hears_first(effect)
    found = [f"stage {effect.stage}"]
    found.append(
        "delay as the plugin has it" if delay is None else f"delay {delay:g} ms" if delay else "no delay"
    )
    if hears != "never":
        found.append("hears the whole sound first" + (", with some settings" if hears != "always" else ""))
    if effect.retimes:
        found.append("changes the length")
    if effect.tail_s is not Plain.tail_s:
        found.append("rings on after the end")
    return found


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
        if meaning.soft_low is not None:
            out |= {"soft_low": meaning.soft_low, "soft_high": meaning.soft_high}
    choices = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
    if choices:
        out["choices"] = list(choices)
    return out | {"sentence": info.description or ""}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else None


def span(parameter: dict[str, Any]) -> str:
    """ "-60 to 0 dB (-40 to -10)" with the soft span in brackets, "on or off", or the choices."""
    if "choices" in parameter:
        return " | ".join(str(choice) for choice in parameter["choices"])
    if "low" in parameter:
        whole = f"{parameter['low']:g} to {parameter['high']:g} {parameter['unit']}".strip()
        soft = (parameter.get("soft_low"), parameter.get("soft_high"))
        inside = soft[0] is not None and soft != (parameter["low"], parameter["high"])
        return f"{whole} ({soft[0]:g} to {soft[1]:g})" if inside else whole
    return "on or off" if isinstance(parameter["default"], bool) else ""


def default(parameter: dict[str, Any]) -> str:
    """ "off", "-18", or nothing."""
    value = parameter["default"]
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _manual(effect: dict[str, Any]) -> None:
    from bridge.effects import BY_NAME

    say(f"{effect['title']} ({effect['name']}): {effect['sentence']}")
    say(f"Called: {', '.join(effect['words'])}")
    say(f'Try: "{effect["example"]}"')
    say(f"In a chain: {', '.join(facts(BY_NAME[effect['name']]))}")
    say(f"By itself: {effect['judges']}\n")
    rows = [(item["name"], span(item), default(item), item["sentence"]) for item in effect["parameters"]]
    table(("parameter", "span (usual)", "default", "is"), rows)
