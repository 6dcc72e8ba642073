"""What a mastering engineer does to a mix that is sound: balance, width, glue, level, fades and dither.

Nothing here leaves a fault: the limiter turns down and never cuts, true peaks stay below full scale, the low end stays
in the middle, sound begins out of silence and ends in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.audio import Audio
from tests.analysis.corpus.tone import Curve, shaped, true_peak

Wave = NDArray[np.float64]

_THIRDS_HZ = 1000.0 * 2.0 ** (np.arange(-15, 13) / 3)


def usual_level_db(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Level of a third-octave band in finished popular music, dB: flat-topped around 60 to 120 Hz, then about 2 dB an
    octave down (5 dB an octave in the spectrum per Hz, Pestana et al., AES 135 (2013)), steeper from 4 kHz on."""
    octaves = np.log2(np.maximum(hz, 1.0) / 100.0)
    level = -2.0 * np.clip(octaves, 0, np.log2(40.0))
    level -= 5.0 * np.maximum(octaves - np.log2(40.0), 0)
    return level + 9.0 * np.minimum(octaves + 1.0, 0)


def balanced(audio: Audio, generator: np.random.Generator) -> Audio:
    """Most of the way to the usual tone, in two rounds of listening, then a taste of its own (see `_taste`)."""
    for _ in range(2):
        audio = shaped(audio, _equalizer(np.clip(0.6 * _missing_db(audio), -14, 8)))
    return shaped(audio, _equalizer(_taste(generator)))


def ordinary(audio: Audio) -> bool:
    """Whether tone and image are such as nobody would argue about.

    Tone within 9 dB of the usual from 80 Hz to 4 kHz, and no more than 18 dB darker from 5 to 10 kHz, where a piece of
    pure tones or an electric piano alone may end up. Left and right not opposed, neither in the body nor in the highs.
    """
    missing = _missing_db(audio)
    body = (_THIRDS_HZ > 75) & (_THIRDS_HZ < 4100)
    treble = (_THIRDS_HZ > 4900) & (_THIRDS_HZ < 10100)
    in_tone = np.abs(missing[body]).max() <= 9.0 and missing[treble].mean() <= 18.0
    return bool(in_tone and min(_correlations(audio)) > -0.1)


def _correlations(audio: Audio) -> list[float]:
    """Of left and right from 120 Hz to 2 kHz and from there to 20 kHz."""
    from scipy.fft import rfft

    spectra = rfft(audio.samples)
    found = []
    for low, high in ((120, 2000), (2000, 20000)):
        first, last = (round(hz * audio.frames / audio.rate) for hz in (low, high))
        left, right = spectra[:, first:last]
        power = np.vdot(left, left).real * np.vdot(right, right).real
        found.append(float(np.vdot(left, right).real / np.sqrt(power)))
    return found


def _missing_db(audio: Audio) -> NDArray[np.float64]:
    """What each third of an octave lacks to the usual tone."""
    from scipy.fft import rfft
    from scipy.ndimage import gaussian_filter1d

    power = (np.abs(rfft(audio.samples)) ** 2).sum(axis=0).astype(np.float64)
    hz = np.fft.rfftfreq(audio.frames, 1 / audio.rate)
    edges = np.searchsorted(hz, np.outer(_THIRDS_HZ, [2 ** (-1 / 6), 2 ** (1 / 6)]))
    bands = np.array([power[low : max(high, low + 1)].sum() for low, high in edges])
    level = 10 * np.log10(bands + 1e-9 * bands.max())
    missing = usual_level_db(_THIRDS_HZ) - level
    missing -= np.average(missing, weights=10 ** (level / 20))
    return np.asarray(gaussian_filter1d(missing, 1.0))


