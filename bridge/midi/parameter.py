"""What a map names: "compressor.threshold_db", "equalizer.bands[1].gain_db", "gate.active", and what it may come to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bridge.effects import BY_NAME
from bridge.effects.effect import Effect, choices_of
from bridge.effects.quantity import Quantity, quantity_of
from bridge.errors import BadInput

ACTIVE = "active"
"""Of every effect: whether it is in the plan and switched on."""
_PATH = re.compile(r"(?:(\w+)\[(\d+)\]\.)?(\w+)")


@dataclass(frozen=True)
class Parameter:
    """effect, path: as the map names it. quantity: of a number. words: of a choice or a switch, in order, "off" first.

    default: what an effect has that says nothing of it; None where there is no such value.
    """

    effect: str
    path: str
    quantity: Quantity | None = None
    words: tuple[str, ...] = ()
    default: Any = None

    @property
    def name(self) -> str:
        return f"{self.effect}.{self.path}"

    @property
    def unit(self) -> str:
        return self.quantity.unit if self.quantity else ""

    def value(self, parameters: Mapping[str, Any]) -> float | str | None:
        """Of an effect's parameters as plain data; None where it has none (a band that is not there)."""
        listed, nth, key = _parts(self.path)
        if listed:
            rows = parameters.get(listed) or ()
            parameters = rows[nth - 1] if nth <= len(rows) else {}
        found = parameters.get(key)
        if isinstance(found, bool):
            return self.words[int(found)]
        return found if isinstance(found, (int, float)) or found is None else str(found)


def parameter(name: str) -> Parameter:
    """Raises BadInput with the names that there are."""
    effect, dot, path = name.partition(".")
    if effect not in BY_NAME or not dot:
        raise BadInput(f"{name!r} is no EFFECT.PARAMETER; `dawbridge effects` lists effects and parameters.")
    if path == ACTIVE:
        return Parameter(effect, ACTIVE, words=("off", "on"))
    field, model = _field(BY_NAME[effect], path)
    if field is None:
        raise BadInput(f"{effect} has no parameter {path!r}; it has {', '.join(_names(BY_NAME[effect]))}.")
    return _parameter(effect, path, field, model)


def _parameter(effect: str, path: str, field: FieldInfo, model: type[BaseModel]) -> Parameter:
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    number = quantity_of(field)
    if number is not None:
        return Parameter(effect, path, number, default=default)
    words = choices_of(model).get(_parts(path)[2], ())
    if field.annotation is bool:
        return Parameter(effect, path, words=("off", "on"), default="on" if default else "off")
    if words:
        return Parameter(effect, path, words=words, default=default)
    raise BadInput(f"{effect}.{path} is neither a number nor a choice; MIDI cannot carry it.")


def _parts(path: str) -> tuple[str, int, str]:
    """ "bands[2].q" -> "bands", 2, "q"; "ratio" -> "", 0, "ratio"."""
    found = _PATH.fullmatch(path)
    return (found[1] or "", int(found[2] or 0), found[3]) if found else ("", 0, "")


def _field(effect: type[Effect], path: str) -> tuple[FieldInfo | None, type[BaseModel]]:
    """The field and the model it is one of. Rows of a list are counted from 1."""
    listed, nth, key = _parts(path)
    rows = _rows(effect.model_fields[listed]) if listed in effect.model_fields else None
    if not listed:
        return effect.model_fields.get(key), effect
    return (rows.model_fields.get(key), rows) if rows is not None and nth > 0 else (None, effect)


def _rows(field: FieldInfo) -> type[BaseModel] | None:
    """What a list of bands holds."""
    kinds = get_args(field.annotation) if get_origin(field.annotation) in (tuple, list) else ()
    return next((one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)), None)


def _names(effect: type[Effect]) -> list[str]:
    """Every parameter that can be carried, rows as "bands[1].q"."""
    found = [ACTIVE, *effect.quantities(), *effect.switches(), *effect.choices()]
    for key, field in effect.model_fields.items():
        rows = _rows(field)
        if rows is not None:
            found += [f"{key}[1].{name}" for name in rows.model_fields]
    return found
