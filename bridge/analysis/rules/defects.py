"""Flat tops, clicks, dropouts, hum, a dead channel, lost bits: what editing or recording has broken."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy, Severity
from bridge.analysis.metrics.hum import HUM_DB
from bridge.analysis.reading import Analysis
from bridge.analysis.rules.stereo import too_short
from bridge.analysis.target import Target
from bridge.analysis.wording import counted


def _counted(
    analysis: Analysis, metric: str, least: int, severity: Severity, sentence: str, remedy: Remedy | None
) -> Iterator[Finding]:
    count = analysis.number(metric)
    if count is None or count < least:
        return
    places = analysis.places(metric.removesuffix("_tops"))
    place = "at" if count == 1 else "the first at"
    first = f", {place} {places[0]:.2f} s" if places else ""
    yield Finding(
        metric,
        metric,
        count,
        "none" if least == 1 else f"fewer than {least}",
        severity,
        sentence.format(places=counted(count, "place"), first=first),
        remedy,
        places[0] if places else None,
    )


def clipped(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """Two flat tops may be chance."""
    words = (
        "The tops are cut flat in {places} of 10 ms{first}: it was clipped. Export it again, softer; "
        "what is lost can only be guessed."
    )
    return _counted(analysis, "clipped_tops", 3, "fault", words, Remedy("declip", "declip", {}))


def clicks(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    words = "Clicks in {places}{first}: a bad edit or lost samples."
    return _counted(analysis, "clicks", 1, "warning", words, Remedy("remove the clicks", "declick", {}))


def dropouts(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    words = "The sound drops out in {places}{first}. Export it again."
    return _counted(analysis, "dropouts", 1, "fault", words, None)


def hum(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """Four lines at once at multiples of one frequency within 0.15 % of 50 or 60 Hz are no music in 440 Hz tuning."""
    value, mains = analysis.number("hum"), analysis.number("hum_frequency")
    if value is None or mains is None or value < HUM_DB:
        return
    yield Finding(
        "hum",
        "hum",
        value,
        f"below {HUM_DB:.0f} dB",
        "warning",
        f"Mains hum of {mains:.0f} Hz with its harmonics stands {value:.0f} dB clearer than lines beside it.",
        Remedy(f"remove the {mains:.0f} Hz hum", "dehum", {"mains_hz": mains}),
    )


def dead_channel(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """Digital silence on one side, or nothing but what its converter hisses: 40 dB below the other is no panning."""
    reading, balance = analysis.readings.get("correlation"), analysis.number("balance")
    silent = reading is not None and reading.reason == "one channel is silent"
    if too_short(analysis) or (not silent and (balance is None or abs(balance) < 40.0)):
        return
    side = "One channel" if not balance else f"The {'left' if balance > 0 else 'right'} channel"
    yield Finding(
        "dead_channel",
        "balance",
        balance,
        "sound on both sides",
        "fault",
        f"{side} is silent: a cable, a pan or an export is wrong.",
    )


def few_bits(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """Below 16 bits nobody delivers today."""
    bits = analysis.number("bit_depth_used")
    if bits is None or not 3 <= bits < 16:
        return
    yield Finding(
        "few_bits",
        "bit_depth_used",
        bits,
        "at least 16 bit",
        "warning",
        f"The samples use {bits:.0f} bits only: they were truncated somewhere. Go back to the source.",
    )
