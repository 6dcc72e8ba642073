"""Every auto tool held against its aim: one table of tool, aim, what was reached, and whether that is enough.

    python -m tests.benchmarks.auto_tools [--seed N] [--only TOOL ...]

Settings are those that each tool decides from the analysis of the sound. Real recordings (Debian's sonic-pi-samples)
beside synthetic sounds of known truth; random material comes from a fresh seed, which is printed. AutoLimiter has a
table of its own (tests.benchmarks.loudness), AutoNoiseReduction another over more material (restoration). Speed is
seconds of sound per second of CPU, of what the tool decided. True peaks are read by two meters that share no code with
the bridge, and ceilings held to 0.05 dB, as everywhere here.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from bridge.analysis import analyze
from bridge.audio import Audio
from bridge.effects import Compressor, Denoise, Equalizer, Limiter, PitchCorrector, TimeStretch
from bridge.effects.effect import Effect
from tests import signals
from tests.benchmarks.restoration import coloured, material
from tests.effects import auto_figures as figures
from tests.effects.judges import lufs, si_sdr_db, true_peak_dbtp
from tests.effects.streams import apply, through
from tests.effects.test_auto_compressor import in_passages, range_lu
from tests.effects.test_auto_equalizer import RATE as EQ_RATE
from tests.effects.test_auto_equalizer import WRONG, off_a_line_db, planted
from tests.effects.test_equalizer import Band
from tests.effects.timed import drums, onset_errors_ms, sung

Row = tuple[str, float, str, float, bool]
"""What is meant, what was reached, its unit, the aim, and whether that is the most (else the least)."""

SLOW = ("tempo", "key")


def fast(effect: Effect, audio: Audio) -> Row:
    start = time.process_time()
    through(effect.processor(audio.rate, audio.channels, audio), audio.samples)
    return "speed, x real time", audio.seconds / (time.process_time() - start), "x", 5.0, False


def gain(seed: int) -> Iterator[Row]:
    reached = [figures.staged(figures.loop(name, level)) for name in figures.LOOPS for level in (0.05, 0.9)]
    yield "recordings: nearest goal missed by", max(missed for missed, _ in reached), "dB", 0.1, True
    yield "recordings: true peak over -6 dBTP by", max(over for _, over in reached), "dB", 0.05, True
    stems = {
        "one": signals.music_like(6.0, figures.RATE, -1.0, seed),
        "two": signals.music_like(6.0, figures.RATE, -8.0, seed + 1),
        "three": signals.pink(-14, 6.0, figures.RATE, seed=seed),
        **{name: figures.loop(name) for name in figures.LOOPS},
    }
    yield "true peak of the sum of 7 stems", figures.summed_peak_dbtp(stems), "dBTP", -6.0, True


def equalizer(seed: int) -> Iterator[Row]:
    left, most = [], 0.0
    for bands in WRONG.values():
        wrong = planted(signals.pink(-24, 12.0, seed=seed), *bands)
        found = Equalizer.auto(analyze(wrong, SLOW))
        most = max(most, *(abs(band.gain_db) for band in found.bands))
        left.append(100 * (1 - off_a_line_db(apply(found, wrong)) / off_a_line_db(wrong.samples)))
    yield "planted tone: distance down by, least", min(left), "%", 70.0, False
    yield "planted tone: strongest band", most, "dB", 6.0, True
    yield from resonances(seed)
    changed = 0.0
    for make in (signals.pink, signals.white):
        flat = make(-24, 8.0, seed=seed)
        found = Equalizer.auto(analyze(flat, SLOW))
        changed = max(changed, 0.0 if found is None else max(abs(band.gain_db) for band in found.bands))
    yield "flat noise changed by", changed, "dB", 0.5, True
    yield "(recordings: distance down by, mean)", float(np.mean(list(real_tones()))), "%", 70.0, False
    yield fast(found or Equalizer(bands=(Band(frequency_hz=500, gain_db=3, q=1),) * 8), flat)


def resonances(seed: int) -> Iterator[Row]:
    for name, places in (("from 1 kHz", (1200, 1800, 2900, 4200)), ("400 to 800 Hz", (420, 500, 640, 780))):
        beside, off = [], []
        for index, hz in enumerate(places):
            noise = signals.pink(-24, 8.0, seed=seed + index)
            found = Equalizer.auto(analyze(planted(noise, Band(frequency_hz=hz, gain_db=9.0, q=8.0)), SLOW))
            cuts = [band for band in (found.bands if found else ()) if band.q > 4]
            near = min(cuts, key=lambda band, hz=hz: abs(np.log(band.frequency_hz / hz)), default=None)
            beside.append(100.0 if near is None else abs(near.frequency_hz / hz - 1) * 100)
            off.append(9.0 if near is None else abs(near.gain_db + 9.0))
        yield f"resonance {name}: found beside it by", max(beside), "%", 3.0, True
        yield f"resonance {name}: cut off its height by", max(off), "dB", 1.5, True


def real_tones() -> Iterator[float]:
    """How much of the distance to the slope through it goes, in %, of each recording."""
    from bridge.effects.dsp.tone_curve import tone

    for name in figures.LOOPS:
        audio = figures.loop(name)
        before = analyze(audio, SLOW)
        found = Equalizer.auto(before)
        after = analyze(Audio(apply(found, audio), audio.rate), SLOW) if found else before
        yield 100 * (1 - tone(after).distance_db / tone(before).distance_db)


def compressor(seed: int) -> Iterator[Row]:
    sounds = {name: figures.loop(name, 0.5) for name in ("loop_compus", "loop_tabla")}
    sounds["made"] = signals.music_like(10.0, seed=seed)
    misses, moved, kept, effect = [], [], [], Compressor()
    for audio in map(in_passages, sounds.values()):
        effect = Compressor.auto(analyze(audio, SLOW))
        out = apply(effect, audio)
        misses.append(abs(range_lu(out, audio.rate) - effect.range_target_lu))
        moved.append(abs(lufs(Audio(out, audio.rate)) - lufs(audio)))
        loud = slice(31 * audio.rate, 39 * audio.rate)
        crest = [
            np.abs(x[:, loud]).max() / np.sqrt(np.mean(x[:, loud].astype(float) ** 2))
            for x in (audio.samples, out)
        ]
        kept.append(100 * crest[1] / crest[0])
    yield "spread of loudness: missed by", max(misses), "LU", 0.5, True
    yield "loudness moved by", max(moved), "LU", 0.2, True
    yield "hits over their passage kept, least", min(kept), "%", 90.0, False
    yield fast(effect, audio)


def limiter(seed: int) -> Iterator[Row]:
    over = []
    for name in figures.LOOPS:
        hot = Audio((figures.loop(name).samples * 2.0).astype(np.float32), figures.RATE)
        found = Limiter.auto(analyze(hot, SLOW))
        over.append(-9.0 if found is None else true_peak_dbtp(apply(found, hot)) + 1.0)
    yield "recordings 9 dB up: true peak over -1 dBTP by", max(over), "dB", 0.05, True
    yield fast(Limiter(), signals.music_like(10.0, seed=seed))


def reverb(seed: int) -> Iterator[Row]:
    found = [figures.room(bpm, onsets) for bpm, onsets in ((60, 2), (87.3, 2), (120, 3), (128, 8), (174, 9))]
    yield "decay off what was decided, worst", max(each["decay"] for each in found), "%", 10.0, True
    yield "wet against dry off its mix, worst", max(each["wet"] for each in found), "dB", 0.5, True
    yield "correlation of the wet sides, least", min(each["correlation"] for each in found), "", 0.3, False
    yield "dry sound moved by", max(each["moved"] for each in found), "ms", 0.0, True


def delay(seed: int) -> Iterator[Row]:
    notes = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 1 / 3, 2 / 3, 1 / 6)
    tempos = np.random.default_rng(seed).uniform(60, 200, 8)
    worst = max(figures.echo_error_ms(float(bpm), beats) for bpm in tempos for beats in notes)
    yield "echo beside the note, worst of 72", worst, "ms", 1.0, True
    yield (
        "echoes off their fading, worst",
        max(figures.feedback_error_db(b) for b in (60.0, 128.0, 200.0)),
        "dB",
        0.5,
        True,
    )


def denoise(seed: int) -> Iterator[Row]:
    draw = np.random.default_rng(seed)
    clean = material("speech")
    for snr_db, aim in ((0, 12.0), (10, 8.0), (20, 5.0), (40, -0.3)):
        noise = coloured("white", clean, draw) * np.sqrt(np.mean(clean.samples**2)) * 10 ** (-snr_db / 20)
        dirty = Audio((clean.samples + noise).astype(np.float32), clean.rate)
        effect = Denoise.auto(analyze(dirty, SLOW)) or Denoise()
        gained = si_sdr_db(clean.samples, apply(effect, dirty)) - si_sdr_db(clean.samples, dirty.samples)
        yield f"white noise {snr_db} dB under speech: SI-SDR up by", gained, "dB", aim, False
    yield fast(Denoise(), dirty)


def enhancer(seed: int) -> Iterator[Row]:
    made = [figures.enhanced(figures.dulled(figures.loop(name))) for name in figures.LOOPS]
    tones = [figures.harmonics_of(effect) for effect, _ in made]
    yield "harmonics off what was decided, worst", max(off for off, _ in tones), "dB", 1.0, True
    yield "highest alias", max(alias for _, alias in tones), "dB", -80.0, True
    yield "loudness moved by", max(moved for _, moved in made), "LU", 0.2, True


def widener(seed: int) -> Iterator[Row]:
    sounds = [
        signals.pink(-20, 6.0, figures.RATE, seed=seed),
        figures.loop("loop_compus"),
        figures.loop("loop_mika"),
    ]
    wide = [audio for audio in sounds if np.abs(audio.samples[0] - audio.samples[1]).max() > 0.01]
    found = [figures.widened(figures.narrowed(audio, 0.08)) for audio in wide]
    yield "sides above 400 Hz off their width, worst", max(each["side"] for each in found), "dB", 0.2, True
    yield "mono sum moved by", max(each["mono"] for each in found), "dB", 0.1, True
    yield "correlation, least", min(each["correlation"] for each in found), "", 0.0, False
    yield "sides below 110 Hz moved by", max(each["bass"] for each in found), "dB", 0.2, True


def corrector(seed: int) -> Iterator[Row]:
    line = sung(seed, vibrato_cents=0.0)
    effect = PitchCorrector.auto(analyze(line.audio)) or PitchCorrector()
    after = line.judged(Audio(apply(effect, line.audio), line.audio.rate))
    chromatic = line.judged(Audio(apply(PitchCorrector(), line.audio), line.audio.rate))
    yield (
        f"held notes off their pitch ({effect.scale}), worst",
        float(np.max(np.abs(after.off))),
        "cent",
        3.0,
        True,
    )
    yield "the same, nearest semitone", float(np.max(np.abs(chromatic.off))), "cent", 3.0, True
    yield fast(effect, line.audio)


def stretcher(seed: int) -> Iterator[Row]:
    hits, times_s = drums(seed, 15.0)
    effect = TimeStretch(from_bpm=119.6, to_bpm=120.0)
    out = through(effect.processor(EQ_RATE, 2, hits), hits.samples)
    speed = 120.0 / 119.6
    errors = np.abs(onset_errors_ms(Audio(out.astype(np.float32), EQ_RATE), times_s / speed))
    yield "length off by", abs(out.shape[1] - round(hits.frames / speed)), "frames", 1.0, True
    yield "onsets, median", float(np.median(errors)), "ms", 4.0, True
    yield "onsets within 10 ms", float(np.mean(errors <= 10) * 100), "%", 85.0, False
    yield fast(effect, hits)


TOOLS: dict[str, Callable[[int], Iterator[Row]]] = {
    "AutoGain": gain,
    "AutoEQ": equalizer,
    "AutoCompressor": compressor,
    "AutoLimiter": limiter,
    "AutoReverb": reverb,
    "AutoDelay": delay,
    "AutoNoiseReduction": denoise,
    "AutoEnhancer": enhancer,
    "AutoStereoWidener": widener,
    "AutoPitchCorrector": corrector,
    "AutoTimeStretcher": stretcher,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=100_000 + int(np.random.SeedSequence().generate_state(1)[0] % 900_000)
    )
    parser.add_argument("--only", nargs="+", choices=TOOLS, default=list(TOOLS))
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}")
    print(f"{'tool':18} {'aim':58} {'reached':>10}")
    held = []
    for name in wanted.only:
        for what, got, unit, aim, at_most in TOOLS[name](wanted.seed):
            ok = got <= aim if at_most else got >= aim
            bound = f"{what} {'<=' if at_most else '>='} {aim:g}"
            print(f"{name:18} {bound:58} {got:10.3f} {unit:6} {'ok' if ok else 'MISSED'}", flush=True)
            held.append(ok)
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
