"""A limited sound that was proved is given as it was proved, however the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio import Audio
from bridge.effects.dsp import kept
from bridge.effects.loudness import Loudness
from bridge.rendering.spool import Measured
from tests import signals


def _given(audio: Audio, cut: int) -> tuple[np.ndarray, object]:
    processor = Loudness(target_lufs=-9.0).processor(audio.rate, audio.channels, Measured(audio))
    blocks = [processor.process(audio.samples[:, at : at + cut]) for at in range(0, audio.frames, cut)]
    return np.concatenate([*blocks, processor.flush()], axis=1), processor


def test_what_was_proved_is_what_is_made_again_where_there_is_no_room_and_however_it_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    audio = signals.music_like(4.0)
    whole, processor = _given(audio, audio.frames)
    assert isinstance(processor, kept.Kept) and processor.reduction.curve().most_db > 1.0
    pieces, _ = _given(audio, 1013)
    monkeypatch.setattr(kept, "MOST_BYTES", 1000)
    again, made = _given(audio, 4096)
    assert not isinstance(made, kept.Kept)
    assert whole.shape == audio.samples.shape
    assert np.array_equal(whole, pieces) and np.array_equal(whole, again)
    assert processor.reduction.curve().most_db == pytest.approx(made.reduction.curve().most_db)
