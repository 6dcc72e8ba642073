"""The angle between left and right per band, and the delay between them."""

from __future__ import annotations

from typing import ClassVar

from bridge.analysis.metric import Metric
from bridge.analysis.metrics.stereo_bands import RANGES
from bridge.analysis.passes import Passes
from bridge.analysis.wording import number, pick

LONGEST_DELAY_S = 0.02

_ANGLES = (
    (30.0, "in phase"),
    (75.0, "partly out of phase"),
    (105.0, "unrelated, or a quarter turn apart"),
    (150.0, "mostly opposed"),
    (float("inf"), "opposed"),
)


class Phase(Metric):
    """One band of the front pair."""

    unit = "°"
    needs = ("pair",)
    low_hz: ClassVar[float]
    high_hz: ClassVar[float]

    def read(self, passes: Passes) -> float | str:
        return passes.pair.angle_deg(self.low_hz, self.high_hz)

    def explain(self, value: float | str) -> str:
        words = pick(number(value), _ANGLES)
        return (
            f"Left and right are {words} ({number(value):.0f}°) from {self.low_hz:g} to {self.high_hz:g} Hz."
        )


def _made(band: str) -> Phase:
    low_hz, high_hz = RANGES[band]
    body = {
        "name": f"phase_{band}",
        "source": "Own definition: median angle of the cross-spectrum of the front pair, weighted by its magnitude, "
        f"{low_hz:g} to {high_hz:g} Hz, from the frames of the first 5 s and one in 32 after that",
        "sentence": f"The angle between left and right in the {band} frequencies: 0 alike, 180 opposed.",
        "low_hz": low_hz,
        "high_hz": high_hz,
    }
    made: Phase = type(f"Phase{band.title()}", (Phase,), body)()
    return made


PHASES = tuple(_made(band) for band in RANGES)


class ChannelDelay(Metric):
    name = "channel_delay"
    unit = "ms"
    source = (
        "Generalised cross-correlation of the front pair within 20 ms, weighted by coherence over magnitude "
        "(C. Knapp and G. Carter, IEEE Trans. ASSP 24(4), 1976); positive where the right is later; "
        "told where they share four Bark bands or more"
    )
    sentence = "By how much one side comes later than the other, as with microphones apart."
    needs = ("pair",)

    def read(self, passes: Passes) -> float | str:
        samples, _ = passes.pair.delay(LONGEST_DELAY_S)
        return 1000.0 * samples / passes.stream.rate

    def explain(self, value: float | str) -> str:
        delay = number(value)
        if delay == 0.0:
            return "Left and right come at the same time."
        return f"The {'right' if delay > 0 else 'left'} side comes {abs(delay):.2f} ms later."


class ChannelDelayClarity(Metric):
    name = "channel_delay_clarity"
    unit = ""
    source = "Height of the peak of that cross-correlation: 1 for one sound that is only delayed"
    sentence = "How surely the delay of the channels is one delay, rather than a room or many sounds."
    needs = ("pair",)
    belongs_to = "channel_delay"

    def read(self, passes: Passes) -> float | str:
        return passes.pair.delay(LONGEST_DELAY_S)[1]

    def explain(self, value: float | str) -> str:
        return f"The delay is {'clear' if number(value) > 0.5 else 'no single one'} ({number(value):.2f})."
