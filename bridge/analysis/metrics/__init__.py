"""All metrics, in the order in which people read them. A metric is one file here and one entry of METRICS."""

from __future__ import annotations

from bridge.analysis.metric import Metric
from bridge.analysis.metrics.balance import Balance, BalanceLow
from bridge.analysis.metrics.bands import BANDS
from bridge.analysis.metrics.bandwidth import Bandwidth, BandwidthDrop
from bridge.analysis.metrics.bit_depth_used import BitDepthUsed
from bridge.analysis.metrics.channel_losses import ChannelLosses
from bridge.analysis.metrics.correlation import Correlation
from bridge.analysis.metrics.crest_factor import CrestFactor
from bridge.analysis.metrics.dc_offset import DcOffset
from bridge.analysis.metrics.dc_offset_worst import DcOffsetWorst
from bridge.analysis.metrics.dc_steadiness import DcSteadiness
from bridge.analysis.metrics.defect_counts import DEFECT_COUNTS
from bridge.analysis.metrics.duration import Duration
from bridge.analysis.metrics.dynamic_range import DynamicRange
from bridge.analysis.metrics.edge_levels import EndLevel, StartLevel
from bridge.analysis.metrics.edge_silence import LeadInSilence, LeadOutSilence
from bridge.analysis.metrics.hiss import HISS
from bridge.analysis.metrics.hum import Hum, HumFrequency
from bridge.analysis.metrics.integrated_loudness import IntegratedLoudness
from bridge.analysis.metrics.inter_sample_overs import InterSampleOvers
from bridge.analysis.metrics.key import Key
from bridge.analysis.metrics.key_confidence import KeyConfidence
from bridge.analysis.metrics.loudness_range import LoudnessRange
from bridge.analysis.metrics.momentary_max import MomentaryMax
from bridge.analysis.metrics.noise_floor import NoiseFloor
from bridge.analysis.metrics.onset_rate import OnsetRate
from bridge.analysis.metrics.phase import PHASES, ChannelDelay, ChannelDelayClarity
from bridge.analysis.metrics.plr import Plr
from bridge.analysis.metrics.psr import Psr
from bridge.analysis.metrics.resonance import Resonance
from bridge.analysis.metrics.rms import Rms
from bridge.analysis.metrics.rms_aes17 import RmsAes17
from bridge.analysis.metrics.sample_peak import SamplePeak
from bridge.analysis.metrics.short_term_max import ShortTermMax
from bridge.analysis.metrics.sibilance import Sibilance
from bridge.analysis.metrics.side_to_mid import SideToMid
from bridge.analysis.metrics.spectral_centroid import SpectralCentroid
from bridge.analysis.metrics.spectral_tilt import SpectralTilt
from bridge.analysis.metrics.stereo_bands import STEREO_BANDS, MonoLoss
from bridge.analysis.metrics.tempo import Tempo
from bridge.analysis.metrics.tempo_confidence import TempoConfidence
from bridge.analysis.metrics.tone import TONE
from bridge.analysis.metrics.transient_strength import TransientStrength
from bridge.analysis.metrics.true_peak import TruePeak
from bridge.analysis.metrics.true_peak_strict import TruePeakStrict
from bridge.analysis.metrics.tuning import Tuning
from bridge.errors import BadInput

METRICS: tuple[Metric, ...] = (
    Duration(),
    IntegratedLoudness(),
    MomentaryMax(),
    ShortTermMax(),
    LoudnessRange(),
    TruePeak(),
    TruePeakStrict(),
    SamplePeak(),
    Rms(),
    RmsAes17(),
    CrestFactor(),
    Plr(),
    Psr(),
    DynamicRange(),
    NoiseFloor(),
    *HISS,
    LeadInSilence(),
    LeadOutSilence(),
    StartLevel(),
    EndLevel(),
    BitDepthUsed(),
    *DEFECT_COUNTS,
    InterSampleOvers(),
    ChannelLosses(),
    Hum(),
    HumFrequency(),
    DcOffset(),
    DcSteadiness(),
    DcOffsetWorst(),
    Correlation(),
    SideToMid(),
    Balance(),
    BalanceLow(),
    MonoLoss(),
    *STEREO_BANDS,
    *PHASES,
    ChannelDelay(),
    ChannelDelayClarity(),
    SpectralCentroid(),
    SpectralTilt(),
    Bandwidth(),
    BandwidthDrop(),
    *BANDS,
    *TONE,
    Sibilance(),
    Resonance(),
    Tempo(),
    TempoConfidence(),
    OnsetRate(),
    TransientStrength(),
    Key(),
    KeyConfidence(),
    Tuning(),
)

BY_NAME = {metric.name: metric for metric in METRICS}


def unit_of(name: str) -> str:
    """The unit of a metric's value. Raises BadInput for a name that no metric has."""
    if name not in BY_NAME:
        raise BadInput(f"There is no metric {name!r}; `dawbridge metrics` lists them.")
    return BY_NAME[name].unit
