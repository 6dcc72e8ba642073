import re

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects import Loudness
from bridge.errors import Failed
from tests import signals
from tests.effects.judges import lufs, true_peak_dbtp
from tests.effects.nasty import NASTY
from tests.effects.streams import apply, level_db, through

REACHABLE = [
    ("music", -9.0), ("music", -23.0), ("music quiet", -9.0), ("music loud, clipped", -14.0), ("music 8 kHz", -12.0),
    ("music 44.1 kHz", -8.0), ("swell", -10.0), ("drums", -14.0), ("speech, mono", -16.0), ("5.1", -10.0),
    ("quarter-rate bursts", -10.0), ("alternating bursts", -16.0), ("square", -9.0), ("white noise", -7.0),
    ("noise with a rest", -10.0), ("0.5 s", -9.0), ("left only", -12.0), ("clicks", -23.0),
]  # fmt: skip


def rendered(audio: Audio, **goal: float):
    chain = Loudness(**goal).processor(audio.rate, audio.channels, audio)
    return Audio(through(chain, audio.samples), audio.rate), chain


@pytest.mark.parametrize(("name", "target"), REACHABLE)
def test_the_loudness_is_hit_under_the_ceiling(name, target):
    audio = NASTY[name]()
    out, chain = rendered(audio, target_lufs=target, ceiling_dbtp=-1.0)
    assert chain.unreached is None
    assert lufs(out) == pytest.approx(target, abs=0.1)
    assert true_peak_dbtp(out.samples) <= -0.95
    assert out.frames == audio.frames


def test_without_limiting_it_is_a_plain_gain():
    music = signals.music_like(4.0, level_dbfs_peak=-20)
    out, _ = rendered(music, target_lufs=-26.0, ceiling_dbtp=-1.0)
    ratio = out.samples[np.abs(music.samples) > 1e-3] / music.samples[np.abs(music.samples) > 1e-3]
    assert ratio.std() < 1e-6
    assert lufs(out) == pytest.approx(-26.0, abs=0.01)


@pytest.mark.parametrize("name", ["bass 40 Hz", "music with DC", "speech, mono"])
def test_what_cannot_be_reached_is_said_with_the_best_value(name):
    out, chain = rendered(NASTY[name](), target_lufs=-7.0, ceiling_dbtp=-1.0)
    assert chain.unreached.startswith("not reachable: needs more than 60 dB of limiting")
    assert f"the best is {lufs(out):.1f} LUFS" in chain.unreached
    assert chain.unreached in chain.warnings
    assert true_peak_dbtp(out.samples) <= -0.95


def test_a_bound_on_limiting_is_kept_and_the_need_is_named():
    music = signals.music_like(6.0)
    out, chain = rendered(music, target_lufs=-9.0, ceiling_dbtp=-1.0, max_limiting_db=3.0)
    _, free = rendered(music, target_lufs=-9.0, ceiling_dbtp=-1.0)
    needed = re.match(
        r"not reachable: needs (\d+) dB of limiting, 3 at most; the best is -1", chain.unreached
    )
    assert int(needed[1]) == pytest.approx(free.limiter.most_db, abs=0.7)
    assert lufs(out) < -9.5
    assert chain.limiter.most_db <= 3.5


def test_more_than_6_db_of_limiting_is_warned_of():
    _, chain = rendered(signals.music_like(6.0), target_lufs=-8.0)
    assert "dB of limiting; more than 6 dB can be heard" in chain.warnings[0]


@pytest.mark.parametrize("seconds", [0.3, 0.01])
def test_too_short_for_a_loudness_is_only_pulled_under_the_ceiling(seconds):
    quiet, loud = signals.sine(1000, -20, seconds), signals.sine(1000, 3, seconds)
    assert np.array_equal(apply(Loudness(), quiet), quiet.samples)
    assert true_peak_dbtp(apply(Loudness(), loud)) <= -0.95


def test_silence_stays_silent_and_a_bare_noise_floor_is_not_lifted():
    assert not apply(Loudness(), signals.silence(2.0)).any()
    for floor in (signals.white(-70, 4.0), signals.pink(-60, 4.0), signals.white(-90, 4.0)):
        out, chain = rendered(floor, target_lufs=-14.0)
        assert np.array_equal(out.samples, floor.samples)
        assert level_db(floor.samples) < -85 or "bare noise floor" in chain.unreached


def test_quiet_music_is_lifted_by_up_to_40_db():
    quiet = signals.music_like(6.0, level_dbfs_peak=-38)
    out, chain = rendered(quiet, target_lufs=-14.0)
    assert chain.unreached is None and lufs(out) == pytest.approx(-14.0, abs=0.1)
    fainter = signals.music_like(6.0, level_dbfs_peak=-50)
    out, chain = rendered(fainter, target_lufs=-14.0)
    assert chain.unreached.startswith(
        f"not reachable: needs {-14 - lufs(fainter):.1f} dB of gain, 40 at most"
    )
    assert lufs(out) == pytest.approx(lufs(fainter) + 40, abs=0.05)


def test_the_gain_does_not_sag_where_nothing_needs_limiting():
    """Pumping: between the drums' hits a soft tone must come out as steady as it went in."""
    t = np.arange(8 * 48000) / 48000
    hits = 0.9 * np.sin(2 * np.pi * 180 * (t % 2)) * np.exp(-60 * (t % 2))
    tone = 0.02 * np.sin(2 * np.pi * 3000 * t)
    audio = Audio(np.tile((hits + tone).astype(np.float32), (2, 1)), 48000)
    out, chain = rendered(audio, target_lufs=-20.0)
    assert chain.unreached is None and chain.limiter.most_db > 3
    rests = [slice(round((k + 1.0) * 48000), round((k + 1.9) * 48000)) for k in (0, 2, 4)]
    gains = [level_db(out.samples[:, rest]) - level_db(audio.samples[:, rest]) for rest in rests]
    assert max(gains) - min(gains) < 0.01


def test_without_the_whole_sound_it_refuses():
    with pytest.raises(Failed, match="needs the whole sound"):
        Loudness().processor(48000, 2)
