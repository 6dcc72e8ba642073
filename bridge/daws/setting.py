"""Settings of one device: resolve, clamp, journal, send, read back. The only place that writes to a DAW."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.daws.display import number_shown, raw_value
from bridge.daws.journal import Before, Journal
from bridge.daws.link import Device, Link, Parameter, Track
from bridge.daws.table import Setting
from bridge.daws.written import Written
from bridge.errors import Unavailable

TRIES = 3


class Gone(Exception):
    """The track, device or parameter is not there (any more); the text says which."""


@dataclass(frozen=True)
class Spot:
    """A device by what it is known by over time."""

    track_id: str
    track: str
    device: str
    nth: int = 1


@dataclass(frozen=True)
class _Aim:
    """value: what is sent. clamped: why it is not what was asked for."""

    step: str
    setting: Setting
    parameter: Parameter
    asked: float
    value: float
    clamped: str = ""


def found(link: Link, spot: Spot) -> tuple[Track, Device]:
    """Where it is at this instant. Raises Gone."""
    track = track_of(link, spot)
    for device in link.devices(track):
        if (device.name, device.nth) == (spot.device, spot.nth):
            return track, device
    raise Gone(f"{spot.device} is not on {spot.track} any more")


def track_of(link: Link, spot: Spot) -> Track:
    same = [track for track in link.tracks() if track.id == spot.track_id]
    if len(same) == 1:
        return same[0]
    if same:
        raise Gone(f"{len(same)} tracks are called {spot.track!r} now; which is meant cannot be told")
    raise Gone(f"the track {spot.track!r} is not there any more (renamed or removed)")


def set_device(
    link: Link, journal: Journal, spot: Spot, wanted: Sequence[tuple[str, Setting]]
) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """wanted: (id of the step, setting). What became of each, and warnings. A DAW that goes away fails the rest."""
    try:
        track, device = found(link, spot)
        present = _by_name(link.parameters(track, device))
    except (Gone, Unavailable) as error:
        return tuple(_failed(spot, step, setting, str(error)) for step, setting in wanted), ()
    written: list[Written] = []
    aims: list[_Aim] = []
    for step, setting in wanted:
        try:
            aim = _aim(link, track, device, step, setting, present)
        except (Gone, Unavailable) as error:
            aim = str(error)
        if isinstance(aim, _Aim):
            aims.append(aim)
        else:
            written.append(_failed(spot, step, setting, aim))
    journal.before([_before(spot, aim) for aim in aims])
    told, warnings = _written(link, spot, aims)
    return (*written, *told), warnings


def _by_name(parameters: Sequence[Parameter]) -> dict[str, Parameter]:
    return {parameter.name.casefold(): parameter for parameter in reversed(parameters)}


def _aim(
    link: Link, track: Track, device: Device, step: str, setting: Setting, present: dict[str, Parameter]
) -> _Aim | str:
    """What to send, or why nothing can be."""
    parameter = present.get(setting.parameter.casefold())
    if parameter is None:
        return f"{device.name} has no parameter {setting.parameter!r} here"
    asked = setting.value + parameter.value if setting.relative else setting.value
    if setting.by_display:
        raw = raw_value(
            lambda value: link.show(track, device, parameter, value), parameter.low, parameter.high, asked
        )
        if raw is None:
            return f"what {setting.parameter} displays is no number"
        shown = link.show(track, device, parameter, raw)
        got = number_shown(shown)
        far = got is None or abs(got - asked) > max(0.02 * abs(asked), 0.1)
        return _Aim(step, setting, parameter, asked, raw, f"{shown} is the nearest it goes" if far else "")
    try:
        held = parameter.nearest(asked)
    except ValueError as error:
        return str(error)
    why = "" if parameter.same(held, asked) else f"it goes from {parameter.low:g} to {parameter.high:g}"
    return _Aim(step, setting, parameter, asked, held, why)


def _before(spot: Spot, aim: _Aim) -> Before:
    return Before(
        track_id=spot.track_id,
        track=spot.track,
        device=spot.device,
        nth=spot.nth,
        parameter=aim.parameter.name,
        before=aim.parameter.value,
        wanted=aim.value,
        unit=aim.parameter.unit,
    )


def _written(link: Link, spot: Spot, aims: Sequence[_Aim]) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """Sends what is not as wanted, and looks: up to TRIES times, at where the device is then."""
    missing, warnings = list(aims), []
    got: dict[str, Parameter] = {}
    trouble = "it was sent and did not stay"
    refused: Mapping[str, str] = {}
    for _ in range(TRIES):
        if not missing:
            break
        try:
            track, device = found(link, spot)
            refused = link.write(track, device, [(aim.parameter, aim.value) for aim in missing]) or {}
            track_now, device_now = found(link, spot)
            if (track_now.at, device_now.at) != (track.at, device.at):
                warnings.append(_moved(link, spot, track, missing))
            got = _by_name(link.parameters(track_now, device_now))
        except (Gone, Unavailable) as error:
            trouble, got = str(error), {}
            if isinstance(error, Unavailable):
                break
            continue
        missing = [aim for aim in missing if not _holds(aim, got)]
        missing = [
            replace(aim, parameter=got.get(aim.parameter.name.casefold(), aim.parameter)) for aim in missing
        ]
    lost = {id(aim.setting) for aim in missing}
    told = [
        _told(spot, aim, got, refused.get(aim.parameter.name, trouble) if id(aim.setting) in lost else "")
        for aim in aims
    ]
    return tuple(told), tuple(warnings)


def _holds(aim: _Aim, got: dict[str, Parameter]) -> bool:
    there = got.get(aim.parameter.name.casefold())
    return there is not None and there.same(there.value, aim.value)


def _moved(link: Link, spot: Spot, was: Track, aims: Sequence[_Aim]) -> str:
    """Somebody changed the session between our looking and our writing."""
    there = next((track.name for track in link.tracks() if track.at == was.at), None)
    names = ", ".join(aim.parameter.name for aim in aims[:8])
    where = f"; {there!r} is in that place now, look at its {spot.device} ({names})" if there else ""
    return f"The session changed while {spot.track!r} was written{where}."


def _told(spot: Spot, aim: _Aim, got: dict[str, Parameter], trouble: str) -> Written:
    there = got.get(aim.parameter.name.casefold())
    verdict = "failed" if trouble else "clamped" if aim.clamped else "applied"
    return _account(spot, aim.step, aim.setting).model_copy(
        update={
            "asked": aim.asked,
            "got": there.value if there else None,
            "before": aim.parameter.value,
            "unit": aim.parameter.unit or aim.setting.unit,
            "shown": there.shown if there else "",
            "verdict": verdict,
            "reason": trouble or aim.clamped,
        }
    )


def _failed(spot: Spot, step: str, setting: Setting, why: str) -> Written:
    return _account(spot, step, setting).model_copy(update={"reason": why})


def _account(spot: Spot, step: str, setting: Setting) -> Written:
    said = f"{setting.asked:g}" if isinstance(setting.asked, float | int) else setting.asked
    return Written(
        step=step,
        track=spot.track,
        device=spot.device,
        parameter=setting.parameter,
        of=f"{setting.of} {said} {setting.unit}".strip(),
        asked=setting.value,
        unit=setting.unit,
        verdict="failed",
    )
