"""What the relation of left and right gives away."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.analysis.finding import Finding, Remedy
from bridge.analysis.reading import Analysis
from bridge.analysis.target import Target

_SHORTEST_S = 0.2


def too_short(analysis: Analysis) -> bool:
    """Whether the sound is so short that chance decides how its channels lie to each other."""
    return 0 < analysis.frames < _SHORTEST_S * analysis.rate


def _inverted(analysis: Analysis) -> bool:
    """A channel that is turned over is so above the bass too; bass alone can pull the whole correlation down."""
    if too_short(analysis):
        return False
    whole, middle = analysis.number("correlation"), analysis.number("correlation_mid")
    return whole is not None and whole < -0.5 and (middle is None or middle < -0.3)


def inverted_channel(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    value = analysis.number("correlation")
    if value is None or too_short(analysis):
        return
    if not _inverted(analysis):
        yield from _inverted_for_a_while(analysis, value)
        return
    yield Finding(
        "inverted_channel",
        "correlation",
        value,
        "above -0.5",
        "fault",
        f"Left and right are opposed (correlation {value:+.2f}): in mono most of the sound disappears. "
        "One channel is probably inverted.",
        Remedy("invert the right channel", "channels", {"invert_right": True}),
    )


def _inverted_for_a_while(analysis: Analysis, value: float) -> Iterator[Finding]:
    places = analysis.places("inverted")
    if places:
        yield Finding(
            "inverted_channel",
            "correlation",
            value,
            "no part turned over",
            "fault",
            f"From {places[0]:.1f} s on left and right are opposed for a while, and agree beside it: one channel is "
            "turned over there, and in mono most of that part disappears. Invert one side of it in your DAW.",
            None,
            places[0],
        )


def mono_as_stereo(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    correlation = analysis.number("correlation")
    side = analysis.readings.get("side_to_mid")
    if correlation is None or side is None or correlation < 0.999 or too_short(analysis):
        return
    if side.number is None or side.number < -60:
        yield Finding(
            "mono_as_stereo",
            "correlation",
            correlation,
            "below 1",
            "note",
            "Left and right are the same: this is a mono sound in a stereo file, as a single voice or a bass often "
            "should be. There is no side that could be made wider.",
        )


def low_end_cancels(analysis: Analysis, target: Target | None) -> Iterator[Finding]:
    """6 dB is twice what unrelated sides lose; a wholly inverted channel is named as such instead."""
    loss = analysis.number("mono_loss_low")
    if loss is None or loss < 6.0 or too_short(analysis) or _inverted(analysis):
        return
    yield Finding(
        "low_end_cancels",
        "mono_loss_low",
        loss,
        "below 6 dB",
        "warning",
        f"Below 120 Hz the sides work against each other: in mono the bass loses {loss:.0f} dB.",
        Remedy("keep the bass mono", "stereo_width", {"mono_below_hz": 120.0}),
    )
