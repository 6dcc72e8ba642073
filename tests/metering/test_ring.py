"""A ring never waits, never hands out what was overwritten, and counts what was lost."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.metering import Ring

RATE = 1000


def numbered(start: int, frames: int) -> np.ndarray:
    """Frame n holds n on the left and -n on the right."""
    count = np.arange(start, start + frames, dtype=np.float32)
    return np.stack([count, -count])


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_the_sizes_what_is_read_is_what_was_written_in_order(turns):
    """Each turn writes some frames and reads some; a ring of 37 frames forgets the oldest, and says how many."""
    ring = Ring(RATE, 2, 0.037)
    reader = ring.reader()
    written = read = 0
    for write, wanted in turns:
        ring.write(numbered(written, write))
        written += write
        lost = reader.lost
        got = reader.read(wanted)
        read += reader.lost - lost
        assert np.array_equal(got, numbered(read, got.shape[1]))
        assert got.shape[1] == min(wanted, written - read) and reader.lost - lost <= written
        read += got.shape[1]
        assert reader.position == read
    rest = reader.read()
    assert rest.shape[1] <= 37 and reader.position == written
    assert np.array_equal(rest, numbered(written - rest.shape[1], rest.shape[1]))


@given(st.lists(st.integers(0, 90), min_size=1, max_size=30), st.floats(0, 0.1))
@settings(max_examples=100, deadline=None)
def test_the_last_seconds_are_the_newest_ones(writes, seconds):
    ring = Ring(RATE, 2, 0.05)
    written = 0
    for frames in writes:
        ring.write(numbered(written, frames))
        written += frames
    audio = ring.last(seconds)
    assert audio.rate == RATE and audio.frames == min(round(seconds * RATE), 50, written)
    assert np.array_equal(audio.samples, numbered(written - audio.frames, audio.frames))


def test_a_reader_that_comes_too_late_is_told_so_and_begins_with_the_oldest_left():
    ring = Ring(RATE, 2, 0.1)
    reader = ring.reader()
    ring.write(numbered(0, 150))
    assert np.array_equal(reader.read(), numbered(50, 100))
    assert (reader.overruns, reader.lost) == (1, 50)
    ring.write(numbered(150, 10))
    reader.read()
    assert (reader.overruns, reader.lost) == (1, 50)


def test_what_the_writer_is_about_to_overwrite_is_not_handed_out():
    """A writer that was interrupted in the middle of its copy has claimed frames that a reader must not trust."""
    ring = Ring(RATE, 2, 0.1)
    ring.write(numbered(0, 100))
    reader = Ring.reader(ring)
    reader._position = 0
    ring._claimed = 130
    assert np.array_equal(reader.read(), numbered(30, 70)) and reader.lost == 30


def test_interleaved_blocks_of_a_sound_card_fit_as_they_are():
    ring = Ring(RATE, 2, 0.1)
    ring.write(np.ascontiguousarray(numbered(0, 20).T).T)
    assert np.array_equal(ring.last(1.0).samples, numbered(0, 20))


def test_a_writer_and_a_reader_on_two_threads_lose_nothing_but_what_is_counted():
    ring = Ring(RATE, 2, 0.5)
    reader = ring.reader()
    sizes = np.random.default_rng(3).integers(1, 90, 4000)
    total, seen, wrong = int(sizes.sum()), 0, 0
    blocks = np.split(numbered(0, total), np.cumsum(sizes)[:-1], axis=1)

    def play() -> None:
        for block in blocks:
            ring.write(block)

    player = threading.Thread(target=play)
    player.start()
    while player.is_alive() or reader.position < total:
        got = reader.read()
        first = reader.position - got.shape[1]
        wrong += not np.array_equal(got, numbered(first, got.shape[1]))
        seen += got.shape[1]
    player.join()
    assert wrong == 0 and seen + reader.lost == total


@pytest.mark.parametrize(("rate", "channels", "seconds"), [(48000, 2, 0.0), (0, 2, 1.0), (48000, 0, 1.0)])
def test_a_ring_that_holds_nothing_is_refused(rate, channels, seconds):
    with pytest.raises(BadInput):
        Ring(rate, channels, seconds)


@pytest.mark.parametrize("shape", [(1, 64), (3, 64), (64, 2), (64,), (1, 2, 64)])
def test_a_block_of_other_channels_is_refused_and_nothing_is_written(shape):
    ring = Ring(RATE, 2, 1.0)
    with pytest.raises(BadInput, match="2 channels"):
        ring.write(np.ones(shape, np.float32))
    assert ring.written == 0 and not ring.last(1.0).samples.any()
