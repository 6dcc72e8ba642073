"""Planted defects: one file a finding code, each with `plant(audio, generator) -> Audio`.

A plant is a fault that a good engineer would name when hearing or metering the mix. Its strength is drawn from the span
that its docstring states: from the field's practice, never from what a rule happens to find.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bridge.audio import Audio
from tests.analysis.corpus.plants import (
    boom,
    boxy,
    brick_wall,
    broadband_noise,
    channel_loss,
    channel_order,
    clicks,
    clipped_tops,
    cut_end,
    cut_start,
    dc_offset,
    dead_channel,
    dropouts,
    dull,
    few_bits,
    harsh,
    hum,
    imbalance,
    inter_sample_overs,
    inverted_channel,
    late_channel,
    low_end_cancels,
    mono_as_stereo,
    mud,
    over_full_scale,
    resonance,
    sibilance,
    silence,
    thin,
)

Plant = Callable[[Audio, np.random.Generator], Audio]

PLANTS: dict[str, Plant] = {
    "silence": silence.plant,
    "brick_wall": brick_wall.plant,
    "broadband_noise": broadband_noise.plant,
    "channel_loss": channel_loss.plant,
    "channel_order": channel_order.plant,
    "cut_end": cut_end.plant,
    "cut_start": cut_start.plant,
    "imbalance": imbalance.plant,
    "inter_sample_overs": inter_sample_overs.plant,
    "late_channel": late_channel.plant,
    "over_full_scale": over_full_scale.plant,
    "clipped_tops": clipped_tops.plant,
    "dropouts": dropouts.plant,
    "clicks": clicks.plant,
    "hum": hum.plant,
    "dead_channel": dead_channel.plant,
    "few_bits": few_bits.plant,
    "dc_offset": dc_offset.plant,
    "inverted_channel": inverted_channel.plant,
    "low_end_cancels": low_end_cancels.plant,
    "mono_as_stereo": mono_as_stereo.plant,
    "mud": mud.plant,
    "boom": boom.plant,
    "harsh": harsh.plant,
    "dull": dull.plant,
    "boxy": boxy.plant,
    "thin": thin.plant,
    "resonance": resonance.plant,
    "sibilance": sibilance.plant,
}
"""By the code of the finding that must name it."""

WITH_IT: dict[str, frozenset[str]] = {
    "channel_order": frozenset({"imbalance"}),  # the first two are then no pair
    "over_full_scale": frozenset({"inter_sample_overs"}),
    "clipped_tops": frozenset({"over_full_scale", "inter_sample_overs"}),
    "dropouts": frozenset({"clicks"}),
    "few_bits": frozenset({"dc_offset", "broadband_noise"}),  # truncation shifts by half a step, and hisses
    "dc_offset": frozenset({"cut_start", "cut_end"}),  # the shift itself begins and ends with a step
    "brick_wall": frozenset({"dull"}),  # from 8 kHz on, where sound went over a rate of 16 kHz
    "broadband_noise": frozenset({"cut_start", "cut_end"}),
    "hum": frozenset({"cut_start", "cut_end"}),  # it runs before the first note and after the last
    "inverted_channel": frozenset({"low_end_cancels"}),
    "dull": frozenset({"brick_wall"}),
}
"""Codes that are true as well where a fault is planted, so that they are no false alarm there."""
