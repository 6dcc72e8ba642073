"""What a command line may name that is no sound, no weight and no part of a reference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.audio import Audio
from bridge.cli.preview import loudest
from bridge.cli.references import asked
from bridge.errors import BadInput
from tests import signals
from tests.cli.conftest import Run


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A second of sound in a folder of its own."""
    audio = signals.pink(-24, 1.0)
    path = tmp_path / "song" / "take.wav"
    path.parent.mkdir()
    soundfile.write(path, audio.samples.T, audio.rate)
    return path


ROUND = {
    "as the sound": ("process", "round.wav", "warmer"),
    "as a reference": ("process", "take.wav", "--reference", "round.wav"),
    "as a stem": ("process", "take.wav", "warmer", "--stem", "low=round.wav"),
    "as a song": ("album", "round.wav", "take.wav"),
    "to be measured": ("analyze", "round.wav"),
}


@pytest.mark.parametrize("arguments", ROUND.values(), ids=ROUND)
def test_a_link_that_leads_to_itself_is_refused(run: Run, take: Path, arguments: tuple[str, ...]) -> None:
    (take.parent / "round.wav").symlink_to(take.parent / "round.wav")
    ran = run(*arguments, "--json", cwd=take.parent)
    assert ran.code == 2, ran.err
    assert "round.wav" in ran.out
    assert "Traceback" not in ran.err


REFUSED = {
    "a weight of nothing": (["take.wav:0"], None, "0 is no weight"),
    "a weight below nothing": (["take.wav:-1"], None, "-1 is no weight"),
    "a weight beyond all": (["take.wav:1e308"], None, "1e308 is no weight"),
    "a weight that is no number": (["take.wav:nan"], None, "nan is no weight"),
    "a part twice": (["take.wav"], "eq=50,eq=60", "eq twice"),
    "a part of no reference": ([], "eq=50", "give --reference"),
}


@pytest.mark.parametrize(("references", "match", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_of_a_reference_is_refused_with_what_can(
    references: list[str], match: str | None, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        asked(references, match)


def test_words_that_go_on_from_a_plan_may_turn_its_match_down_without_the_file() -> None:
    assert asked([], "eq=50", before=True).match == {"eq": 0.5}


def test_the_preview_of_a_single_frame_is_that_frame() -> None:
    sound = Audio(np.full((1, 1), 0.5, np.float32), 48000)
    assert loudest(sound) == (0, 1)
