"""Any effect anywhere in its spans, drawn from its own declaration: numbers, switches, choices and nested bands."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bridge.audio import Audio
from bridge.effects import EFFECTS
from bridge.effects.effect import Effect
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.quantity import quantity_of
from bridge.planning.clamp import inner_model
from bridge.planning.part import PARTS, divisible
from bridge.planning.plan import Region, Step

OWN = [kind for kind in EFFECTS if kind is not HostedPlugin]

UNDRAWN = ("file", "sha256")
"""Names of files, which have tests of their own."""

MOST_BANDS = 4


def drawn_fields(model: type[BaseModel]) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for every field that can be drawn; raises for one that nobody thought of."""
    found = {name: _field(name, info) for name, info in model.model_fields.items() if name not in UNDRAWN}
    missing = [name for name, strategy in found.items() if strategy is None]
    assert not missing, f"{model.__name__}: nothing draws {', '.join(missing)}"
    return {name: strategy for name, strategy in found.items() if strategy is not None}


def _field(name: str, info: FieldInfo) -> st.SearchStrategy[Any] | None:
    quantity, inner = quantity_of(info), inner_model(info.annotation)
    if quantity is not None:
        numbers = st.sampled_from([quantity.low, quantity.high]) | st.floats(quantity.low, quantity.high)
        return numbers | st.none() if _may_be_none(info.annotation) else numbers
    if inner is not None:
        return st.lists(drawn(inner), max_size=MOST_BANDS).map(tuple)
    if info.annotation is bool:
        return st.booleans()
    if get_origin(info.annotation) is Literal:
        return st.sampled_from(get_args(info.annotation))
    return st.integers(0, 2**31) if info.annotation is int else None


def _may_be_none(annotation: object) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)


@st.composite
def drawn(draw: st.DrawFn, model: type[BaseModel]) -> Any:
    """Settings of a model; combinations that it refuses are drawn again."""
    values = {name: draw(strategy) for name, strategy in drawn_fields(model).items()}
    try:
        return model.model_validate(values)
    except ValidationError:
        assume(False)


any_effect: st.SearchStrategy[Effect] = st.sampled_from(OWN).flatmap(drawn)


@st.composite
def steps(draw: st.DrawFn, kinds: list[type[Effect]], most: int, channels: int = 2) -> tuple[Step, ...]:
    """A chain of 2 to `most` steps in any order: some on a part, some in a region, some not all wet."""
    made = []
    for number in range(draw(st.integers(2, most))):
        effect: Effect = draw(st.sampled_from(kinds).flatmap(drawn))
        whole = effect.retimes or not divisible(type(effect))
        made.append(
            Step(
                id=f"s{number}",
                effect=effect.name,
                parameters=effect.parameters(),
                part="all" if whole or channels != 2 else draw(st.sampled_from(PARTS)),
                region=None if whole else draw(st.none() | st.just(Region(start_s=0.1, end_s=0.25))),
                wet=1.0 if whole else draw(st.sampled_from([1.0, 1.0, 0.5, 0.0])),
            )
        )
    return tuple(made)


def length(effect: Effect, audio: Audio) -> int:
    """As many frames as went in, unless the effect changes time and says what it makes of it."""
    return effect.timeline(audio).frames if effect.retimes else audio.frames
