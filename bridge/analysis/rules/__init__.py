"""Rules: each looks at an analysis (and a target) and says what it finds. One file a subject, one tuple entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bridge.analysis.finding import Finding
from bridge.analysis.reading import Analysis
from bridge.analysis.rules.defects import clicks, clipped, dead_channel, dropouts, few_bits, hum
from bridge.analysis.rules.levels import dc_offset, over_full_scale, silence
from bridge.analysis.rules.stereo import inverted_channel, low_end_cancels, mono_as_stereo
from bridge.analysis.rules.target import against_target
from bridge.analysis.rules.tone import boomy, dull, harsh, muddy
from bridge.analysis.target import Target

Rule = Callable[[Analysis, Target | None], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    silence,
    over_full_scale,
    clipped,
    dropouts,
    clicks,
    hum,
    dead_channel,
    few_bits,
    dc_offset,
    inverted_channel,
    low_end_cancels,
    mono_as_stereo,
    muddy,
    boomy,
    harsh,
    dull,
    against_target,
)
