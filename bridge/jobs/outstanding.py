"""What stands out in a sound, as the answer to `analyze`: sentences, and words that would mend it."""

from __future__ import annotations

from collections.abc import Mapping

from bridge.analysis.reading import Analysis
from bridge.planning.option import Option
from bridge.planning.plan import Outcome


def what_stands_out(analyses: Mapping[str, Analysis]) -> Outcome:
    """The choices are remedies, each as words that may be sent: of one sound alone."""
    from bridge.analysis import findings

    alone = len(analyses) == 1
    found = [(name, finding) for name, analysis in analyses.items() for finding in findings(analysis)]
    said = [finding.sentence if alone else f"{name}: {finding.sentence}" for name, finding in found]
    mended = [
        Option(label=finding.sentence, words=finding.remedy.words) for _, finding in found if finding.remedy
    ]
    return Outcome(
        kind="answer",
        answer=" ".join(said) or "Nothing stands out.",
        choices=tuple(mended) if alone else (),
    )
