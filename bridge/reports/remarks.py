"""The worst findings in words, at the foot of a picture."""

from __future__ import annotations

import textwrap

from bridge.analysis.finding import Finding
from bridge.reports.lettering import minus, plain
from bridge.reports.panel import Subject
from bridge.reports.sheet import BODY_PT, SMALL_PT, Sheet

MOST = 5
_COLUMNS = 126
_LINE_IN = 0.2
_SIGNS = {"fault": "▲", "warning": "●", "note": "○"}


def lines(subject: Subject) -> list[tuple[str, str]]:
    """Severity (empty in a continued line) and text of each line."""
    found: list[tuple[str, str]] = []
    for finding in subject.findings[:MOST]:
        wrapped = textwrap.wrap(_told(finding), _COLUMNS, max_lines=2, placeholder=" …")
        found += [(finding.severity if index == 0 else "", text) for index, text in enumerate(wrapped)]
    rest = len(subject.findings) - MOST
    if rest > 0:
        found.append(("", f"and {rest} more"))
    return found or [("", "Nothing stands out.")]


def _told(finding: Finding) -> str:
    # A wish is copied from here: it stays as it is typed.
    remedy = f'Ask for: "{finding.remedy.words}".' if finding.remedy else ""
    return f"{minus(plain(finding.sentence))} {plain(remedy)}".rstrip()


def height_in(subject: Subject) -> float:
    return 0.3 + _LINE_IN * len(lines(subject)) + 0.1


def draw(sheet: Sheet, subject: Subject, top_in: float) -> None:
    theme = sheet.theme
    sheet.text(0.3, top_in + 0.12, "Findings", fontweight="bold")
    colours = {"fault": theme.danger, "warning": theme.reference, "note": theme.muted}
    for index, (severity, text) in enumerate(lines(subject)):
        at = top_in + 0.36 + index * _LINE_IN
        if severity:
            sheet.text(0.3, at, _SIGNS[severity], color=colours[severity], fontsize=SMALL_PT)
            sheet.text(0.48, at, f"{severity}:", color=theme.muted, fontsize=BODY_PT)
        sheet.text(1.15 if severity or index else 0.3, at, text)
