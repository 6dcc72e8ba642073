from __future__ import annotations

import pytest

from bridge.analysis import Analysis, analyze
from bridge.audio import Audio
from tests.signals import music_like


@pytest.fixture(scope="session")
def broken() -> Analysis:
    """Six seconds that drop out for 50 ms at 2.5 s and again at 4.25 s."""
    audio = music_like(6.0)
    samples = audio.samples.copy()
    for at in (2.5, 4.25):
        samples[:, round(at * 48000) :][:, :2400] = 0.0
    return analyze(Audio(samples, audio.rate), without=("tempo", "key"))
