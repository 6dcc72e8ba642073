"""Two results of one request held against each other, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.rendering.check import Check


def is_better(one: Iterable[Check], other: Iterable[Check]) -> bool:
    """Fewer checks that missed, else wishes that came nearer. As good is not better."""
    return _rank(one) < _rank(other)


def _rank(checks: Iterable[Check]) -> tuple[int, float]:
    missed = [check for check in checks if not check.ok]
    return len(missed), round(sum(_short(check) for check in missed), 6)


def _short(check: Check) -> float:
    """In parts of what was asked; 1 where it is no number."""
    if not isinstance(check.asked, (int, float)) or not isinstance(check.got, (int, float)):
        return 1.0
    return abs(check.got - check.asked) / max(abs(check.asked), 1e-3)


def told(first: Iterable[Check], second: Iterable[Check], kept: bool, seconds: float) -> str:
    """ "refined once: "warmer" moved 100 to 400 Hz against the rest by +0.40 dB, now by +0.62 dB (took 0.8 s)."."""
    now = {check.name: check for check in second}
    moved = [
        f"{_said(check)} had moved {check.shows} by {_figure(check)}, "
        f"{'now' if kept else 'then'} by {_figure(now[check.name])}"
        for check in first
        if check.name in now
    ]
    what = "; ".join(moved) or "more of what was asked"
    end = "" if kept else "; the first rendering was the better one and stays"
    return f"refined once: {what}{end} (took {seconds:.1f} s)."


def _said(check: Check) -> str:
    return f'"{check.words}"' if check.words else check.name


def _figure(check: Check) -> str:
    number = f"{check.got:+.2f}" if isinstance(check.got, (int, float)) else str(check.got)
    return f"{number} {check.unit}".strip()
