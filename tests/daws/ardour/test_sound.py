"""What is set in Ardour sounds like what we render: one plan, one export, each device beside our own effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import soundfile

from bridge.daws.applying import apply
from bridge.daws.ardour import DAW
from bridge.daws.ardour.link import ArdourLink
from bridge.daws.journal import Journal, Kept
from bridge.daws.reverting import revert
from bridge.effects.balance import Balance
from bridge.effects.compressor import Compressor
from bridge.effects.delay import Delay
from bridge.effects.dsp.transfer import compression_db, expansion_db
from bridge.effects.equalizer import Equalizer
from bridge.effects.pan import Pan
from bridge.planning.plan import Plan, Step
from tests.daws.ardour.lanes import LONG_S, STEP_S, STEPS_DBFS, lanes
from tests.daws.ardour.real import RealArdour
from tests.daws.ardour.session_file import RATE

pytestmark = pytest.mark.real

MONO_DB = -3.0103
"""What Ardour takes from a mono track in the middle: equal power."""


def band(kind: str, hz: float, gain_db: float = 0.0, q: float = 0.71) -> dict[str, Any]:
    return {"kind": kind, "frequency_hz": hz, "gain_db": gain_db, "q": q}


WISHES: dict[str, tuple[str, dict[str, Any]]] = {
    "Eq A": ("equalizer", {"bands": [
        band("bell", 250, -4, 1), band("bell", 3000, 6, 3), band("bell", 11_000, -5, 0.9), band("low_shelf", 120, 5),
        band("high_shelf", 8000, -6),
    ]}),
    "Eq B": ("equalizer", {"bands": [
        band("high_pass", 60), band("low_shelf", 200, 4, 1), band("bell", 300, -5, 1.2), band("bell", 1000, 6, 4),
        band("bell", 9000, 5, 2), band("high_shelf", 6000, -4, 0.5),
    ]}),
    "Squeeze": ("compressor", {"threshold_db": -26.0, "ratio": 4.0, "knee_db": 12.0, "attack_ms": 5.0,
                               "release_ms": 50.0, "makeup_db": 3.0}),
    "Gate": ("gate", {"threshold_db": -27.0, "ratio": 3.0, "attack_ms": 2.0, "release_ms": 20.0}),
    "Echo": ("delay", {"time_ms": 125.0, "feedback": 0.5, "mix": 0.4}),
    "Peaks": ("limiter", {"ceiling_dbtp": -6.0, "release_ms": 50.0}),
    "Left": ("pan", {"position": -100.0}),
    "Half": ("pan", {"position": 50.0}),
    "Wide": ("balance", {"right_over_left_db": 6.0}),
}  # fmt: skip

Part = Callable[[str], np.ndarray]


@pytest.fixture(scope="module")
def parts(started: RealArdour, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Part, Part]]:
    """What went into a track and what came out of the Master while it sounded, by its name [shape=(2, frames)]."""
    started.ensure()
    folder = tmp_path_factory.mktemp("journals")
    plan = Plan(
        steps=tuple(
            Step(id=f"{effect}-{number}", effect=effect, where=name, parameters=given)
            for number, (name, (effect, given)) in enumerate(WISHES.items())
        )
    ).with_id()
    link = ArdourLink("127.0.0.1", started.port)
    done = apply(plan, link, DAW.table, Journal(folder, "one", "ardour", plan.id))
    assert {one.verdict for one in done.written} == {"applied"}, [
        one for one in done.written if one.verdict != "applied"
    ]
    assert not done.left, done.left
    started.save()
    sound = started.export()
    assert revert(Kept(folder, "one"), link, Journal(folder, "back", "ardour", plan.id, "one")).ok
    started.save()
    link.close()
    made = {lane.name: lane for lane in lanes(folder / "sounds")}

    def went_in(name: str) -> np.ndarray:
        path = made[name].sound
        assert path is not None
        read = soundfile.read(path, always_2d=True)[0].T
        return np.repeat(read, 2 // len(read), 0)

    def came_out(name: str) -> np.ndarray:
        start, frames = round(made[name].at_s * RATE), went_in(name).shape[1]
        return sound[start : start + frames].T

    yield went_in, came_out


def bands_db(sound: np.ndarray, reference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Twelfths of an octave from 30 Hz to 18 kHz: their centres, and the power of one sound against the other's."""
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    edges = 30.0 * 2 ** (np.arange(0, 12 * np.log2(18_000 / 30)) / 12)
    powers = [np.abs(np.fft.rfft(each)) ** 2 for each in (sound, reference)]
    at = np.digitize(hz, edges)
    summed = [np.bincount(at, each, len(edges) + 1)[1:-1] for each in powers]
    return edges[:-1], 10 * np.log10(summed[0] / summed[1])


