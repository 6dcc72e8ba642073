"""Rules: each looks at an analysis (and a target) and says what it finds. One file a subject, one tuple entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis
from bridge.analysis.rules.channels import channel_loss, channel_order, imbalance, late_channel
from bridge.analysis.rules.defects import clicks, clipped, dead_channel, dropouts, few_bits, hum
from bridge.analysis.rules.edges import cut_end, cut_start
from bridge.analysis.rules.levels import dc_offset, inter_sample_overs, over_full_scale, silence
from bridge.analysis.rules.noise import broadband_noise
from bridge.analysis.rules.origin import brick_wall
from bridge.analysis.rules.resonances import resonance
from bridge.analysis.rules.sibilance import sibilance
from bridge.analysis.rules.stereo import inverted_channel, low_end_cancels, mono_as_stereo
from bridge.analysis.rules.target import against_target
from bridge.analysis.rules.tone import boomy, boxy, dull, harsh, muddy, thin
from bridge.analysis.target import Target

Rule = Callable[[Analysis, Target | None], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    silence,
    over_full_scale,
    inter_sample_overs,
    clipped,
    dropouts,
    clicks,
    hum,
    broadband_noise,
    dead_channel,
    channel_loss,
    channel_order,
    imbalance,
    late_channel,
    few_bits,
    brick_wall,
    cut_start,
    cut_end,
    dc_offset,
    inverted_channel,
    low_end_cancels,
    mono_as_stereo,
    boomy,
    muddy,
    boxy,
    harsh,
    thin,
    dull,
    resonance,
    sibilance,
    against_target,
)
