"""Other ways to a loudness under a ceiling, on the same signals and before the same judges as the own chain.

`python -m tests.benchmarks.loudness_peers`. The own chain, pedalboard's BrickwallLimiter (true peak) in a loop of
four corrections, and ffmpeg's loudnorm in two passes where ffmpeg is installed. ffmpeg-normalize and the limiter of
Matchering run where PEERS_PYTHON names a Python that has them; they are no part of any environment of this project.

Then what limiting does: distortion of dense music at -9 LUFS (power of the input at the best gain over the power of
what is left) and pumping (how far the gain sags, 50 ms by 50 ms, where true peaks leave 3 dB to the ceiling for 0.3 s).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from bridge.audio import Audio
from bridge.effects import Loudness
from tests import signals
from tests.effects.judges import lufs, true_peak_dbtp
from tests.effects.nasty import NASTY

CASES = ((-14.0, -1.0), (-9.0, -1.0))
Chain = Callable[[Audio, float, float], Audio | None]
"""Sound, target in LUFS and ceiling in dBTP -> result, None where it gave up."""


def own(audio: Audio, target: float, ceiling: float) -> Audio | None:
    chain = Loudness(target_lufs=target, ceiling_dbtp=ceiling).processor(audio.rate, audio.channels, audio)
    return Audio(np.concatenate([chain.process(audio.samples), chain.flush()], axis=1), audio.rate)


def brickwall(audio: Audio, target: float, ceiling: float) -> Audio | None:
    """Gain into pedalboard's own true-peak limiter, the gain corrected four times by what came out."""
    from pedalboard import BrickwallLimiter

    gain, out = target - lufs(audio), audio
    for _ in range(5):
        if not np.isfinite(gain):
            return None
        limiter = BrickwallLimiter(ceiling_db=ceiling, true_peak=True)
        louder = (audio.samples * 10 ** (gain / 20)).astype(np.float32)
        out = Audio(limiter(louder, audio.rate), audio.rate)
        gain += target - lufs(out)
    return out


def loudnorm(audio: Audio, target: float, ceiling: float) -> Audio | None:
    """ffmpeg's filter in two passes, with the widest loudness range it takes."""
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.wav"), Path(folder, "out.wav")
        soundfile.write(source, audio.samples.T, audio.rate, subtype="FLOAT")
        asked = f"loudnorm=I={target}:TP={ceiling}:LRA=20"
        first = _ffmpeg(source, f"{asked}:print_format=json", "-f", "null", "-")
        found = json.loads(first[first.rindex("{") : first.rindex("}") + 1]) if "{" in first else {}
        if not found:
            return None
        measured = ":".join(
            f"measured_{ours}={found[theirs]}"
            for ours, theirs in (
                ("I", "input_i"),
                ("TP", "input_tp"),
                ("LRA", "input_lra"),
                ("thresh", "input_thresh"),
            )
        )
        second = f"{asked}:{measured}:offset={found['target_offset']}:linear=true"
        _ffmpeg(source, second, "-ar", str(audio.rate), "-c:a", "pcm_f32le", str(made))
        return _read(made)


def _ffmpeg(source: Path, graph: str, *more: str) -> str:
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-y", "-i", str(source), "-af", graph, *more]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def _read(path: Path) -> Audio | None:
    import soundfile

    try:
        samples, rate = soundfile.read(path, always_2d=True, dtype="float32")
    except soundfile.LibsndfileError:  # nothing was written, or no whole file
        return None
    return Audio(np.ascontiguousarray(samples.T), rate) if len(samples) else None