@pytest.mark.parametrize(("name", "within_db", "middle_db"), [("Eq A", 0.2, MONO_DB), ("Eq B", 0.1, 0.0)])
def test_an_equalizer_has_the_curve_of_ours(parts, name, within_db, middle_db):
    """At every twelfth of an octave, over bells, shelves and a high-pass. ACE EQ stops short of what it was set to (its
    smoothing ends near it), which makes 0.1 dB of its own."""
    went_in, came_out = parts
    ours = (
        Equalizer.model_validate(WISHES[name][1])
        .processor(RATE, 1)
        .process(went_in(name)[:1].astype(np.float32))
    )
    hz, ratio_db = bands_db(came_out(name)[0], ours[0])
    apart_db = ratio_db - middle_db
    wrong = {
        round(at): round(float(off), 2) for at, off in zip(hz, apart_db, strict=True) if abs(off) > within_db
    }
    assert not wrong, str(wrong)


def levels_db(sound: np.ndarray) -> np.ndarray:
    """Of each step of the staircase, once it has settled."""
    steps = sound[0].reshape(len(STEPS_DBFS), -1)
    settled = steps[:, int(0.6 * STEP_S * RATE) : int(0.9 * STEP_S * RATE)]
    return 20 * np.log10(np.sqrt(np.mean(settled**2, axis=1)) + 1e-12) - MONO_DB


def test_the_compressor_has_the_static_curve_of_ours(parts):
    asked = Compressor.model_validate(WISHES["Squeeze"][1])
    level = np.array(STEPS_DBFS, float)
    expected = level - compression_db(level, asked.threshold_db, asked.ratio, asked.knee_db) + asked.makeup_db
    assert levels_db(parts[1]("Squeeze")) == pytest.approx(expected, abs=0.05)


def test_the_expander_has_the_static_curve_of_our_gate(parts):
    level = np.array(STEPS_DBFS, float)
    expected = level - expansion_db(level, -27.0, 3.0, 80.0)
    assert levels_db(parts[1]("Gate")) == pytest.approx(expected, abs=0.05)


def test_the_delay_repeats_when_and_as_loudly_as_ours(parts):
    went_in, came_out = parts
    ours = (
        Delay.model_validate(WISHES["Echo"][1])
        .processor(RATE, 1)
        .process(went_in("Echo")[:1].astype(np.float32))
    )
    for repeat in range(4):
        start = int((0.1 + 0.125 * repeat) * RATE)
        there, expected = (each[0, start - 96 : start + 96] for each in (came_out("Echo"), ours))
        assert abs(int(np.argmax(np.abs(there))) - int(np.argmax(np.abs(expected)))) <= 2, repeat
        low = [np.sum(np.abs(np.fft.rfft(each)[:32]) ** 2) for each in (there, expected)]  # below 8 kHz
        assert 10 * np.log10(low[0] / low[1]) - MONO_DB == pytest.approx(0.0, abs=0.1), repeat


def test_the_limiter_holds_true_peaks_under_the_ceiling(parts):
    from scipy.signal import resample_poly

    went_in, came_out = parts
    peaks = [
        20 * np.log10(np.max(np.abs(resample_poly(each, 16, 1, axis=1))))
        for each in (went_in("Peaks"), came_out("Peaks"))
    ]
    assert peaks[0] > 0
    assert -6.5 < peaks[1] <= -5.9


def sides_db(sound: np.ndarray) -> np.ndarray:
    middle = sound[:, RATE // 8 : 3 * RATE // 8]
    return 20 * np.log10(np.sqrt(np.mean(middle**2, axis=1)) + 1e-9)


def test_pan_goes_to_the_side_that_is_said_and_follows_equal_power(parts):
    went_in, came_out = parts
    left = sides_db(came_out("Left")) - sides_db(went_in("Left"))
    assert left[0] == pytest.approx(0.0, abs=0.05)
    assert left[1] < -60
    half = sides_db(came_out("Half")) - sides_db(went_in("Half"))
    ours = Pan(position=50.0).processor(RATE, 2).process(went_in("Half").astype(np.float32))
    apart = half - (sides_db(ours) - sides_db(went_in("Half")) + MONO_DB)
    assert apart[1] == pytest.approx(0.0, abs=0.2)
    assert (
        0.3 < apart[0] < 0.7
    )  # Ardour's law is a curve through -3 dB in the middle, not the quarter of a circle


def test_balance_moves_the_sides_of_a_stereo_track_as_ours_does(parts):
    went_in, came_out = parts
    ours = Balance(right_over_left_db=6.0).processor(RATE, 2).process(went_in("Wide").astype(np.float32))
    assert sides_db(came_out("Wide")) == pytest.approx(sides_db(ours), abs=0.05)


def test_everything_else_is_as_long_as_it_was(parts):
    assert parts[1]("Eq A").shape[1] == round(LONG_S * RATE)
