import numpy as np
import pytest

from bridge.analysis.reading import Analysis
from bridge.effects import Gain, HostedPlugin
from bridge.errors import PluginFailed
from tests import signals
from tests.effects.streams import apply, level_db


@pytest.mark.parametrize("gain", [-24.0, -6.0, 0.0, 12.0])
def test_gain_changes_the_level_by_its_db(gain):
    music = signals.music_like(0.5)
    assert level_db(apply(Gain(gain_db=gain), music)) - level_db(music.samples) == pytest.approx(
        gain, abs=1e-4
    )


def test_0_db_is_the_very_same_sound():
    music = signals.music_like(0.5)
    assert np.array_equal(apply(Gain(), music), music.samples)


def staged(rms: float, true_peak: float):
    return Gain.staging(Analysis.from_readings({"rms": rms, "true_peak": true_peak}))


def test_staging_brings_the_rms_level_to_the_target():
    assert staged(-30.0, -18.0).gain_db == pytest.approx(12.0, abs=0.002)
    assert staged(-10.0, -1.0).gain_db == pytest.approx(-8.0, abs=0.002)


def test_staging_stops_at_the_ceiling_and_never_passes_it():
    assert -12.0015 < staged(-40.0, 6.0).gain_db <= -12.0
    assert 1.9985 < staged(-30.0, -8.0).gain_db <= 2.0


def test_what_fits_already_and_what_is_silent_is_not_staged():
    assert staged(-18.05, -6.5) is None
    assert staged(-25.0, -6.02) is None
    silence = Analysis.from_readings({"rms": None, "true_peak": None})
    assert Gain.staging(silence) is None


def test_a_hosted_plugin_is_data_and_keeps_the_plans_names():
    plugin = HostedPlugin.model_validate(
        {"plugin": {"name": "Verb"}, "parameters": {"size": 0.5, "on": True}}
    )
    assert plugin.parameters()["parameters"] == {"size": 0.5, "on": True}
    assert plugin.describe() == "Verb: size 0.5, on True"
    with pytest.raises(PluginFailed, match="Verb"):
        plugin.processor(48000, 2)
