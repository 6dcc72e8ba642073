"""What every question to a model begins with."""

from __future__ import annotations

import pytest

from bridge.analysis.reading import Analysis
from bridge.llm import planner
from bridge.planning.context import Context, KnownPlugin
from bridge.presets import load_chains, load_lexicon


@pytest.fixture(autouse=True)
def forget_manners() -> None:
    planner.manners.forget()


@pytest.fixture
def context() -> Context:
    analysis = Analysis.from_readings(
        {"integrated_loudness": -19.3, "true_peak": -3.2, "rms": -21.0, "band_low_mid": -8.0},
        rate=48000,
        channels=2,
        frames=480000,
    )
    plugin = KnownPlugin(name="ZamComp", file="/usr/lib/vst3/ZamComp.vst3", parameters={"Ratio": (1.0, 20.0)})
    return Context({"input": analysis}, load_lexicon(), {}, load_chains(), (plugin,))
