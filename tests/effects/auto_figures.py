"""What each auto tool reaches, as one figure beside its aim: for the tests and for `tests.benchmarks.auto_tools`.

Every effect is what `auto` (or `towards`) decided for the analysis of the sound; only what is said is set by hand.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import fftconvolve

from bridge.analysis import analyze
from bridge.analysis.reading import Analysis
from bridge.audio import Audio
from bridge.effects import Delay, Enhancer, Gain, Reverb, StereoWidth
from tests import signals
from tests.analysis.corpus import recordings
from tests.effects.judges import lufs, true_peak_dbtp
from tests.effects.streams import apply, impulse, level_db
from tests.effects.test_colour import aliases_db, levels_db
from tests.effects.test_space import rt60_s

RATE = 44100
LOOPS = ("loop_compus", "loop_tabla", "loop_amen", "loop_mika")
SLOW = ("tempo", "key")


def loop(name: str, level: float = 0.7, seconds: float = 6.0) -> Audio:
    """A real recording, two channels."""
    wave = recordings.at_speed(name, RATE, 1.0)
    wave = np.tile(wave, (1, int(np.ceil(seconds * RATE / wave.shape[1]))))[:, : round(seconds * RATE)]
    return Audio((level * wave).astype(np.float32), RATE)


def staged(audio: Audio) -> tuple[float, float]:
    """AutoGain: dB that the nearer of both goals (-18 dBFS RMS, -6 dBTP) is missed by, and dBTP over the ceiling."""
    found = Gain.auto(analyze(audio, SLOW))
    out = audio.samples if found is None else apply(found, audio)
    peak = true_peak_dbtp(out)
    return min(abs(level_db(out) + 18.0), abs(peak + 6.0)), peak + 6.0


def summed_peak_dbtp(stems: dict[str, Audio]) -> float:
    """AutoGain: true peak of the sum of stems, each of them staged together with the others."""
    import bridge

    plan = bridge.auto("AutoGain", {name: analyze(audio, SLOW) for name, audio in stems.items()}).plan
    gains = {step.where: step.parameters["gain_db"] for step in plan.steps if step.effect == "gain"}
    total = sum(audio.samples * 10 ** (gains.get(name, 0.0) / 20) for name, audio in stems.items())
    return true_peak_dbtp(total * 10 ** (gains.get("mix", 0.0) / 20))


def with_tempo(bpm: float, onsets_hz: float = 3.0) -> Analysis:
    readings = {"rms": -18.0, "tempo": bpm, "tempo_confidence": 0.9, "onset_rate": onsets_hz}
    return Analysis.from_readings(readings, rate=RATE, channels=2, frames=60 * RATE)


def echo_error_ms(bpm: float, beats: float) -> float:
    """AutoDelay: how far the loudest echo of an impulse lies from the note, counted between 70 and 180 BPM."""
    found = Delay.auto(with_tempo(bpm))
    effect = Delay(**{**found.parameters(), "note_beats": beats})
    out = apply(effect, impulse(5.0, RATE))[0]
    first = int(np.argmax(np.abs(out[1:]))) + 1
    counted = bpm * 2 if bpm < 70 else bpm / 2 if bpm > 180 else bpm
    return abs(first / RATE * 1000 - beats * 60_000 / counted)


def feedback_error_db(bpm: float) -> float:
    """AutoDelay: how far each echo is from `feedback` times the one before, and tail that is cut off within 60 dB."""
    found = Delay.auto(with_tempo(bpm))
    out = np.abs(apply(found, impulse(0.1, RATE), found.tail_s())[0])
    step = round(found.time_ms * RATE / 1000)
    heights = [out[k * step - 2 : k * step + 3].max() for k in range(1, 5)]
    return float(np.abs(np.diff(20 * np.log10(heights)) - 20 * np.log10(found.feedback)).max())


def room(bpm: float, onsets_hz: float) -> dict[str, float]:
    """AutoReverb: its decay against what it says (%), energy of the wet sound against the dry (dB off what `mix` says),
    correlation of both sides of the wet sound, and ms by which the dry sound is moved."""
    found = Reverb.auto(with_tempo(bpm, onsets_hz))
    plain = found.model_copy(update={"damping": 0.0, "low_cut_hz": 0.0, "high_cut_hz": 0.0})
    wet = apply(plain.model_copy(update={"mix": 1.0}), impulse(0.1, RATE, 2), 1.3 * found.decay_s)
    noise = signals.white(-20, 3.0, RATE, channels=1, seed=3)
    dry = Audio(np.tile(noise.samples, (2, 1)), RATE)
    out = apply(plain, dry)
    gain = np.cos(found.mix * np.pi / 2)
    steady = slice(2 * RATE, 3 * RATE)
    rest = level_db((out - gain * dry.samples)[:, steady]) - level_db(dry.samples[:, steady])
    lag = fftconvolve(out[0], dry.samples[0, ::-1])
    return {
        "decay": max(abs(rt60_s(side, RATE) / found.decay_s - 1) * 100 for side in wet),
        "wet": abs(rest - 20 * np.log10(np.sin(found.mix * np.pi / 2))),
        "correlation": float(np.corrcoef(wet[0], wet[1])[0, 1]),
        "moved": abs(int(np.argmax(np.abs(lag))) - (dry.frames - 1)) / RATE * 1000,
    }


def dulled(audio: Audio) -> Audio:
    """Treble falling 6 dB an octave more above 1 kHz."""
    hz = np.fft.rfftfreq(audio.frames, 1 / audio.rate)
    down = 1.0 / np.maximum(1.0, hz / 1000)
    return Audio(np.fft.irfft(np.fft.rfft(audio.samples) * down, audio.frames).astype(np.float32), audio.rate)


def enhanced(audio: Audio) -> tuple[Enhancer, float]:
    """AutoEnhancer: what it decides for a dull sound, and LU by which the loudness moves."""
    found = Enhancer.auto(analyze(audio, SLOW))
    assert found is not None
    return found, abs(lufs(Audio(apply(found, audio), audio.rate)) - lufs(audio))


def harmonics_of(effect: Enhancer) -> tuple[float, float]:
    """AutoEnhancer: dB that the harmonics of a tone are off what was decided, and the highest alias in dB."""
    out = apply(effect, signals.sine(4000, -12, 2.0, RATE, channels=1))[0]
    level = levels_db(out, RATE)
    power = sum(
        10 ** (level[4000 * n] / 10) for n in range(2, RATE // 2 // 4000 + 1) if 4000 * n < 0.45 * RATE
    )
    return abs(10 * np.log10(power) - effect.harmonics_db), aliases_db(out, RATE, 4000)


def narrowed(audio: Audio, side: float = 0.1) -> Audio:
    left, right = audio.samples
    middle, apart = (left + right) / 2, side * (left - right) / 2
    return Audio(np.stack([middle + apart, middle - apart]), audio.rate)


def widened(audio: Audio) -> dict[str, float]:
    """AutoStereoWidener: dB that the sides above 400 Hz are off the width decided, dB that the mono sum moves, the
    correlation that is left, and dB that the sides below 100 Hz move."""
    found = StereoWidth.auto(analyze(audio, SLOW))
    assert found is not None and found.width > 1
    out = apply(found, audio)
    side, wide = (each[0].astype(np.float64) - each[1] for each in (audio.samples, out))
    mono, summed = (each[0].astype(np.float64) + each[1] for each in (audio.samples, out))
    at = np.fft.rfftfreq(side.size, 1 / audio.rate)

    def gain_db(low: float, high: float) -> float:
        band = (at >= low) & (at < high)
        one, two = (np.sum(np.abs(np.fft.rfft(each))[band] ** 2) for each in (side, wide))
        return float(10 * np.log10(two / one))

    return {
        "side": abs(gain_db(400, 20000) - 20 * np.log10(found.width)),
        "mono": abs(level_db(summed) - level_db(mono)),
        "correlation": float(np.corrcoef(out[0], out[1])[0, 1]),
        "bass": abs(gain_db(20, 110)),
    }
