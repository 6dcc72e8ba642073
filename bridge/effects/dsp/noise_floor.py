"""Tells a bare noise floor from quiet music: what must not be lifted to a loudness target.

The metric `noise_floor` answers another question (how loud the quietest moments are, whatever sounds in them), and the
metric `hiss` one about the quiet moments alone; here the whole sound must be noise. Its spectra are finer than those of
the analysis, octave by octave, and are taken only of sounds so quiet that hardly any is asked about.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Samples
from bridge.effects.processor import Sound

QUIETER_THAN_LUFS = -50.0
STEADY_LU = 3.0
FLAT = 0.7

_WINDOW = 4096
_MOST_WINDOWS = 400


def is_noise(sound: Sound) -> bool:
    """Steady and without tones: its power spectrum is flat within each octave from 100 Hz to 12.8 kHz.

    Flatness is the geometric mean over the arithmetic mean of the averaged spectrum (Johnston, IEEE JSAC 6, 1988),
    median over the octaves; averaged noise comes near 1 whatever its colour, a single tone near 0.
    """
    powers = _spectra(sound)
    if len(powers) < 4:
        return False
    levels = 10 * np.log10(powers.sum(axis=1) + 1e-30)
    steady = float(np.percentile(levels, 95) - np.percentile(levels, 10)) <= STEADY_LU
    return steady and _flatness(powers.mean(axis=0), sound.rate) >= FLAT


def _spectra(sound: Sound) -> NDArray[np.float64]:
    """Power spectra of windows spread over the sound, summed over channels [shape=(windows, bins)]."""
    step = max(1, sound.frames // _WINDOW // _MOST_WINDOWS)
    taken: list[NDArray[np.float64]] = []
    count = 0
    held = np.zeros((sound.channels, 0), np.float32)
    for block in sound.blocks():
        held = np.concatenate([held, block], axis=1)
        while held.shape[1] >= _WINDOW:
            if count % step == 0:
                taken.append(_power(held[:, :_WINDOW]))
            count += 1
            held = held[:, _WINDOW:]
    return np.array(taken).reshape(len(taken), -1)


def _power(window: Samples) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(window.astype(np.float64) * np.hanning(_WINDOW))
    return np.asarray((np.abs(spectrum) ** 2).sum(axis=0), np.float64)


def _flatness(power: NDArray[np.float64], rate: int) -> float:
    frequency = np.arange(len(power)) * rate / _WINDOW
    octaves = []
    for low in 100.0 * 2.0 ** np.arange(7):
        inside = power[(frequency >= low) & (frequency < 2 * low) & (frequency < 0.45 * rate)] + 1e-30
        if len(inside) >= 8:
            octaves.append(float(np.exp(np.log(inside).mean()) / inside.mean()))
    return float(np.median(octaves)) if octaves else 0.0
