"""Room for the sum of stems that are staged one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable

from bridge.analysis.reading import Analysis
from bridge.effects.gain import STAGING_CEILING_DBTP, Gain
from bridge.planning.bench import Bench
from bridge.planning.draft import quoted
from bridge.planning.intent import Intent
from bridge.planning.place import MIX


def keep_the_sum_under(bench: Bench, intent: Intent, places: Iterable[str]) -> None:
    """A gain at the mix, so that the sum of the staged stems stays under their ceiling even where all peaks meet.

    The stems keep their own levels. What the sum reaches is not known before it is rendered; the sum of the peaks is
    the most that it can be.
    """
    peaks = [peak for where in places if (peak := _staged_dbtp(bench, where)) is not None]
    most_dbtp = 20 * math.log10(sum(10 ** (peak / 20) for peak in peaks)) if peaks else -math.inf
    if most_dbtp <= STAGING_CEILING_DBTP:
        return
    span = Gain.quantities()["gain_db"]
    gain_db = span.clamp(math.floor((STAGING_CEILING_DBTP - most_dbtp) * 1000) / 1000)
    draft = bench.draft("gain", intent.model_copy(update={"where": MIX}))
    draft.put({"gain_db": gain_db, "ceiling_dbtp": STAGING_CEILING_DBTP}, said=True)
    draft.because(
        f"{quoted(intent)}: where all peaks of the {len(peaks)} stems meet their sum reaches {most_dbtp:.1f} dBTP; "
        f"the mix stays under {STAGING_CEILING_DBTP:g} dBTP"
    )


def _staged_dbtp(bench: Bench, where: str) -> float | None:
    """The peak of a stem behind its gain; None for silence."""
    analysis = bench.context.analysis(where)
    peak = _peak(analysis) if analysis is not None else None
    draft = bench.find("gain", where)
    return None if peak is None else peak + (float(draft.parameters["gain_db"]) if draft is not None else 0.0)


def _peak(analysis: Analysis) -> float | None:
    strict = analysis.number("true_peak_strict")
    return strict if strict is not None else analysis.number("true_peak")
