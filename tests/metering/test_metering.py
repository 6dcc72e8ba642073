"""Live sound reads what the same sound reads from a file."""

from __future__ import annotations

import ast
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from bridge.analysis import analyze, findings, rules
from bridge.analysis.meter import Meter
from bridge.audio import Audio
from bridge.errors import BadInput
from bridge.metering import Metering, Ring
from bridge.metering.moment import OF_WHOLE_SOUNDS
from tests.analysis.standard_signals import steps
from tests.signals import music_like, rng, silence

RATE = 48000
FRAME = 4096


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def played(audio: Audio, metering: Metering, ring: Ring, clock: Clock, seed: int = 1) -> None:
    """In random blocks, with a turn of the metering after each and time going on as the sound does."""
    generator = rng(seed)
    at = 0
    while at < audio.frames:
        frames = int(generator.integers(1, 3000))
        block = audio.samples[:, at : at + frames]
        ring.write(block)
        at += frames
        clock.now += block.shape[1] / audio.rate
        metering.turn()


def whole_frames(audio: Audio) -> Audio:
    return Audio(audio.samples[:, : audio.frames // FRAME * FRAME], audio.rate)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_samples_read_the_same_live_and_from_a_file(seed):
    audio = whole_frames(music_like(9, seed=seed))
    ring, clock = Ring(RATE, 2, 2.0), Clock()
    metering = Metering(ring, moment_s=0, clock=clock)
    played(audio, metering, ring, clock, seed)
    metering.stop()
    shown, offline = metering.snapshot, analyze(audio, without=("tempo", "key"))
    assert shown.seconds == audio.seconds and metering.overruns == 0
    for live, name in (
        (shown.integrated_lufs, "integrated_loudness"),
        (shown.loudness_range_lu, "loudness_range"),
        (shown.momentary_max_lufs, "momentary_max"),
        (shown.short_term_max_lufs, "short_term_max"),
        (shown.sample_peak_dbfs, "sample_peak"),
    ):
        assert live == offline.number(name), name
    assert shown.true_peak_dbtp == pytest.approx(offline.number("true_peak"), abs=0.01)


def test_snapshots_come_ten_times_a_second():
    ring, clock, seen = Ring(RATE, 2, 1.0), Clock(), []
    metering = Metering(ring, on_snapshot=seen.append, moment_s=0, clock=clock)
    played(music_like(4), metering, ring, clock)
    assert len(seen) == pytest.approx(40, abs=1)
    assert [shot.seconds for shot in seen] == sorted(shot.seconds for shot in seen)


def test_short_bursts_between_two_snapshots_are_held():
    """Tech 3341 case 13: a 400 ms tone reads M = -23 wherever it lies; looked at once, at the end."""
    from bridge.analysis.meter import Meter

    meter = Meter(RATE, 2)
    meter.push(
        np.concatenate([silence(0.46).samples, steps([(0.4, -23.0)]).samples, silence(1.0).samples], axis=1)
    )
    assert meter.snapshot().momentary_max_lufs == pytest.approx(-23.0, abs=0.1)


def test_maxima_are_released_without_losing_the_integration():
    ring, clock = Ring(RATE, 2, 10.0), Clock()
    metering = Metering(ring, moment_s=0, clock=clock)
    played(steps([(5, -6.0), (4, -20.0)]), metering, ring, clock)
    metering.release()
    played(steps([(5, -20.0)]), metering, ring, clock)
    shown = metering.snapshot
    assert shown.true_peak_dbtp == pytest.approx(-20.0, abs=0.05)
    assert shown.sample_peak_dbfs == pytest.approx(-20.0, abs=0.05)
    assert shown.momentary_max_lufs == pytest.approx(-20.0, abs=0.1)
    assert shown.short_term_max_lufs == pytest.approx(-20.0, abs=0.1)
    assert shown.integrated_lufs == pytest.approx(-6.0, abs=0.2)
    assert shown.seconds == pytest.approx(14.0, abs=0.1)


def test_a_reset_begins_anew():
    ring, clock = Ring(RATE, 2, 10.0), Clock()
    metering = Metering(ring, moment_s=0, clock=clock)
    played(steps([(5, -6.0)]), metering, ring, clock)
    metering.reset()
    played(steps([(5, -20.0)]), metering, ring, clock)
    assert metering.snapshot.integrated_lufs == pytest.approx(-20.0, abs=0.1)
    assert metering.snapshot.seconds == pytest.approx(5.0, abs=0.1)


def test_the_range_is_shown_as_unstable_for_a_minute():
    from bridge.analysis.meter import Meter

    meter = Meter(8000, 1)
    noise = 0.1 * rng(5).standard_normal((1, 8000 * 61)).astype(np.float32)
    meter.push(noise[:, : 8000 * 59])
    assert meter.snapshot().unstable_range and meter.snapshot().loudness_range_lu is not None
    meter.push(noise[:, 8000 * 59 :])
    assert not meter.snapshot().unstable_range


def test_sound_that_was_lost_is_counted_and_said(caplog):
    ring, clock = Ring(RATE, 2, 1.0), Clock()
    metering = Metering(ring, moment_s=0, clock=clock)
    ring.write(music_like(3).samples)
    metering.turn()
    assert (metering.overruns, metering.lost) == (1, 2 * RATE)
    assert "2.00 s of sound were not measured" in caplog.text


def test_findings_of_the_moment_come_from_the_same_rules():
    clipped = Audio(np.clip(4 * music_like(12).samples, -0.8, 0.8), RATE)
    ring, clock, seen = Ring(RATE, 2, 12.0), Clock(), []
    metering = Metering(ring, on_moment=seen.append, moment_s=8.0, every_s=4.0, clock=clock)
    played(clipped, metering, ring, clock)
    assert len(seen) == pytest.approx(3, abs=1) and metering.moment is seen[-1]
    assert seen[-1].seconds == 8.0 and "clipped_tops" in {finding.code for finding in seen[-1].findings}
    clock.now += 60
    metering.turn()
    assert metering.moment is seen[-1], "nothing new was heard, so there is nothing new to say"


def test_what_is_left_out_of_a_moment_are_codes_that_exist():
    said = set()
    for path in Path(rules.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                said |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    assert said >= OF_WHOLE_SOUNDS


def test_a_piece_of_music_out_of_the_middle_is_no_cut_file():
    ring, clock = Ring(RATE, 2, 10.0), Clock()
    metering = Metering(ring, moment_s=6.0, every_s=1.0, clock=clock)
    played(music_like(8), metering, ring, clock)
    edges = {"cut_start", "cut_end"}
    assert edges & {finding.code for finding in findings(analyze(ring.last(6.0), without=("tempo", "key")))}
    assert metering.moment is not None
    assert not {finding.code for finding in metering.moment.findings} & edges


def test_a_callback_that_fails_does_not_stop_the_meters(caplog):
    ring, shown = Ring(RATE, 2, 4.0), []

    def show(snapshot):
        shown.append(snapshot)
        if len(shown) == 1:
            raise ValueError("no such window")

    with Metering(ring, on_snapshot=show, moment_s=0):
        deadline = time.monotonic() + 60
        while len(shown) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(shown) >= 3
    assert "no such window" in caplog.text


def test_the_thread_measures_everything_before_it_ends():
    audio = whole_frames(music_like(3))
    ring = Ring(RATE, 2, 4.0)
    with Metering(ring, moment_s=0) as metering:
        for block in audio.blocks(512):
            ring.write(block)
        deadline = time.monotonic() + 60
        while metering.snapshot.seconds < 2.5 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert metering.snapshot.seconds == audio.seconds and metering.lost == 0


def test_a_metering_is_started_once():
    with Metering(Ring(RATE, 2, 1.0)) as metering:
        threads = sum(thread.name == "metering" for thread in threading.enumerate())
        with pytest.raises(BadInput, match="started already"):
            metering.start()
        assert sum(thread.name == "metering" for thread in threading.enumerate()) == threads
    with pytest.raises(BadInput, match="started already"):
        metering.start()


@pytest.mark.parametrize(("rate", "channels"), [(0, 2), (-1, 2), (3_072_001, 1), (48000, 0)])
def test_a_meter_refuses_what_no_sound_has(rate, channels):
    with pytest.raises(BadInput, match="cannot be measured"):
        Meter(rate, channels)
