"""How `live` looks: meters that stay in their place on a terminal, a line a second elsewhere, or JSON."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

import click

from bridge.cli.terminal import emit, one_line

if TYPE_CHECKING:
    from bridge.analysis.meter import Snapshot
    from bridge.metering.advice import Suggestion
    from bridge.metering.listening import Losses

_LOUDNESS = (-54.0, 0.0)
_WIDEST = 60
_PARTS = " ▏▎▍▌▋▊▉█"
_SUGGESTIONS = 4
"""The newest ones that stay in sight."""
_LINE_EVERY_S = 1.0


class Meters(Protocol):
    """shown: ten times a second. suggested: when it comes. left: at the end, before the summary."""

    def shown(self, snapshot: Snapshot | None, state: str, losses: Losses) -> None: ...
    def suggested(self, suggestion: Suggestion) -> None: ...
    def left(self) -> None: ...


def meters(as_json: bool) -> Meters:
    if as_json:
        return JsonMeters()
    return TerminalMeters() if sys.stdout.isatty() else PlainMeters()


class JsonMeters:
    """One object a line."""

    def __init__(self) -> None:
        self._state = ""

    def shown(self, snapshot: Snapshot | None, state: str, losses: Losses) -> None:
        if without_seconds(state) != self._state:
            emit({"kind": "state", "state": state})
        self._state = without_seconds(state)
        if snapshot is not None:
            emit({"kind": "meters", **told(snapshot), "losses": counted(losses)})

    def suggested(self, suggestion: Suggestion) -> None:
        emit({"kind": "suggestion", **suggestion.to_json()})

    def left(self) -> None:
        return None


class PlainMeters:
    """For logs and pipes: a line a second."""

    def __init__(self) -> None:
        self._next_s = 0.0
        self._state = ""

    def shown(self, snapshot: Snapshot | None, state: str, losses: Losses) -> None:
        if without_seconds(state) != self._state:
            self._state = without_seconds(state)
            click.echo(one_line(state))
        if snapshot is None or snapshot.seconds < self._next_s:
            self._next_s = min(self._next_s, snapshot.seconds + _LINE_EVERY_S) if snapshot else 0.0
            return
        self._next_s = snapshot.seconds + _LINE_EVERY_S
        click.echo("  ".join(f"{name} {value}" for name, value in _figures(snapshot, losses)))

    def suggested(self, suggestion: Suggestion) -> None:
        click.echo(one_line(f"suggestion: {suggestion.sentence}"))

    def left(self) -> None:
        return None


class TerminalMeters:
    """Redrawn in its place; the cursor goes up by as many lines as were drawn."""

    def __init__(self) -> None:
        self._drawn = 0
        self._said: list[str] = []

    def shown(self, snapshot: Snapshot | None, state: str, losses: Losses) -> None:
        width = min(shutil.get_terminal_size().columns - 1, 100)
        lines = [click.style(one_line(state)[:width], bold=True)]
        lines += _drawn(snapshot, losses, width) if snapshot is not None else []
        lines += [text[:width] for text in self._said]
        self._put([*lines, click.style("Ctrl-C ends", dim=True)])

    def suggested(self, suggestion: Suggestion) -> None:
        self._said = [*self._said, one_line(f"-> {suggestion.sentence}")][-_SUGGESTIONS:]

    def left(self) -> None:
        self._drawn = 0

    def _put(self, lines: Sequence[str]) -> None:
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        rest = "\x1b[K\n" * max(0, self._drawn - len(lines))
        sys.stdout.write(f"{up}\r" + "".join(f"{line}\x1b[K\n" for line in lines) + rest)
        sys.stdout.flush()
        self._drawn = max(self._drawn, len(lines))


def _drawn(shot: Snapshot, losses: Losses, width: int) -> list[str]:
    bar = max(10, min(_WIDEST, width - 32))
    rows = [
        _level("momentary", shot.momentary_lufs, "LUFS", shot.momentary_max_lufs, bar),
        _level("short-term", shot.short_term_lufs, "LUFS", shot.short_term_max_lufs, bar),
        _level("integrated", shot.integrated_lufs, "LUFS", None, bar),
    ]
    peak = shot.true_peak_dbtp
    rows.append(_level("true peak", peak, "dBTP", None, bar, "red" if peak is not None and peak > -1 else ""))
    rows.append(
        f"{'correlation':<12}{_number(shot.correlation, '+.2f')}        {_needle(shot.correlation, bar)}"
    )
    unstable = " (settling)" if shot.unstable_range else ""
    rows.append(f"{'range':<12}{_number(shot.loudness_range_lu)} LU{unstable}")
    wrong = counted(losses)
    lost = f"{'lost':<12}{_losses(wrong)}"
    rows.append(click.style(lost, fg="yellow") if any(wrong.values()) else lost)
    return rows


def _level(
    name: str, value: float | None, unit: str, held: float | None, width: int, colour: str = ""
) -> str:
    text = f"{name:<12}{_number(value)} {unit}  {_bar(value, held, width)}"
    return click.style(text, fg=colour) if colour else text


def _bar(value: float | None, held: float | None, width: int) -> str:
    """held: the maximum, as a stroke."""
    eighths = 0 if value is None else round(8 * width * _share(value))
    filled = _PARTS[8] * (eighths // 8) + (_PARTS[eighths % 8] if eighths % 8 else "")
    cells = list(filled.ljust(width, "·"))
    if held is not None:
        cells[min(width - 1, int(width * _share(held)))] = "|"
    return "".join(cells)


def _share(value: float) -> float:
    low, high = _LOUDNESS
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _needle(value: float | None, width: int) -> str:
    """-1 at the left, 0 in the middle, +1 at the right."""
    cells = list("·" * width)
    cells[width // 2] = ":"
    if value is not None:
        cells[min(width - 1, int(width * (value + 1) / 2))] = "█"
    return "".join(cells)


def _number(value: float | None, form: str = ".1f") -> str:
    return f"{'-' if value is None else format(value, form):>6}"


def _figures(shot: Snapshot, losses: Losses) -> list[tuple[str, str]]:
    named = [
        ("M", shot.momentary_lufs, "LUFS"),
        ("S", shot.short_term_lufs, "LUFS"),
        ("I", shot.integrated_lufs, "LUFS"),
        ("LRA", shot.loudness_range_lu, "LU"),
        ("peak", shot.true_peak_dbtp, "dBTP"),
    ]
    figures = [(name, f"{_number(value)} {unit}") for name, value, unit in named]
    figures.append(("corr", _number(shot.correlation, "+.2f")))
    return [(f"{shot.seconds:6.1f} s", ""), *figures, ("lost", _losses(counted(losses)))]


def _losses(wrong: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in wrong.items() if count) or "nothing"


def without_seconds(state: str) -> str:
    """A state that only counts on is no other one."""
    return re.sub(r"\d+ s", "", state)


def counted(losses: Losses) -> dict[str, int]:
    """Everything that went wrong, by name: what was dropped before it came, what came and was not measured, and the
    faults that the source has met."""
    return {
        "dropped_blocks": losses.arrived.dropped,
        "unmeasured_frames": losses.lost,
        "bad_samples": losses.not_finite,
        **losses.arrived.faults,
    }


def told(snapshot: Snapshot) -> dict[str, Any]:
    """As JSON; loudness and peaks to a hundredth, as meters show them."""
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(snapshot).items()
    }
