"""The auto tools by name: each is the judgement of one effect (`Effect.auto`), asked for by itself."""

from __future__ import annotations

from difflib import get_close_matches

from bridge.effects import BY_NAME
from bridge.errors import BadInput

TOOLS: dict[str, str] = {
    "AutoGain": "gain",
    "AutoEQ": "equalizer",
    "AutoCompressor": "compressor",
    "AutoLimiter": "limiter",
    "AutoReverb": "reverb",
    "AutoDelay": "delay",
    "AutoNoiseReduction": "denoise",
    "AutoEnhancer": "enhancer",
    "AutoStereoWidener": "stereo_width",
    "AutoPitchCorrector": "pitch_corrector",
    "AutoTimeStretcher": "time_stretch",
}
"""Name of the tool -> effect whose judgement it is. What the words for one are stands in the lexicon (`autos`)."""

EVERYTHING = "everything"
"""In the lexicon's `autos`, beside the effects: all judgements that look for a need, one after the other."""

NEEDS: tuple[str, ...] = (
    "declip", "declick", "dehum", "denoise", "gain", "equalizer", "de_esser", "compressor", "enhancer", "stereo_width",
    "pitch_corrector", "limiter",
)  # fmt: skip
"""What "everything" asks. Echoes and rooms are taste, which no measurement calls for, and a stretch to a whole tempo
takes a song out of its session: these three wait to be asked for by name."""
LEFT_TO_TASTE = (
    "Reverb, delay and time stretch are left to you, as nothing measured calls for them: "
    'say "auto reverb", "auto delay" or "auto stretch" too.'
)


def effect_of(name: str) -> str:
    """The effect behind a tool's or an effect's name, however it is spelt ("AutoEQ", "auto_eq", "equalizer").

    Raises BadInput with the nearest names for one that there is not.
    """
    known = {_spelt(tool): effect for tool, effect in TOOLS.items()}
    known |= {_spelt(effect): effect for effect in BY_NAME if effect != "hosted_plugin"}
    found = known.get(_spelt(name))
    if found is None:
        near = get_close_matches(_spelt(name)[:80], known, 3, 0.5)
        meant = f" Nearest: {', '.join(known[word] for word in near)}." if near else ""
        raise BadInput(f"There is no auto tool {name[:80]!r}.{meant} There are {', '.join(TOOLS)}.")
    return found


def title_of(effect: str) -> str:
    """The tool's name, or the effect's own title where it is no tool of a name."""
    return next((tool for tool, name in TOOLS.items() if name == effect), BY_NAME[effect].title)


def _spelt(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")
