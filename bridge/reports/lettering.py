"""Names from outside and times, made fit to be drawn."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

# Time steps that people count in, in seconds.
_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900),
    *(1800, 3600, 7200, 14400, 36000, 86400),
)


def plain(text: str) -> str:
    """One line of visible characters: line breaks and tabs are spaces, controls and direction marks are left out.

    A direction mark in a file name could turn the rest of the line around ("gpj.exe"). Bytes that are no UTF-8 and
    characters of no language become U+FFFD.
    """
    spaced = " ".join(text.split())
    return "".join(_shown(char) for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))


def _shown(char: str) -> str:
    return "\ufffd" if unicodedata.category(char) in ("Cs", "Co", "Cn") else char


def elided(text: str, most: int) -> str:
    """At most `most` characters, shortened in the middle: a file name tells at its start and at its end."""
    if len(text) <= most:
        return text
    tail = most // 3
    return text[: most - tail - 1].rstrip() + ELLIPSIS + text[-tail:].lstrip()


def cut(text: str, most: int) -> str:
    """At most `most` characters, the end left out: a sentence tells at its start."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def signed(value: float, digits: int = 1) -> str:
    """ "−14.0" with the sign of print, never "−0.0"."""
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def minus(text: str) -> str:
    """Hyphens that stand for a sign become the sign of print; those in names and words stay."""
    return re.sub(r"(?<![^\s(\"])-(?=[\d.])", "−", text)


def clock(seconds: float, step_s: float) -> str:
    """ "2.5 s" below a minute of steps, "1:05", "1:00:05"."""
    if step_s < 1:
        digits = 1 if step_s >= 0.1 else 2 if step_s >= 0.01 else 3
        whole, minutes = seconds % 60, int(seconds // 60)
        return f"{minutes}:{whole:0{3 + digits}.{digits}f}" if minutes else f"{whole:.{digits}f}"
    minutes, whole_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{whole_s:02d}" if hours else f"{minutes}:{whole_s:02d}"


def time_step_s(duration_s: float, most: int = 12) -> float:
    """The smallest step that people count in with at most `most` of it in the duration."""
    return next((step for step in _STEPS_S if duration_s / step <= most), duration_s)


def duration(seconds: float) -> str:
    """ "0.10 s", "4:00", "1:00:00"."""
    return f"{seconds:.2f} s" if seconds < 60 else clock(seconds, 1)
