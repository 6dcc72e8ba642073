"""Effects: one file each. To add one, write the file and add its class to EFFECTS."""

from __future__ import annotations

from bridge.effects.align import Align
from bridge.effects.balance import Balance
from bridge.effects.channels import Channels
from bridge.effects.chorus import Chorus
from bridge.effects.compressor import Compressor
from bridge.effects.convolution_reverb import ConvolutionReverb
from bridge.effects.de_esser import DeEsser
from bridge.effects.declick import Declick
from bridge.effects.declip import Declip
from bridge.effects.dehum import Dehum
from bridge.effects.delay import Delay
from bridge.effects.denoise import Denoise
from bridge.effects.dynamic_equalizer import DynamicEqualizer
from bridge.effects.effect import Effect
from bridge.effects.enhancer import Enhancer
from bridge.effects.equalizer import Equalizer
from bridge.effects.fade import Fade
from bridge.effects.flanger import Flanger
from bridge.effects.gain import Gain
from bridge.effects.gate import Gate
from bridge.effects.hosted_plugin import HostedPlugin
from bridge.effects.limiter import Limiter
from bridge.effects.loudness import Loudness
from bridge.effects.multiband_compressor import MultibandCompressor
from bridge.effects.pan import Pan
from bridge.effects.phaser import Phaser
from bridge.effects.pitch_corrector import PitchCorrector
from bridge.effects.pitch_shift import PitchShift
from bridge.effects.reverb import Reverb
from bridge.effects.saturation import Saturation
from bridge.effects.stereo_width import StereoWidth
from bridge.effects.time_stretch import TimeStretch
from bridge.effects.transient_shaper import TransientShaper
from bridge.effects.tremolo import Tremolo
from bridge.effects.trim import Trim

EFFECTS: tuple[type[Effect], ...] = (
    Channels,
    Declip,
    Declick,
    Dehum,
    Denoise,
    Align,
    Gate,
    Trim,
    PitchCorrector,
    TimeStretch,
    PitchShift,
    Gain,
    Equalizer,
    DynamicEqualizer,
    DeEsser,
    TransientShaper,
    Compressor,
    MultibandCompressor,
    Saturation,
    Enhancer,
    HostedPlugin,
    Chorus,
    Flanger,
    Phaser,
    Tremolo,
    Delay,
    Reverb,
    ConvolutionReverb,
    Balance,
    StereoWidth,
    Pan,
    Fade,
    Loudness,
    Limiter,
)
"""In the order of a chain: by stage, and within a stage as they stand here."""

BY_NAME: dict[str, type[Effect]] = {effect.name: effect for effect in EFFECTS}
