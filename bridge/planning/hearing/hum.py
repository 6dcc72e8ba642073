"""Mains hum -> narrow bells at its harmonics."""

from __future__ import annotations

from bridge.analysis.metrics.hum import HUM_DB
from bridge.analysis.notches import hum_notches
from bridge.analysis.reading import Analysis
from bridge.planning.frames import Frame
from bridge.planning.hearing.ear import Ear
from bridge.planning.polarity import Polarity
from bridge.planning.tokens import Token


def hear_hum(ear: Ear, frame: Frame, wish: Polarity) -> list[Token]:
    """ "remove the 60 Hz hum"; where no frequency is said, the one that was heard in the sound."""
    said = frame.quantities("hz")[:1]
    if wish.wish == "keep" or frame.has("more"):
        return said
    for where in ear.wheres(frame):
        analysis = ear.context.analysis(where)
        mains = said[0].middle if said else _heard_hz(analysis)
        if mains is None:
            ear.question = f"{frame.text}: no hum was heard; is it of 50 or of 60 Hz?"
            return said
        place = Frame(frame.subject, frame.tokens, frame.opener, frame.text, frame.confidence, (where,))
        for band in hum_notches(analysis, mains):
            ear.add(place, "band", "", -1.0, band)
    return said


def _heard_hz(analysis: Analysis | None) -> float | None:
    clear = analysis.number("hum") if analysis is not None else None
    return analysis.number("hum_frequency") if analysis is not None and clear and clear >= HUM_DB else None