def normalize(audio: Audio, target: float, ceiling: float) -> Audio | None:
    """ffmpeg-normalize, told to keep the loudness range."""
    import soundfile

    program = Path(os.environ["PEERS_PYTHON"]).with_name("ffmpeg-normalize")
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.wav"), Path(folder, "out.wav")
        soundfile.write(source, audio.samples.T, audio.rate, subtype="FLOAT")
        command = [program, source, "-o", made, "-f", "-t", str(target), "-tp", str(ceiling)]
        more = ["--keep-loudness-range-target", "-c:a", "pcm_f32le", "-ar", str(audio.rate)]
        subprocess.run([*command, *more], capture_output=True, check=False)
        return _read(made)


_MATCHERING = """
import sys
import numpy as np
import matchering
from matchering.limiter import limit
for line in sys.stdin:
    source, rate, made, ceiling = line.split()
    try:
        config = matchering.Config(internal_sample_rate=int(rate), threshold=float(ceiling))
        np.save(made, limit(np.load(source), config))
    except Exception as error:
        print(type(error).__name__, flush=True)
    else:
        print("ok", flush=True)
"""


@cache
def _matchering() -> subprocess.Popen[str]:
    """One process for all sounds: it takes seconds to start."""
    command = [os.environ["PEERS_PYTHON"], "-c", _MATCHERING]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, text=True, **pipes)


def matchering(audio: Audio, target: float, ceiling: float) -> Audio | None:
    """A gain into Matchering's limiter, whose ceiling is one of samples; it takes stereo alone."""
    gain = target - lufs(audio)
    if not np.isfinite(gain) or audio.channels != 2:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.npy"), Path(folder, "out.npy")
        np.save(source, audio.samples.T.astype(np.float64) * 10 ** (gain / 20))
        worker = _matchering()
        assert worker.stdin is not None and worker.stdout is not None
        print(source, audio.rate, made, 10 ** (ceiling / 20), file=worker.stdin, flush=True)
        worker.stdout.readline()
        return Audio(np.load(made).T.astype(np.float32), audio.rate) if made.exists() else None


def peers() -> dict[str, Chain]:
    found: dict[str, Chain] = {"own chain": own, "pedalboard brickwall x 5": brickwall}
    if shutil.which("ffmpeg"):
        found["ffmpeg loudnorm, two passes"] = loudnorm
    python = os.environ.get("PEERS_PYTHON")
    if python and Path(python).with_name("ffmpeg-normalize").exists():
        found["ffmpeg-normalize"] = normalize
    if (
        python
        and not subprocess.run(
            [python, "-c", "import matchering"], capture_output=True, check=False
        ).returncode
    ):
        found["matchering's limiter"] = matchering
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="a part of a name, may be given several times")
    parser.add_argument(
        "--music-alone", action="store_true", help="distortion and pumping, without the cases"
    )
    wanted = parser.parse_args()
    chosen = {
        name: chain
        for name, chain in peers().items()
        if not wanted.only or any(part in name for part in wanted.only)
    }
    missed = 0 if wanted.music_alone else _cases(chosen)
    print(
        "dense music asked to -9 LUFS; sag of the gain between hits over a chord at -16 LUFS; all under -1 dBTP"
    )
    for name, chain in chosen.items():
        _effect_on_music(name, chain)
    return 1 if missed else 0


def _cases(chosen: dict[str, Chain]) -> int:
    """How many of the reachable ones the own chain misses."""
    cases = [(name, make(), *case) for name, make in NASTY.items() for case in CASES]
    reachable = [case for case in cases if _promised(*case[1:])]
    print(f"{len(reachable)} cases of {len(cases)} that are reachable, within 0.1 LU and 0.05 dB at 16x:")
    missed = 0
    for name, chain in chosen.items():
        verdicts = [_hit(chain(*case[1:]), *case[2:]) for case in reachable]
        missed += len(reachable) - verdicts.count("hit") if chain is own else 0
        kinds = ", ".join(
            f"{kind} {verdicts.count(kind)}" for kind in dict.fromkeys(verdicts) if kind != "hit"
        )
        print(f"{name:28} {verdicts.count('hit'):3} of {len(reachable)}   {kinds}", flush=True)
    return missed