def _equalizer(thirds_db: NDArray[np.float64]) -> Curve:
    """Gains of thirds of an octave as a smooth curve, with a high-pass at 25 Hz."""

    def curve(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        gain = np.interp(np.log2(np.maximum(hz, 1.0)), np.log2(_THIRDS_HZ), thirds_db)
        return np.asarray(gain - 10 * np.log10(1 + (25.0 / np.maximum(hz, 0.01)) ** 6))

    return curve


def _taste(generator: np.random.Generator) -> NDArray[np.float64]:
    """How finished mixes of several genres differ, dB in each third of an octave.

    Bright or dark by half a dB an octave, bass and air up or down by 2 dB, 1.3 dB here and there (standard deviations).
    """
    from scipy.ndimage import gaussian_filter1d

    octaves = np.log2(_THIRDS_HZ / 700.0)
    taste = gaussian_filter1d(generator.normal(0, 3.0, _THIRDS_HZ.size), 1.5)
    taste += np.clip(generator.normal(0, 0.5), -1, 1) * octaves
    taste += np.clip(generator.normal(0, 2.0), -4, 4) * (octaves < -2.5)
    taste += np.clip(generator.normal(0, 2.0), -4, 4) * (octaves > 3.0)
    return np.asarray(taste)


def widened(audio: Audio, side_db: float, centred: float) -> Audio:
    """The side brought to `side_db` below the middle, without what leans to one side (by the share `centred`) and
    without anything below about 120 Hz."""
    mid = (audio.samples[0] + audio.samples[1]) / 2
    side = (audio.samples[0] - audio.samples[1]) / 2
    above = shaped(
        Audio(np.stack([mid, side]), audio.rate),
        lambda hz: -10 * np.log10(1 + (120 / np.maximum(hz, 1)) ** 4),
    ).samples.astype(np.float64)
    side = above[1] - centred * np.dot(above[0], above[1]) / (np.dot(above[0], above[0]) + 1e-9) * above[0]
    power = [float(np.mean(part.astype(np.float64) ** 2)) + 1e-12 for part in (mid, side)]
    side = side * np.clip((power[0] / power[1]) ** 0.5 * 10 ** (side_db / 20), 0, 4)
    return Audio(np.stack([mid + side, mid - side]).astype(np.float32), audio.rate)


def compressed(wave: Wave, rate: int, ratio: float) -> Wave:
    """A bus compressor: RMS over 50 ms, threshold at the sound's own level, soft release."""
    from scipy.ndimage import uniform_filter1d

    power = uniform_filter1d((wave**2).mean(axis=0), rate // 20)
    over_db = np.maximum(10 * np.log10((power + 1e-9) / (np.mean(wave**2) + 1e-9)), 0)
    gain_db = -uniform_filter1d(over_db, rate // 10) * (1 - 1 / ratio)
    return wave * 10 ** (gain_db / 20)


def limited(wave: Wave, rate: int, ceiling: float) -> Wave:
    """A lookahead limiter: the gain is smooth over 3 ms, so that no top is flat."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    window = rate // 300 | 1
    needed = np.minimum(1.0, ceiling / np.maximum(np.abs(wave).max(axis=0), 1e-9))
    gain = uniform_filter1d(uniform_filter1d(minimum_filter1d(needed, 2 * window), window), window)
    return wave * gain


def mastered(wave: Wave, rate: int, generator: np.random.Generator) -> Audio:
    """A finished stereo sound on a dithered 16 or 24-bit grid [shape=(2, frames)], true peak -0.5 dBTP or lower."""
    noise = generator.standard_normal(wave.shape) * 10 ** (generator.uniform(-95, -82) / 20)
    wave = wave / np.abs(wave).max() * 0.5 + noise
    side_db = float(generator.choice([-20.0, -12.0, -6.0, -2.0])) + generator.uniform(-2, 2)
    audio = widened(Audio(wave.astype(np.float32), rate), side_db, generator.uniform(0.7, 1.0))
    audio = balanced(audio, generator)
    wave = audio.samples.astype(np.float64)
    if generator.uniform() < 0.7:
        wave = compressed(wave, rate, generator.uniform(1.3, 3.0))
    if generator.uniform() < 0.3:
        drive = generator.uniform(0.6, 1.5) / np.abs(wave).max()
        wave = np.tanh(wave * drive) / drive
    wave = _loud(_without_dc(wave, rate), rate, generator)
    return _delivered(wave, rate, generator)


def _without_dc(wave: Wave, rate: int) -> Wave:
    """Compressors and limiters make some of a kick drum that leans to one side."""
    audio = shaped(
        Audio(wave.astype(np.float32), rate), lambda hz: -10 * np.log10(1 + (8 / np.maximum(hz, 0.01)) ** 4)
    )
    return audio.samples.astype(np.float64)


def _loud(wave: Wave, rate: int, generator: np.random.Generator) -> Wave:
    """Two in three are limited: by 1 dB in a ballad, by 6 dB in a dense master."""
    wave = wave / np.abs(wave).max()
    if generator.uniform() < 0.67:
        wave = limited(wave * 10 ** (generator.uniform(1.0, 6.0) / 20), rate, 1.0)
        wave = _without_dc(wave, rate)
    level = generator.uniform(-1.5, -0.5) if generator.uniform() < 0.6 else generator.uniform(-9.0, -1.5)
    return wave * (10 ** (level / 20) / true_peak(wave))


def _delivered(wave: Wave, rate: int, generator: np.random.Generator) -> Audio:
    """Silence, a short fade in, a long one out, silence; then the grid of 16 or 24 bits."""
    wave = wave * np.minimum(1, np.arange(wave.shape[1]) / (0.005 * rate))
    out = round(generator.uniform(0.4, 2.0) * rate)
    wave[:, -out:] *= np.cos(np.linspace(0, np.pi / 2, out)) ** 2
    wave = np.pad(
        wave, ((0, 0), (round(generator.uniform(0.03, 0.3) * rate), round(generator.uniform(0, 0.6) * rate)))
    )
    step = 2.0 ** -(15 if generator.uniform() < 0.5 else 23)
    wave = wave + (generator.random(wave.shape) - generator.random(wave.shape)) * step
    return Audio((np.round(wave / step) * step).astype(np.float32), rate)
