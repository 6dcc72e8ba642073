"""What a tool is for, in plain words: the answer to "what does a limiter do?".

The declaration of an effect says how it works, to those who know what it is; this is for all others.
"""

from __future__ import annotations

from bridge.effects import BY_NAME
from bridge.planning.lexicon import Lexicon

PLAIN = {
    "channels": "Polarity turns a waveform upside down, so that two recordings of one thing add up instead of "
    "cancelling; swapping exchanges left and right.",
    "declip": "A declipper draws the tops of waves back in that were cut off because the recording was too loud.",
    "declick": "A declicker finds clicks, pops and crackle, and fills the gaps from what is around.",
    "dehum": "Hum removal takes out the tone of the mains, 50 or 60 Hz, and its overtones.",
    "denoise": "Noise reduction learns the steady hiss or rumble behind a recording and turns it down.",
    "align": "Time alignment moves a track a little earlier or later, so that two microphones hear the same moment.",
    "gate": "A gate lets a sound through while it is loud enough and closes in between, so bleed and noise go.",
    "trim": "Trimming cuts off the start or the end, or the silence there.",
    "pitch_corrector": "Pitch correction moves notes that are sung or played off pitch to the nearest right one.",
    "time_stretch": "Time stretch makes a sound longer or shorter without changing its pitch.",
    "pitch_shift": "Pitch shift makes a sound higher or lower without changing its length.",
    "gain": "Gain makes everything louder or quieter by the same number of decibels.",
    "equalizer": "An equalizer turns some frequencies up or down: less bass, more treble, a narrow cut where it booms.",
    "dynamic_equalizer": "A dynamic equalizer turns a frequency down only while it is too loud, and leaves it alone "
    "otherwise.",
    "de_esser": "A de-esser turns down the sharp s and t of a voice, only while they are there.",
    "transient_shaper": "A transient shaper makes the start of each hit stronger or softer, and what rings after it "
    "longer or shorter.",
    "compressor": "A compressor turns down what is louder than its threshold, so that loud and soft come closer "
    "together; the ratio says by how much, attack and release how fast.",
    "multiband_compressor": "A multiband compressor compresses bass, mids and treble each by itself, so that a loud "
    "bass does not pull the rest down.",
    "saturation": "Saturation bends the wave as tape, tubes and amplifiers do: overtones, warmth, and with more drive "
    "distortion.",
    "enhancer": "An enhancer makes new overtones above the treble that is there, for sparkle that an equalizer "
    "cannot raise.",
    "hosted_plugin": "A hosted plugin is one of your own VST3 or AU plugins, played inside the plan.",
    "chorus": "A chorus adds copies that drift a little in time and pitch, as several players do.",
    "flanger": "A flanger adds a copy whose tiny delay sweeps: the sound of a passing jet.",
    "phaser": "A phaser sweeps a few notches through the sound: a slow swirl.",
    "tremolo": "A tremolo makes the level swing; from side to side it is an auto-pan.",
    "delay": "A delay repeats the sound as echoes, each quieter than the one before.",
    "reverb": "A reverb puts the sound in a room: many reflections that fade away over its decay time.",
    "convolution_reverb": "A convolution reverb puts the sound in a recorded or modelled space: a hall, a plate, a "
    "spring.",
    "balance": "Balance raises one side and lowers the other, so that both are equally loud.",
    "stereo_width": "Stereo width makes what differs between left and right louder (wider) or quieter (towards mono).",
    "pan": "Panning puts a sound to the left, to the right or between them.",
    "fade": "A fade lets a sound begin or end gradually.",
    "loudness": "Loudness is how loud a whole track is heard, in LUFS; the target brings it there without going over "
    "its ceiling.",
    "limiter": "A limiter lets no peak over its ceiling, so that a track can be made louder without clipping.",
}
"""By the name of the effect."""


def explained(topics: tuple[str, ...], question: str, lexicon: Lexicon) -> list[str]:
    """ "What is a compressor": said with "a", a tool is meant and not the one in the plan."""
    return [PLAIN[name] for name in tools(topics) if _any_such(name, question, lexicon)]


def tools(topics: tuple[str, ...]) -> list[str]:
    """The effects that a question names."""
    names = (topic.removeprefix("effect:") for topic in topics if topic.startswith("effect:"))
    return [name for name in dict.fromkeys(names) if name in PLAIN]


def _any_such(effect: str, question: str, lexicon: Lexicon) -> bool:
    """Whether the effect is named behind "a" or "an"; French joins both to the word before ("qu'un")."""
    spelt = question.lower().replace("-", " ").replace("'", " ")
    called = (BY_NAME[effect].title.lower(), *BY_NAME[effect].words, *lexicon.effects.get(effect, ()))
    names = {word.lower().replace("-", " ") for word in called}
    articles = lexicon.little_words.all("article")
    return any(f" {article} {name} " in f" {spelt} " for article in articles for name in names)
