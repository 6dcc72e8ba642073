"""Whether what sounds is one voice: several notes at once cannot be moved one by one."""

from __future__ import annotations

import numpy as np

from bridge.effects.dsp.held_notes import voiced
from bridge.effects.dsp.pitch_track import PitchTrack

_LEAST_PERIODIC = 0.6
"""Share of the power that repeats; a voice has over 0.9 in its vowels, a chord repeats in none of its periods."""

_NEARLY, _LEAST_NEARLY = 0.1, 0.66
"""How much of what repeats does so well: strings that beat do not (0.61 for an arpeggio that rings on), spoken words do
(0.72 at least, with noise 20 dB below)."""

_LEAST_PARTIALS = 0.001
"""A fifth repeats with half the lower note's pitch, where nothing sounds (own definition: -30 dB)."""


def why_not_single(track: PitchTrack) -> str:
    """The reason where it is not one voice, else "". Silence is none and needs no refusal."""
    power = np.where(track.power > 1e-5 * np.max(track.power, initial=0.0), track.power, 0.0)
    total = float(power.sum())
    if total <= 1e-12:
        return ""
    tones = voiced(track)
    periodic = float(power[tones].sum()) / total
    if periodic < _LEAST_PERIODIC:
        return f"several notes or noise: only {periodic:.0%} of the sound is one pitch"
    if float(power[track.aperiodic < _NEARLY].sum()) / total < _LEAST_NEARLY * periodic:
        return "several notes at once: what sounds hardly repeats from one period to the next"
    hollow = float(power[tones & (track.partials < _LEAST_PARTIALS)].sum()) / total
    if hollow > 0.5:
        return f"several notes at once: in {hollow:.0%} of the sound the common pitch itself is empty"
    return ""
