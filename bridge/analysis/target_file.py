"""One file of `presets/targets/` as a Target, with what is wrong with it."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bridge.analysis.spectral_shape import Shape
from bridge.analysis.target import KINDS, ExpectedShape, Playback, Span, Target
from bridge.analysis.third_octaves import THIRD_OCTAVES_HZ
from bridge.errors import BadInput

_KEYS = {"title", "kind", "source", "date", "words", "note", "expects", "spectrum", "playback"}
_PLAYBACK = {"lufs", "raises_to_dbtp"}
_SPAN = {"low", "high", "aim"}
_SAYS = {"source", "date"}


def target_from(name: str, data: Mapping[str, Any]) -> Target:
    """See `Target.from_dict`."""
    absent = [key for key in ("title", "kind", "source", "date", "expects") if not data.get(key)]
    if absent:
        raise BadInput(f"Target {name}: {', '.join(absent)} missing.")
    if unknown := set(data) - _KEYS:
        raise BadInput(f"Target {name}: there is no {', '.join(sorted(unknown))} in a target.")
    if data["kind"] not in KINDS:
        raise BadInput(f"Target {name}: kind is platform or genre, not {data['kind']!r}.")
    said = {"source": str(data["source"]), "date": str(data["date"])}
    expects = _table(f"{name}, expects", data["expects"])
    return Target(
        name,
        str(data["title"]),
        data["kind"],
        {metric: _span(name, metric, item, said) for metric, item in expects.items()},
        said["source"],
        said["date"],
        tuple(map(str, _list(f"{name}, words", data.get("words", ())))),
        str(data.get("note", "")),
        _spectrum(name, data["spectrum"], said) if "spectrum" in data else None,
        _playback(name, data["playback"], said) if "playback" in data else None,
    )


def _table(where: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadInput(f"Target {where}: wants a table of names and values, not {value!r}.")
    return value


def _list(where: str, value: object) -> Sequence[Any]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise BadInput(f"Target {where}: wants a list, not {value!r}.")
    return value


def _number(where: str, value: object) -> float:
    """TOML knows nan, inf and true, none of which a reading can be held against."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
        return float(value)
    raise BadInput(f"Target {where}: wants a finite number, not {value!r}.")


def _span(target: str, metric: str, item: object, said: Mapping[str, str]) -> Span:
    from bridge.analysis.metrics import unit_of

    unit_of(metric)
    where = f"{target}, {metric}"
    data = _table(where, item)
    if set(data) - _SPAN - _SAYS or not _SPAN & set(data):
        raise BadInput(f"Target {target}, {metric}: wants low, high or aim, not {', '.join(sorted(data))}.")
    low, high, aim = (
        None if data.get(key) is None else _number(f"{where}, {key}", data[key])
        for key in ("low", "high", "aim")
    )
    if low is None and high is None:
        low = high = aim
    ordered = [x for x in (low, aim, high) if x is not None]
    if ordered != sorted(ordered):
        raise BadInput(f"Target {target}, {metric}: low, aim and high are not in rising order.")
    return Span(low, high, aim, *_said(data, said))


def _playback(target: str, item: object, said: Mapping[str, str]) -> Playback:
    where = f"{target}, playback"
    data = _table(where, item)
    if set(data) - _PLAYBACK - _SAYS or "lufs" not in data:
        raise BadInput(
            f"Target {target}, playback: wants lufs and, where softer sounds are raised, raises_to_dbtp."
        )
    lufs, raises = data["lufs"], data.get("raises_to_dbtp")
    return Playback(
        _number(f"{where}, lufs", lufs),
        None if raises is None else _number(f"{where}, raises_to_dbtp", raises),
        *_said(data, said),
    )


def _said(data: Mapping[str, Any], said: Mapping[str, str]) -> tuple[str, str]:
    own = {**said, **{key: str(data[key]) for key in _SAYS if key in data}}
    return own["source"], own["date"]


def _spectrum(target: str, item: object, said: Mapping[str, str]) -> ExpectedShape:
    where = f"{target}, spectrum"
    data = _table(where, item)
    points = [_point(where, point) for point in _list(f"{where}, points", data.get("points", ()))]
    rising = all(here[0] < after[0] for here, after in pairwise(points))
    if set(data) - {"points", "tolerance_db"} - _SAYS or len(points) < 2 or not rising:
        raise BadInput(f"Target {where}: wants points of rising Hz, and tolerance_db.")
    tolerance_db = _number(f"{where}, tolerance_db", data.get("tolerance_db", 0))
    if points[0][0] <= 0 or tolerance_db <= 0:
        raise BadInput(f"Target {where}: frequencies and tolerance_db are above 0.")
    return ExpectedShape(_third_octaves(points), tolerance_db, *_said(data, said))


def _point(where: str, point: object) -> tuple[float, float]:
    pair = _list(f"{where}, points", point)
    if len(pair) != 2:
        raise BadInput(f"Target {where}: a point is [Hz, dB], not {list(pair)!r}.")
    return _number(f"{where}, Hz", pair[0]), _number(f"{where}, dB", pair[1])


def _third_octaves(points: list[tuple[float, float]]) -> Shape:
    """Density at the centres within the points, plus the width of each band: a third octave of white noise rises
    3.01 dB an octave."""
    edge = 10**0.005  # a stated end at 100 or 10000 Hz takes the band that is called so
    centres = [hz for hz in THIRD_OCTAVES_HZ if points[0][0] / edge <= hz <= points[-1][0] * edge]
    levels = [_between(points, hz) + 10.0 * math.log10(hz / 1000.0) for hz in centres]
    return Shape(tuple(round(hz, 1) for hz in centres), tuple(round(level, 2) for level in levels))


def _between(points: list[tuple[float, float]], hz: float) -> float:
    hz = min(max(hz, points[0][0]), points[-1][0])
    (low, below), (high, above) = next(pair for pair in pairwise(points) if hz <= pair[1][0])
    return below + (above - below) * math.log(hz / low) / math.log(high / low)
