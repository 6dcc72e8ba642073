"""What a model is told stays short enough for small ones: 16 kB beside the schema, however much there is to tell."""

from __future__ import annotations

import pytest

from bridge.analysis import analyze
from tests.benchmarks.prompt_size import CASES, MOST, characters
from tests.signals import music_like


@pytest.fixture(scope="module")
def measured():
    return analyze(music_like(6.0))


@pytest.mark.parametrize(("stems", "plugins", "second"), CASES)
def test_the_prompt_stays_under_16_kb(stems, plugins, second, measured, tmp_path):
    assert characters(measured, stems, plugins, second, str(tmp_path)) <= MOST
