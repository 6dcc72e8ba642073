"""Figures as people write them."""

from __future__ import annotations

import pytest

from bridge.units import third_octave_in_words


@pytest.mark.parametrize(
    ("hz", "said"),
    [(12589.3, "12.5 kHz"), (1000.0, "1 kHz"), (251.2, "250 Hz"), (31.62, "31.5 Hz"), (19.95, "20 Hz"),
     (794.3, "800 Hz"), (3162.3, "3.15 kHz"), (15848.9, "16 kHz")],
)  # fmt: skip
def test_a_third_octave_has_its_nominal_centre(hz, said):
    """IEC 61260-1, annex E."""
    assert third_octave_in_words(hz) == said
