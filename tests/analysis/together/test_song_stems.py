"""Separate players of one song are never taken for two microphones of one source."""

from __future__ import annotations

import pytest

from bridge.analysis.together import analyze_together
from tests.analysis.midi_player import must_have_players
from tests.analysis.together.miked import sound
from tests.analysis.together.song_stems import song_stems


@pytest.mark.real
@pytest.mark.parametrize("seed", [1, 2])
def test_players_of_one_song_are_unrelated(seed):
    must_have_players()
    heard = analyze_together({name: sound(wave) for name, wave in song_stems(seed, 8.0).items()})
    assert len(heard.pairs) == 10
    assert [(pair.first, pair.second) for pair in heard.pairs if pair.alignment.related] == []