def _promised(audio: Audio, target: float, ceiling: float) -> bool:
    """Whether the own chain does not call it unreachable."""
    chain = Loudness(target_lufs=target, ceiling_dbtp=ceiling).processor(audio.rate, audio.channels, audio)
    return not getattr(chain, "unreached", None)


def _hit(out: Audio | None, target: float, ceiling: float) -> str:
    if out is None or not np.isfinite(out.samples).all():
        return "gave up"
    off, over = lufs(out) - target, true_peak_dbtp(out.samples) - ceiling
    if over > 0.05:
        return "over the ceiling"
    return "hit" if abs(off) <= 0.1 else "off the target"


def _effect_on_music(name: str, chain: Chain) -> None:
    told, sag = _music(chain), _sag(chain)
    if told is None or sag is None:
        print(f"{name:28} gave up or changed the length")
        return
    print(
        f"{name:28} {told}   sag {sag.mean():4.2f} dB, worst {sag.max():4.2f} dB in {sag.size} pieces",
        flush=True,
    )


def _music(chain: Chain) -> str | None:
    """Distortion, and where loudness and true peak came to lie: a chain that stays softer distorts less."""
    music = signals.music_like(20.0, level_dbfs_peak=-6.0)
    found = _before_and_after(chain, music, -9.0)
    if found is None:
        return None
    before, after = found
    gain = float((before * after).sum() / (before**2).sum())
    left = after - gain * before
    sdr = 10 * np.log10((gain**2 * before**2).sum() / (left**2).sum())
    out = Audio(after.astype(np.float32), music.rate)
    return f"SDR {sdr:5.1f} dB at {lufs(out):6.2f} LUFS, {true_peak_dbtp(out.samples):5.2f} dBTP"


def _sag(chain: Chain) -> np.ndarray | None:
    found = _before_and_after(chain, _hits_over_a_bed(), -16.0)
    return None if found is None else _sag_db(*found, -1.0, 48000)


def _before_and_after(chain: Chain, audio: Audio, target: float) -> tuple[np.ndarray, np.ndarray] | None:
    out = chain(audio, target, -1.0)
    if out is None or out.samples.shape != audio.samples.shape:
        return None
    return audio.samples.astype(np.float64), out.samples.astype(np.float64)


def _hits_over_a_bed(seconds: float = 20.0, rate: int = 48000) -> Audio:
    """A held chord with a drum hit 20 dB over it every second: only the hits need limiting."""
    t = np.arange(round(seconds * rate)) / rate
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.18, 329.63)) / 3
    hit = np.sin(2 * np.pi * 90 * (t % 1.0)) * np.exp(-40 * (t % 1.0))
    wave = 0.05 * chord + 0.5 * hit
    return Audio(np.stack([wave, wave]).astype(np.float32), rate)


def _sag_db(before: np.ndarray, after: np.ndarray, ceiling: float, rate: int) -> np.ndarray:
    """Gain lost in pieces of 50 ms around which nothing needs limiting, against the largest gain of any piece."""
    from scipy.signal import resample_poly

    size = rate // 20
    pieces = before.shape[1] // size
    power = [each[:, : pieces * size].reshape(len(each), pieces, size) ** 2 for each in (before, after)]
    gain_db = 10 * np.log10(power[1].sum(axis=(0, 2)) / power[0].sum(axis=(0, 2)))
    most = float(np.quantile(gain_db, 0.99))
    reached = np.abs(resample_poly(before, 8, 1, axis=1)).max(axis=0)[: pieces * size * 8]
    peak_db = 20 * np.log10(reached.reshape(pieces, -1).max(axis=1)) + most
    idle = np.array([(peak_db[max(0, n - 6) : n + 2] < ceiling - 3.0).all() for n in range(pieces)])
    return np.asarray(most - gain_db[idle], np.float64)


if __name__ == "__main__":
    sys.exit(main())
