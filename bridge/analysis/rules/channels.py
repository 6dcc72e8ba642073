"""One side that drops out, is too loud or comes late; channels in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.reading import Analysis
from bridge.analysis.rules.stereo import too_short
from bridge.analysis.target import Target
from bridge.analysis.wording import counted

_ONE_SOURCE = 0.85
"""Clarity of a delay that only one sound on both sides has; wideners and detuned synths lie below."""

_ORDERS = {6: "L R C LFE Ls Rs"}


def channel_loss(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    count = analysis.number("channel_losses")
    if not count:
        return
    places = analysis.places("channel_losses")
    first = f", first at {places[0]:.2f} s" if places else ""
    yield Finding(
        "channel_loss",
        "channel_losses",
        count,
        "none",
        "fault",
        f"One side falls silent {counted(count, 'time')} while the other goes on{first}: a cable, a mute or an edit. "
        "Export it again.",
        None,
        places[0] if places else None,
    )


def imbalance(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """Bass that leans with the rest means a wrong level; a bass in the middle means that the mix is meant so."""
    whole, bass = analysis.number("balance"), analysis.number("balance_low")
    if whole is None or abs(whole) > 40.0 or too_short(analysis):
        return
    alike = analysis.number("correlation_low")
    wrong = bass is not None and bass * whole > 0 and abs(bass) > 1.5 and alike is not None and alike > 0.8
    leans = min(abs(whole), abs(bass)) if wrong and bass is not None else 0.0
    if abs(whole) <= 3.0 and leans <= 1.5:
        return
    side = "right" if whole > 0 else "left"
    severity: Severity = "warning" if leans > 3.0 else "note"
    why = (
        f"and the bass leans with it: turn that side down by about {leans:.1f} dB."
        if leans
        else "but the bass does not lean with it: an arrangement may be meant so."
    )
    yield Finding(
        "imbalance",
        "balance",
        whole,
        "within 1.5 dB",
        severity,
        f"The {side} side is {abs(whole):.1f} dB louder, {why}",
        _levelled(leans, whole) if leans else None,
    )


def _levelled(leans_db: float, whole_db: float) -> Remedy:
    """Back by as much as the bass leans, not by more: what else leans may be meant so."""
    raised_db = round(-leans_db if whole_db > 0 else leans_db, 1)
    side = "right" if raised_db > 0 else "left"
    return Remedy(
        f"balance {abs(raised_db):g} dB to the {side}", "balance", {"right_over_left_db": raised_db}
    )


def late_channel(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """From 0.2 ms on a delay combs audibly in mono (first notch at 2.5 kHz); only one clear delay is one."""
    delay, clear = analysis.number("channel_delay"), analysis.number("channel_delay_clarity")
    if delay is None or clear is None or abs(delay) < 0.2 or clear < 0.5 or analysis.seconds < 3.0:
        return
    side = "right" if delay > 0 else "left"
    yield Finding(
        "late_channel",
        "channel_delay",
        delay,
        "0 ms",
        "warning" if clear > _ONE_SOURCE else "note",
        f"The {side} side comes {abs(delay):.2f} ms later than the other. If both sides are one source, "
        f"that combs in mono (first notch at {500 / abs(delay):.0f} Hz): move it earlier by that much in your DAW. A "
        "widener or two takes are meant so.",
    )


def channel_order(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """In 5.1 only the LFE may hold nothing but bass, and it must hold nothing else."""
    highs = analysis.curves.get("channels", {}).get("above_250_hz_db", [])
    order = _ORDERS.get(analysis.channels)
    if order is None or len(highs) != analysis.channels or highs[3] is None or highs[3] < -10.0:
        return
    bassy = [n for n, high in enumerate(highs) if n != 3 and high is not None and high < -20.0]
    where = f"; channel {bassy[0] + 1} is the one that sounds like it" if len(bassy) == 1 else ""
    yield Finding(
        "channel_order",
        "correlation",
        None,
        order,
        "fault" if where else "warning",
        f"The fourth channel should be the LFE and holds more than bass{where}. "
        f"Channels may stand in the wrong order: {order} is expected. Export with that order.",
    )
