"""Two results of one request held against each other, and what is told of them."""

from __future__ import annotations

from collections.abc import Iterable

from bridge.rendering.check import Check


def is_better(one: Iterable[Check], other: Iterable[Check]) -> bool:
    """Fewer checks that missed, else fewer that are faint, else wishes that came nearer. As good is not better, nor is
    what loses something that held."""
    first, second = list(other), list(one)
    held = {check.name for check in first if check.ok}
    lost = any(check.name in held and not check.ok for check in second)
    return not lost and _rank(second) < _rank(first)


def _rank(checks: Iterable[Check]) -> tuple[int, int, float]:
    known = list(checks)
    missed = [check for check in known if not check.ok]
    faint = [check for check in known if check.faint]
    return len(missed), len(faint), round(sum(_short(check) for check in (*missed, *faint)), 6)


def wants_more(checks: Iterable[Check]) -> list[Check]:
    """Wishes that a second rendering was made for."""
    return [check for check in checks if check.shows and (check.faint or not check.ok)]


def _short(check: Check) -> float:
    """In parts of what was asked; 1 where it is no number."""
    if not isinstance(check.asked, (int, float)) or not isinstance(check.got, (int, float)):
        return 1.0
    return abs(check.got - check.asked) / max(abs(check.asked), 1e-3)


def told(first: Iterable[Check], second: Iterable[Check], kept: bool, seconds: float) -> str:
    """ "refined once: "warmer" moved 100 to 400 Hz against the rest by +0.40 dB, now by +0.62 dB (took 0.8 s)."."""
    now = {check.name: check for check in second}
    moved = [
        f"{_said(check)} had {_moved(check)} {_figure(check)}, "
        f"{'now' if kept else 'then'} {_by(check)} {_figure(now[check.name])}"
        for check in first
        if check.name in now
    ]
    what = "; ".join(moved) or "more of what was asked"
    end = "" if kept else "; the first rendering was the better one and stays"
    return f"refined once: {what}{end} (took {seconds:.1f} s)."


def _moved(check: Check) -> str:
    """What is a figure itself is brought to it, what is a change moved by it."""
    return f"{'brought' if check.sense == 'about' else 'moved'} {check.shows} {_by(check)}"


def _by(check: Check) -> str:
    return "to" if check.sense == "about" else "by"


def _said(check: Check) -> str:
    return f'"{check.words}"' if check.words else check.name


def _figure(check: Check) -> str:
    number = f"{check.got:+.2f}" if isinstance(check.got, (int, float)) else str(check.got)
    return f"{number} {check.unit}".strip()
