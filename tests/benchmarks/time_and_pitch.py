"""Time stretch, pitch shift and pitch correction held against their limits, beside librosa in the same run.

    python -m tests.benchmarks.time_and_pitch [SEED] [stretch|shift|correct]

Onsets: drum hits over chords, at known times; errors in ms after the stretch. Tone: 440 Hz, by an interpolated FFT.
Tempo: the slope of a line through where the hits are heard. Pitch: a sung line (partials under formants), its notes
out of tune by up to 45 cents; librosa's YIN, which shares no code with the corrector, judges it. x RT is audio per CPU
second of this process. A peer has no corrector; its column is librosa.effects.time_stretch and pitch_shift;
"alone" is Rubber Band as pedalboard gives it.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

from bridge.audio import Audio
from bridge.effects.effect import Effect
from bridge.effects.pitch_corrector import PitchCorrector
from bridge.effects.pitch_shift import PitchShift
from bridge.effects.time_stretch import TimeStretch
from tests.effects.streams import through
from tests.effects.timed import drums, hertz, onset_errors_ms, sung, tuned

RATE = 48000
SPEEDS = (0.5, 0.8, 0.9, 1.25, 2.0)
SHIFTS = (-12.0, -0.32, 2.0, 12.0)


def rendered(effect: Effect, audio: Audio) -> tuple[np.ndarray, float]:
    """What comes out, and how many times faster than the sound it came."""
    start = time.process_time()
    out = through(effect.processor(audio.rate, audio.channels, audio), audio.samples)
    return out, audio.frames / audio.rate / (time.process_time() - start)


def peer(make: Callable[[np.ndarray], np.ndarray], audio: Audio) -> tuple[np.ndarray, float]:
    start = time.process_time()
    return make(audio.samples), audio.frames / audio.rate / (time.process_time() - start)


def timing(out: np.ndarray, times_s: np.ndarray, speed: float) -> str:
    errors = onset_errors_ms(Audio(out.astype(np.float32), RATE), times_s / speed)
    drift = np.polyfit(times_s / speed, errors, 1)[0] / 10  # ms a second, as a part in a hundred
    return (
        f"median {np.median(np.abs(errors)):5.2f} ms (<= 4)  within 10 ms {np.mean(np.abs(errors) <= 10):5.0%} "
        f"(>= 85 %)  tempo {drift:+.3f} % (<= 0.1)"
    )


def stretches(seed: int) -> None:
    import librosa
    from pedalboard import time_stretch

    hits, times_s = drums(seed, 15.0)
    tone = tuned(440.0, 6.0)
    for speed in SPEEDS:
        effect = TimeStretch(speed=speed)
        out, fast = rendered(effect, hits)
        cents = 1200 * np.log2(hertz(through(effect.processor(RATE, 2, tone), tone.samples)[0], RATE) / 440)
        wrong = out.shape[1] - round(hits.frames / speed)
        print(f"stretch {speed:<5g} ours     {timing(out, times_s, speed)}  tone {cents:+.3f} cents (<= 0.5)  "
              f"length {wrong:+d} (<= 1)  {fast:.1f} x RT (>= 3)")  # fmt: skip
        out, fast = peer(lambda x, speed=speed: time_stretch(x, RATE, stretch_factor=speed), hits)
        print(f"stretch {speed:<5g} alone    {timing(out, times_s, speed)}  {fast:.1f} x RT")
        out, fast = peer(lambda x, speed=speed: librosa.effects.time_stretch(x, rate=speed), hits)
        print(f"stretch {speed:<5g} librosa  {timing(out, times_s, speed)}  {fast:.1f} x RT")


def shifts(seed: int) -> None:
    import librosa

    hits, times_s = drums(seed, 15.0)
    tone = tuned(440.0, 6.0)
    for steps in SHIFTS:
        effect = PitchShift(semitones=steps, keep_formants=False)
        out, fast = rendered(effect, hits)
        heard = hertz(through(effect.processor(RATE, 2, tone), tone.samples)[0], RATE)
        cents = 1200 * np.log2(heard / 440) - 100 * steps
        wrong = out.shape[1] - hits.frames
        print(f"shift {steps:<+6g}  ours     {timing(out, times_s, 1.0)}  tone {cents:+.3f} cents (<= 0.5)  "
              f"length {wrong:+d} (0)  {fast:.1f} x RT (>= 3)")  # fmt: skip
        make = lambda x, steps=steps: librosa.effects.pitch_shift(x, sr=RATE, n_steps=steps)  # noqa: E731
        out, fast = peer(make, hits)
        heard = hertz(make(tone.samples)[0], RATE)
        print(f"shift {steps:<+6g}  librosa  {timing(out, times_s, 1.0)}  "
              f"tone {1200 * np.log2(heard / 440) - 100 * steps:+.3f} cents  {fast:.1f} x RT")  # fmt: skip


def corrections(seed: int) -> None:
    for vibrato_cents in (0.0, 50.0):
        line = sung(seed, vibrato_cents=vibrato_cents)
        out, fast = rendered(PitchCorrector(), line.audio)
        before, after = line.judged(line.audio), line.judged(Audio(out, line.audio.rate))
        kept = "" if not vibrato_cents else (
            f"vibrato kept {min(a / b for a, b in zip(after.depths, before.depths, strict=True)):.1%} to "
            f"{max(a / b for a, b in zip(after.depths, before.depths, strict=True)):.1%} (90 to 110 %)  "
        )  # fmt: skip
        print(f"correct vibrato {vibrato_cents:g} cents: residual max {np.max(np.abs(after.off)):.2f} mean "
              f"{np.mean(np.abs(after.off)):.2f} cents (<= 3; before {np.max(np.abs(before.off)):.1f})  {kept}"
              f"unvoiced SI-SDR {line.untouched_db(out):.0f} dB (>= 30)  {fast:.1f} x RT (>= 3)")  # fmt: skip


def main() -> None:
    warnings.simplefilter("ignore")
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    parts = {"stretch": stretches, "shift": shifts, "correct": corrections}
    print(f"seed {seed}")
    for name in sys.argv[2:] or parts:
        parts[name](seed)


if __name__ == "__main__":
    main()
