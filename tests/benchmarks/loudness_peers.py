"""Other ways to a loudness under a ceiling, on the same signals and before the same judges as the own chain.

`python -m tests.benchmarks.loudness_peers`. The own chain, pedalboard's BrickwallLimiter (true peak) in a loop of
four corrections, and ffmpeg's loudnorm in two passes where ffmpeg is installed. ffmpeg-normalize and the limiter of
Matchering run where PEERS_PYTHON names a Python that has them; they are no part of any environment of this project.

Then what -9 LUFS under -1 dBTP does to music: distortion (power of the input at the best gain over the power of what is
left) and pumping (how far the gain sags, 50 ms by 50 ms, where true peaks leave 3 dB to the ceiling for 0.3 s).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
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

    if not path.exists():
        return None
    samples, rate = soundfile.read(path, always_2d=True, dtype="float32")
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
samples, rate, path = np.load(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
config = matchering.Config(internal_sample_rate=rate, threshold=float(sys.argv[4]))
np.save(path, limit(samples, config))
"""


def matchering(audio: Audio, target: float, ceiling: float) -> Audio | None:
    """A gain into Matchering's limiter, whose ceiling is one of samples."""
    gain = target - lufs(audio)
    if not np.isfinite(gain) or audio.channels != 2:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in.npy"), Path(folder, "out.npy")
        np.save(source, audio.samples.T.astype(np.float64) * 10 ** (gain / 20))
        arguments = [str(source), str(audio.rate), str(made), str(10 ** (ceiling / 20))]
        command = [os.environ["PEERS_PYTHON"], "-c", _MATCHERING, *arguments]
        subprocess.run(command, capture_output=True, check=False)
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
    cases = [(name, make(), *case) for name, make in NASTY.items() for case in CASES]
    reachable = [case for case in cases if _hit(own(*case[1:]), *case[2:]) == "hit"]
    print(f"{len(reachable)} cases of {len(cases)} that are reachable, within 0.1 LU and 0.05 dB at 16x:")
    for name, chain in peers().items():
        verdicts = [_hit(chain(*case[1:]), *case[2:]) for case in reachable]
        kinds = ", ".join(
            f"{kind} {verdicts.count(kind)}" for kind in dict.fromkeys(verdicts) if kind != "hit"
        )
        print(f"{name:28} {verdicts.count('hit'):3} of {len(reachable)}   {kinds}", flush=True)
    print("music at -9 LUFS under -1 dBTP:  distortion as SDR, and sag of the gain (mean, worst)")
    for name, chain in peers().items():
        _effect_on_music(name, chain)
    return 0 if all(_hit(own(*case[1:]), *case[2:]) == "hit" for case in reachable) else 1


def _hit(out: Audio | None, target: float, ceiling: float) -> str:
    if out is None or not np.isfinite(out.samples).all():
        return "gave up"
    off, over = lufs(out) - target, true_peak_dbtp(out.samples) - ceiling
    if over > 0.05:
        return "over the ceiling"
    return "hit" if abs(off) <= 0.1 else "off the target"


def _effect_on_music(name: str, chain: Chain) -> None:
    music = signals.music_like(20.0, level_dbfs_peak=-6.0)
    out = chain(music, -9.0, -1.0)
    if out is None or out.samples.shape != music.samples.shape:
        print(f"{name:28} gave up or changed the length")
        return
    before, after = music.samples.astype(np.float64), out.samples.astype(np.float64)
    gain = float((before * after).sum() / (before**2).sum())
    left = after - gain * before
    sdr = 10 * np.log10((gain**2 * before**2).sum() / (left**2).sum())
    sag = _sag_db(before, after, -1.0, music.rate)
    mean, worst = (float(sag.mean()), float(sag.max())) if sag.size else (0.0, 0.0)
    print(f"{name:28} {sdr:6.1f} dB   {mean:5.2f} dB {worst:5.2f} dB   over {sag.size} pieces", flush=True)


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
