"""Colour, space and image: what each effect of these promises, worst case, beside its limit and beside peers.

    python -m tests.benchmarks.colour_and_space [--seed N]

Aliasing of saturation and enhancer, level of harmonics, loudness kept, decay times, echo lags and their fading, width
by band and mono sums, pan and balance; the same figures of pedalboard's Distortion, Reverb and Delay in the same run
where they have one. Random material comes from a fresh seed, which is printed. `peer` lines have no limit.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from bridge.audio import Audio, Samples
from bridge.effects.balance import Balance
from bridge.effects.convolution_reverb import ConvolutionReverb
from bridge.effects.delay import Delay
from bridge.effects.enhancer import Enhancer
from bridge.effects.pan import Pan
from bridge.effects.reverb import Reverb
from bridge.effects.saturation import Saturation
from bridge.effects.stereo_width import StereoWidth
from tests import signals
from tests.benchmarks.figure import say
from tests.effects.judges import lufs
from tests.effects.streams import apply, impulse, level_db
from tests.effects.test_colour import KINDS, aliases_db, levels_db
from tests.effects.test_space import rt60_s

RATES = (44100, 48000)
NOTES = {
    "1/4": 1.0,
    "1/8": 0.5,
    "1/8 dotted": 0.75,
    "1/8 triplet": 1 / 3,
    "1/4 dotted": 1.5,
    "1/4 triplet": 2 / 3,
}
TEMPOS = (60.0, 73.7, 97.3, 120.0, 143.2, 174.0, 200.0)


def peer(name: str, got: float, unit: str) -> None:
    print(f"{'  peer: ' + name:58} {got:10.3f} {unit}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(np.random.SeedSequence().generate_state(1)[0]))
    seed = parser.parse_args().seed
    print(f"seed {seed}")
    held = [
        *_aliasing(),
        *_harmonics(),
        *_loudness(seed),
        *_decays(seed),
        *_echoes(),
        *_width(seed),
        *_sides(seed),
    ]
    return 0 if all(held) else 1


def _aliasing() -> list[bool]:
    import pedalboard

    ok, drive = [], 18.0
    for kind in KINDS:
        worst = max(
            aliases_db(apply(Saturation(kind=kind, drive_db=drive), _tone(hz, -3, rate))[0], rate, hz)
            for rate in RATES
            for hz in (997, 5000)
        )
        ok.append(say(f"saturation {kind}, drive 18 dB: highest alias", worst, -80, "dB"))
    for kind in KINDS:
        hot = apply(Saturation(kind=kind, drive_db=36.0), _tone(5000, 0, 48000))[0]
        what = f"saturation {kind}, drive 36 dB into 0 dBFS: highest alias"
        ok.append(say(what, aliases_db(hot, 48000, 5000), -80, "dB"))
    plain = pedalboard.Distortion(drive_db=drive)(_tone(5000, -3, 48000).samples, 48000)
    peer("pedalboard.Distortion, drive 18 dB", aliases_db(plain[0], 48000, 5000), "dB")
    worst = max(
        aliases_db(apply(Enhancer(harmonics_db=-12), _tone(hz, level, rate))[0], rate, hz)
        for rate in RATES
        for hz, level in ((4000, -3), (5000, -20), (7001, -12))
    )
    ok.append(say("enhancer at -12 dB: highest alias", worst, -80, "dB"))
    return ok


def _tone(hz: int, level: float, rate: int) -> Audio:
    return signals.sine(hz, level, 2.0, rate, channels=1)


def _harmonics() -> list[bool]:
    errors = []
    for rate in RATES:
        for asked in (-36.0, -24.0, -12.0):
            for level in (-40, -20, -3):
                spectrum = levels_db(apply(Enhancer(harmonics_db=asked), _tone(4000, level, rate))[0], rate)
                lines = [spectrum[4000 * n] for n in range(2, 8) if 4000 * n < 0.45 * rate]
                errors.append(abs(10 * np.log10(sum(10 ** (x / 10) for x in lines)) - asked))
    return [say("enhancer: harmonics against what was asked, worst", max(errors), 1.0, "dB")]


def _loudness(seed: int) -> list[bool]:
    sounds = [
        signals.music_like(6.0, seed=seed),
        signals.white(-20, 6.0, seed=seed),
        signals.pink(-20, 6.0, seed=seed),
    ]
    moved = [
        abs(lufs(Audio(apply(Enhancer(harmonics_db=asked), audio), 48000)) - lufs(audio))
        for audio in sounds
        for asked in (-24.0, -12.0)
    ]
    return [say("enhancer: loudness moved, worst", max(moved), 0.2, "LU")]


def _decays(seed: int) -> list[bool]:
    import pedalboard

    ok = []
    for kind in ("room", "hall", "plate", "spring"):
        worst, alike = 0.0, 1.0
        for decay in (0.4, 1.0, 2.5, 5.0):
            effect = ConvolutionReverb(kind=kind, decay_s=decay, damping=0.0, mix=1.0, seed=seed % 2**31)
            out = apply(effect, impulse(0.1, 48000, 2), effect.tail_s())
            worst = max(worst, *(abs(rt60_s(side, 48000) / decay - 1) * 100 for side in out))
            alike = min(alike, float(np.corrcoef(out[0], out[1])[0, 1]))
        ok.append(say(f"convolution reverb, {kind}: decay against asked, worst", worst, 10, "%"))
        ok.append(
            say(f"convolution reverb, {kind}: correlation in mono, least", alike, 0.3, "", at_most=False)
        )
    worst, alike = 0.0, 1.0
    for decay in (0.65, 1.2, 2.5, 5.0):
        out = apply(
            Reverb(decay_s=decay, damping=0.0, mix=1.0, room_width=0.65), impulse(0.1, 48000, 2), 1.2 * decay
        )
        worst = max(worst, abs(rt60_s(out[0], 48000) / decay - 1) * 100)
        alike = min(alike, float(np.corrcoef(out[0], out[1])[0, 1]))
    ok.append(say("reverb: decay against asked, worst", worst, 10, "%"))
    ok.append(say("reverb, width as judged: correlation in mono, least", alike, 0.3, "", at_most=False))
    for size in (0.0, 0.5, 1.0):
        board = pedalboard.Reverb(room_size=size, damping=0.0, wet_level=1.0, dry_level=0.0)
        wet = board(impulse(12.0, 48000, 2).samples, 48000)
        peer(f"pedalboard.Reverb, room_size {size:g}: its decay is", rt60_s(wet[0], 48000), "s")
        peer(f"pedalboard.Reverb, room_size {size:g}: correlation", float(np.corrcoef(wet)[0, 1]), "")
    return ok


def _echoes() -> list[bool]:
    import pedalboard

    lags, fades = [], []
    for rate in RATES:
        for tempo in TEMPOS:
            for beats in NOTES.values():
                effect = Delay(note_beats=round(beats, 3), tempo_bpm=tempo, mix=0.5, feedback=0.0)
                out = apply(effect, impulse(1.6, rate, 1))[0]
                lags.append(abs(1000 * (np.argmax(out[1:]) + 1) / rate - beats * 60_000 / tempo))
    for feedback in (0.2, 0.5, 0.8):
        for cuts in ({}, {"low_cut_hz": 60.0, "high_cut_hz": 14000.0}):
            levels = _echo_levels(Delay(time_ms=200, feedback=feedback, mix=0.5, **cuts))
            fades += list(np.abs(np.diff(levels) - 20 * np.log10(feedback)))
    ok = [
        say("delay: echo lag against its note, 60 to 200 BPM, worst", max(lags), 1.0, "ms"),
        say("delay: fading of echoes against the feedback, worst", max(fades), 0.5, "dB"),
    ]
    board = pedalboard.Delay(delay_seconds=0.375, feedback=0.0, mix=0.5)
    out = board(impulse(1.0, 44100, 1).samples, 44100)[0]
    peer("pedalboard.Delay, 375 ms: lag off by", abs(1000 * (np.argmax(out[1:]) + 1) / 44100 - 375), "ms")
    return ok


def _echo_levels(effect: Delay) -> list[float]:
    tone = signals.sine(1000, -6, 0.1, channels=1)
    burst = np.pad(tone.samples * np.hanning(tone.frames).astype(np.float32), ((0, 0), (0, 96000)))
    out = apply(effect, Audio(burst, 48000))[0]
    return [level_db(out[i * 9600 : i * 9600 + 4800]) for i in range(1, 7)]


def _width(seed: int) -> list[bool]:
    effect = StereoWidth(
        bands=(
            {"above_hz": 250, "width": 1.4},
            {"above_hz": 1500, "width": 0.5},
            {"above_hz": 6000, "width": 2.0},
        )
    )
    asked = {60: 1.0, 120: 1.0, 600: 1.4, 3000: 0.5, 12000: 2.0}
    errors = [
        abs(_side_gain_db(effect, hz, rate) - 20 * np.log10(factor))
        for hz, factor in asked.items()
        for rate in RATES
    ]
    noise = signals.pink(-18, 4.0, seed=seed)
    one = Audio(np.stack([noise.samples[0]] * 2), 48000)
    made = apply(StereoWidth(decorrelation=0.5), one)
    sums = [_mono_moved_db(apply(effect, noise), noise), _mono_moved_db(made, one)]
    bass = max(
        abs(_side_gain_db(StereoWidth(width=2.0, bands=effect.bands), hz, 48000)) for hz in (40, 80, 120)
    )
    return [
        say("width by band: side gain against asked, worst", max(errors), 0.2, "dB"),
        say("width by band: side below 120 Hz moved", bass, 0.2, "dB"),
        say("width: mono sum moved, worst", max(sums), 0.1, "dB"),
        say("width made for mono: correlation", float(np.corrcoef(made)[0, 1]), 0.0, "", at_most=False),
        say("width made for mono: side under mid above 300 Hz", _made_side_db(made), -5.0, "dB"),
    ]


def _side_gain_db(effect: StereoWidth, hz: float, rate: int) -> float:
    tone = signals.sine(hz, -12, 2.0, rate, channels=1).samples[0]
    audio = Audio(np.stack([tone, -tone]), rate)
    inner = slice(rate // 2, -rate // 2)
    return level_db(apply(effect, audio)[:, inner]) - level_db(audio.samples[:, inner])


def _mono_moved_db(out: Samples, audio: Audio) -> float:
    return abs(level_db(out[:1] + out[1:]) - level_db(audio.samples[:1] + audio.samples[1:]))


def _made_side_db(samples: Samples) -> float:
    side, mid = (np.abs(np.fft.rfft(samples[0].astype(float) + sign * samples[1])) ** 2 for sign in (-1, 1))
    above = np.fft.rfftfreq(samples.shape[1], 1 / 48000) > 300
    return float(10 * np.log10(side[above].sum() / mid[above].sum()))


def _sides(seed: int) -> list[bool]:
    noise = signals.white(-20, 1.0, channels=1, seed=seed).samples[0]
    one = Audio(np.stack([noise, noise]), 48000)
    power = [abs(level_db(apply(Pan(position=p), one)) + 20) for p in (-100, -37, 0, 50, 100)]
    exact = abs(level_db(one.samples) + 20)
    tilted = Audio(np.stack([noise, 0.5 * noise]), 48000)
    mended = apply(Balance(right_over_left_db=6.02), tilted)
    apart = abs(level_db(mended[1:]) - level_db(mended[:1]))
    return [
        say("pan: power of a mono sound moved, worst", max(power) - exact, 0.1, "dB"),
        say("balance: sides apart after mending 6.02 dB", apart, 0.1, "dB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
