"""One effect in a process of its own, for the benchmarks of all of them: settings to work with, and what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

EXAMPLES: dict[str, dict[str, object]] = {
    "gain": {"gain_db": -3.0},
    "equalizer": {"bands": [{"frequency_hz": f, "gain_db": 3.0} for f in (100, 300, 1000, 3000, 9000)]},
    "gate": {"threshold_db": -30.0, "hysteresis_db": 4.0, "lookahead_ms": 5.0},
    "compressor": {"threshold_db": -30.0, "ratio": 4.0, "auto_makeup": True, "lookahead_ms": 5.0},
    "multiband_compressor": {"ratio": 4.0, "auto_makeup": True},
    "dynamic_equalizer": {
        "bands": [{"frequency_hz": f} for f in (60, 120, 250, 500, 1000, 2000, 4000, 8000)]
    },
    "transient_shaper": {"attack_db": 6.0, "sustain_db": -6.0},
    "limiter": {"ceiling_dbtp": -9.0},
    "loudness": {"target_lufs": -9.0},
    "saturation": {"drive_db": 12.0},
    "stereo_width": {"width": 1.5},
    "pitch_shift": {"semitones": 2.0},
    "time_stretch": {"speed": 1.1},
}
"""Settings at which the effect has work to do; the others run with their defaults."""


def measured(program: str, name: str, minutes: float) -> dict[str, float]:
    """The JSON object that `program` prints, given the effect's name, its settings and the minutes of sound.

    Raises CalledProcessError where it fails.
    """
    settings = json.dumps(EXAMPLES.get(name, {}))
    done = subprocess.run(
        [sys.executable, "-c", program, name, settings, str(minutes)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
