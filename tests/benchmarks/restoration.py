"""How well noise, hum, clicks and clipping are mended, beside limits and a peer.

    python -m tests.benchmarks.restoration [--seed N] [--peer FOLDER] [--only EFFECT ...]

Real recordings (Debian's sonic-pi-samples and the words of alsa-utils) with faults planted afresh; without a seed one
is drawn above 100000. FOLDER: where `pip install --target FOLDER noisereduce` has put the peer, which is told the noise
alone; without it its column stays empty. `known` is the same gain with the true noise spectrum told: the most that it
can do; `ideal` is told sound and noise in every bin. Speeds are seconds of sound per second of CPU.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time

import numpy as np

from bridge.audio import Audio
from bridge.effects.declick import Declick
from bridge.effects.declip import Declip
from bridge.effects.dehum import Dehum
from bridge.effects.denoise import Denoise
from bridge.effects.dsp.denoising import Denoising
from bridge.effects.dsp.frames import Frames
from bridge.effects.dsp.noise_profile import NoiseProfile
from bridge.effects.effect import Effect
from tests.effects.judges import si_sdr_db
from tests.effects.streams import through
from tests.effects.test_declick import at_peak, gains_db, planted
from tests.effects.test_declip import clipped, full, sdr_db
from tests.effects.test_dehum import HARMONICS, spoilt, strength, third_octaves_db
from tests.effects.test_denoise import loop, speech

MATERIALS = ("speech", "guit_harmonics", "ambi_piano", "loop_tabla", "loop_compus", "loop_amen")
LIMITS_DB = {0: 12.0, 10: 8.0, 20: 5.0, 40: -0.3, 60: -0.3}
SECONDS = 8.0
EFFECTS = ("denoise", "dehum", "declick", "declip")


def material(name: str) -> Audio:
    return full(speech(SECONDS) if name == "speech" else loop(name, SECONDS))


def made(effect: Effect, audio: Audio) -> tuple[np.ndarray, float]:
    """What comes out, and x real time."""
    started = time.process_time()
    processor = effect.processor(audio.rate, audio.channels, audio)
    out = through(processor, audio.samples, [65536])[:, processor.latency_frames :]
    return out, audio.seconds / (time.process_time() - started)


def coloured(kind: str, audio: Audio, draw: np.random.Generator) -> np.ndarray:
    """Noise of RMS 1 in each channel: white, pink, or as an air conditioner sounds (a hump at 240 Hz, dark above)."""
    spectrum = np.fft.rfft(draw.standard_normal(audio.samples.shape))
    hz = np.maximum(np.fft.rfftfreq(audio.frames, 1 / audio.rate), 20.0)
    hump = 1 + 3 * np.exp(-((np.log2(hz / 240) / 0.4) ** 2))
    shape = {
        "white": 1.0 + 0 * hz,
        "pink": hz**-0.5,
        "air": hump / np.maximum(hz, 60) ** 0.8 / (1 + (hz / 4000) ** 2),
    }
    noise = np.fft.irfft(spectrum * shape[kind], audio.frames)
    return noise / np.sqrt(np.mean(noise**2))


def known(dirty: Audio, noise: np.ndarray) -> np.ndarray:
    frames = Frames(dirty.rate)
    power = frames.powers(noise).mean(axis=1)
    return through(
        Denoising(frames, NoiseProfile(power, np.zeros(frames.bins, np.bool_), None), 24.0, 0.8),
        dirty.samples,
    )


def ideal(clean: Audio, noise: np.ndarray) -> np.ndarray:
    """The Wiener gain of every bin of every frame from the sound and the noise themselves: no gain that is one number
    a bin comes much nearer."""
    frames = Frames(clean.rate)
    reach = frames.length
    padded = [np.pad(each.astype(np.float64), ((0, 0), (reach, reach))) for each in (clean.samples, noise)]
    sound, rest = (frames.spectra(each) for each in padded)
    power, over = np.abs(sound) ** 2, np.abs(rest) ** 2
    pieces = frames.waves((sound + rest) * power / (power + over + 1e-30))
    out = np.zeros(padded[0].shape)
    for index in range(pieces.shape[1]):
        out[:, index * frames.hop : index * frames.hop + frames.length] += pieces[:, index]
    return out[:, reach : reach + clean.frames]


def peer(dirty: Audio, noise: np.ndarray) -> np.ndarray | None:
    try:
        from noisereduce import reduce_noise
    except ImportError:
        return None
    return np.asarray(
        reduce_noise(y=dirty.samples, sr=dirty.rate, stationary=True, y_noise=noise.astype(np.float32))
    )


def said(held: int, of: int) -> str:
    return "ok" if held == of else "MISSED" if of is True else f"MISSED by {of - held} of {of}"


def denoise(draw: np.random.Generator) -> bool:
    print("denoise: SI-SDR gain in dB (ours / known / ideal / noisereduce told the noise), x real time")
    met = True
    for kind in ("white", "pink", "air"):
        for snr_db, limit in LIMITS_DB.items():
            rows, speeds = [], []
            for name in MATERIALS:
                clean = material(name)
                noise = (
                    coloured(kind, clean, draw) * np.sqrt(np.mean(clean.samples**2)) * 10 ** (-snr_db / 20)
                )
                dirty = Audio((clean.samples + noise).astype(np.float32), clean.rate)
                out, speed = made(Denoise(), dirty)
                before = si_sdr_db(clean.samples, dirty.samples)
                other = peer(dirty, noise)
                rows.append(
                    [
                        si_sdr_db(clean.samples, each) - before
                        for each in (out, known(dirty, noise), ideal(clean, noise))
                    ]
                    + [np.nan if other is None else si_sdr_db(clean.samples, other) - before]
                )
                speeds.append(speed)
            ours, most, best, theirs = np.array(rows).T
            held = bool((ours >= limit).all())
            met &= held
            means = f"{ours.mean():5.1f}/{most.mean():5.1f}/{best.mean():5.1f}/{theirs.mean():6.1f}"
            cells = "  ".join(f"{a:5.1f}/{b:5.1f}/{c:5.1f}/{d:6.1f}" for a, b, c, d in rows)
            print(
                f"{kind:5} {snr_db:2} dB  {cells}  mean {means} "
                f"{min(speeds):4.0f} x  limit {limit:4.1f} {said(int((ours >= limit).sum()), ours.size)}"
            )
    return met


def dehum(draw: np.random.Generator) -> bool:
    print(
        "dehum: least reduction of a harmonic, most change of a third octave above 300 Hz (limits 20 dB, 0.5 dB)"
    )
    met = True
    for name in MATERIALS:
        clean = Audio(np.tile(material(name).samples, (1, 3)), material(name).rate)
        mains, drift = (50.0, 0.2) if draw.random() < 0.5 else (60.0, 0.1)
        dirty, wave, phase = spoilt(clean, mains, drift)
        out, speed = made(Dehum(mains_hz=mains), dirty)
        rest = out[0] - clean.samples[0]
        down = min(
            20 * np.log10(strength(wave, phase, k) / (strength(rest, phase, k) + 1e-12))
            for k in range(1, HARMONICS + 1)
        )
        change = np.abs(third_octaves_db(out, clean.rate) - third_octaves_db(clean.samples, clean.rate)).max()
        held = down >= 20.0 and change <= 0.5
        met &= bool(held)
        what = f"{name:15} {mains:.0f} Hz +-{drift} {down:5.1f} dB {change:5.2f} dB"
        print(f"{what} {speed:4.0f} x {said(held, True)}")
    return met


def declick(seed: int) -> bool:
    print(
        "declick: clicks mended by 10 dB, median gain of spans, clean samples touched (limits 95 %, 20 dB, 1e-4)"
    )
    met = True
    for name in MATERIALS:
        clean = at_peak(material(name), 0.5)
        dirty, spans = planted(clean, 30, seed)
        out, speed = made(Declick(), dirty)
        gains = gains_db(clean, dirty, out, spans)
        touched = float(np.mean(made(Declick(), clean)[0] != clean.samples))
        share, middle = float(np.mean(gains >= 10.0)), float(np.median(gains))
        held = share >= 0.95 and middle >= 20.0 and touched <= 1e-4
        met &= held
        print(
            f"{name:15} {share:4.0%} {middle:5.1f} dB {touched:.0e} {speed:4.0f} x {'ok' if held else 'MISSED'}"
        )
    return met


def declip() -> bool:
    print(
        "declip: SDR gain at 1, 3 and 6 dB of clipping (limit 8 dB at 3 dB), clean samples touched (limit 0)"
    )
    met = True
    for name in MATERIALS:
        clean = material(name)
        gains, speeds = [], []
        for by_db in (1.0, 3.0, 6.0):
            dirty = clipped(clean, by_db)
            out, speed = made(Declip(), dirty)
            gains.append(sdr_db(clean.samples, out) - sdr_db(clean.samples, dirty.samples))
            speeds.append(speed)
        touched = float(np.mean(made(Declip(), clean)[0] != clean.samples))
        held = gains[1] >= 8.0 and touched == 0.0
        met &= held
        shown = "  ".join(f"{gain:5.1f}" for gain in gains)
        print(f"{name:15} {shown} dB {touched:.0e} {min(speeds):4.0f} x {'ok' if held else 'MISSED'}")
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=100_000 + secrets.randbelow(900_000))
    parser.add_argument("--peer", help="folder of the peer")
    parser.add_argument("--only", nargs="+", choices=EFFECTS, default=EFFECTS)
    wanted = parser.parse_args()
    if wanted.peer:
        sys.path.append(wanted.peer)
    print(f"seed {wanted.seed}; materials: {', '.join(MATERIALS)}")
    draw = np.random.default_rng(wanted.seed)
    runs = {
        "denoise": lambda: denoise(draw),
        "dehum": lambda: dehum(draw),
        "declick": lambda: declick(wanted.seed),
        "declip": declip,
    }
    met = [runs[name]() for name in wanted.only]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
