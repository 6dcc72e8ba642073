"""The session that the tests share: three tracks with a tone each, and behind them one track for each device that is
measured, each with its sound at a time of its own, so that one export tells of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from tests.daws.ardour.session_file import RATE, Lane
from tests.real import must_have

TONES_HZ = {"Drums": 1000.0, "Vocal": 220.0, "Bass": 55.0}
TONE_S = 3.0
STEPS_DBFS = tuple(range(-50, 0, 5))
"""Levels of the staircase."""
STEP_S = 0.25
LONG_S = 2.5
_VOICE = Path("/usr/share/sonic-pi/samples/bass_voxy_c.flac")
_ACE, _X42 = "urn:ardour:a-", "http://gareus.org/oss/lv2/"


def tone(hz: float, seconds: float, amplitude: float = 0.1) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)


def noise(peak: float = 0.25) -> np.ndarray:
    """With a second of silence behind it, in which filters ring out."""
    sound = np.zeros(int(LONG_S * RATE))
    length = int(1.5 * RATE)
    sound[:length] = np.random.default_rng(7).uniform(-peak, peak, length)
    return sound


def staircase() -> np.ndarray:
    """A square wave of 100 Hz that gets louder by steps: its level is the same at every instant."""
    wave = np.sign(tone(100.0, STEP_S) + 1e-9)
    return np.concatenate([wave * 10 ** (level / 20) for level in STEPS_DBFS])


def click() -> np.ndarray:
    sound = np.zeros(int(LONG_S * RATE))
    sound[int(0.1 * RATE)] = 0.5
    return sound


def voice() -> np.ndarray:
    """A low voice (Debian's sonic-pi-samples)."""
    from scipy.signal import resample_poly

    must_have("sonic-pi-samples", _VOICE.exists())
    sound, rate = soundfile.read(_VOICE, always_2d=True, stop=int(LONG_S * 44_100))
    assert rate == 44_100
    return 0.5 * resample_poly(sound.mean(1), 160, 147)


def lanes(folder: Path) -> tuple[Lane, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    plugins = {"Drums": (_X42 + "fil4#stereo",), "Vocal": (_ACE + "comp", _ACE + "eq"), "Bass": ()}
    made = [
        _lane(folder, name, tone(hz, TONE_S), 1 if name == "Vocal" else 2, plugins[name], 0.0)
        for name, hz in TONES_HZ.items()
    ]
    measured = (
        ("Eq A", noise(), 1, (_ACE + "eq",)),
        ("Eq B", noise(), 2, (_X42 + "fil4#stereo",)),
        ("Squeeze", staircase(), 1, (_ACE + "comp",)),
        ("Gate", staircase(), 1, (_ACE + "exp",)),
        ("Echo", click(), 1, (_ACE + "delay",)),
        ("Peaks", 4 * noise(), 2, (_X42 + "dpl#stereo",)),
        ("Left", tone(500.0, 0.5), 1, ()),
        ("Half", tone(500.0, 0.5), 1, ()),
        ("Wide", tone(500.0, 0.5), 2, ()),
        ("Voice", voice(), 2, (_X42 + "fil4#stereo", _ACE + "comp#stereo")),
        ("Twins", tone(500.0, 0.5), 2, (_ACE + "comp#stereo", _ACE + "comp#stereo")),
    )
    at_s = TONE_S + 0.5
    for name, sound, channels, chain in measured:
        made.append(_lane(folder, name, sound, channels, chain, at_s))
        at_s += len(sound) / RATE + 0.25
    return (*made, Lane("Master", plugins=(_X42 + "dpl#stereo",)))


def _lane(
    folder: Path, name: str, sound: np.ndarray, channels: int, plugins: tuple[str, ...], at_s: float
) -> Lane:
    path = folder / f"{name.lower().replace(' ', '-')}.wav"
    soundfile.write(path, np.repeat(sound[:, None], channels, 1), RATE, "FLOAT")
    return Lane(name, path, channels, plugins, at_s)
