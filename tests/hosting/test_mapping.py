"""Our effects played by real plugins: what the map promises is what is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bridge
from bridge.audio import Audio
from bridge.effects import BY_NAME
from bridge.errors import BadInput, BadPlan
from bridge.hosting import Catalogue, PluginHost
from bridge.hosting.guessing import guess
from bridge.hosting.map_files import own_file, write
from bridge.hosting.mapping import BandSlot, PluginMap, Target, hosted, load_maps
from bridge.hosting.scan import scan
from bridge.planning.plan import Plan, Step
from bridge.rendering.render import render
from tests.effects.judges import lufs
from tests.hosting import bundles
from tests.hosting.playing import play
from tests.signals import sine

pytestmark = pytest.mark.real

RECORDINGS = Path(__file__).resolve().parents[2] / "docs" / "recordings"


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The catalogue of a folder with every one of Debian's plugins that has a map, scanned once for all tests here."""
    folder = tmp_path_factory.mktemp("vst3")
    for name in load_maps():
        (folder / f"{name}.vst3").symlink_to(bundles.zam(name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VST3_PATH", str(folder))
        catalogue = Catalogue(tmp_path_factory.mktemp("state"))
    records = {record.name: record for record in scan(catalogue)}
    return catalogue, records


@pytest.fixture(scope="module")
def host(known):
    with PluginHost(known[0]) as host:
        yield host


@pytest.fixture
def real(known):
    return known[1].__getitem__


def heard(host, effect, record, sound):
    mapped, notes = hosted(effect, load_maps()[record.name], record)
    return play(host.processor(mapped, sound.rate, sound.channels), sound), notes


def response_db(host, effect, record, frequencies):
    sound = np.zeros((1, 96000), np.float32)
    sound[0, 0] = 0.5
    out, _ = heard(host, effect, record, Audio(sound, 48000))
    spectrum = np.abs(np.fft.rfft(out[0])) / 0.5
    return [float(20 * np.log10(spectrum[frequency * 2])) for frequency in frequencies]


@pytest.mark.parametrize("name", sorted(load_maps()))
def test_every_map_of_the_presets_names_what_the_plugin_has(name, real):
    item, record = load_maps()[name], real(name)
    settable = {parameter.name for parameter in record.settable}
    named = {to for target in item.parameters.values() for to in (target.to, *target.also)} | set(item.fixed)
    for slot in item.bands:
        widths = (target.to for target in (slot.q, slot.bandwidth_octaves) if target)
        named |= {slot.frequency_hz, slot.gain_db, *widths} | ({slot.on} if slot.on else set())
    assert named <= settable
    mapped, _ = hosted(BY_NAME[item.effect](), item, record)
    assert set(mapped.settings) <= settable


def test_zamcompx2_compresses_by_the_ratio(host, real):
    """Above the threshold, 10 dB more in are 2.5 dB more out at 4:1, however the level is detected.

    Far above it, because the detector follows the wave itself, which dips under the threshold at each zero; and slow,
    so that the gain does not ripple.
    """
    record = real("ZamCompX2")
    effect = BY_NAME["compressor"](threshold_db=-60, ratio=4, attack_ms=20, release_ms=500, knee_db=0)
    levels = []
    for level_dbfs in (-15, -5):
        out, notes = heard(host, effect, record, sine(5000, level_dbfs, 4))
        levels.append(10 * np.log10(2 * np.mean(out[:, 144000:] ** 2)))
        assert not notes
    assert levels[1] - levels[0] == pytest.approx(2.5, abs=0.05)
    assert levels[0] < -40


@pytest.mark.parametrize("q", [0.7, 1.4, 4.0])
def test_zameq2_draws_our_bell(host, real, q):
    """The Audio EQ Cookbook's bell is the judge: half the gain in dB lies at the edges of its bandwidth."""
    record = real("ZamEQ2")
    octaves = 2 / np.log(2) * np.arcsinh(1 / (2 * q))
    edges = [round(1000 * 2 ** (side * octaves / 2)) for side in (-1, 1)]
    effect = BY_NAME["equalizer"](bands=[{"kind": "bell", "frequency_hz": 1000, "gain_db": 6, "q": q}])
    low, middle, high = response_db(host, effect, record, [edges[0], 1000, edges[1]])
    assert middle == pytest.approx(6, abs=0.05)
    assert (low, high) == (pytest.approx(3, abs=0.15), pytest.approx(3, abs=0.15))


def test_zameq2_draws_our_shelves(host, real):
    record = real("ZamEQ2")
    shelves = [("low_shelf", 200, 6), ("high_shelf", 5000, -6)]
    bands = [{"kind": kind, "frequency_hz": hz, "gain_db": db} for kind, hz, db in shelves]
    got = response_db(host, BY_NAME["equalizer"](bands=bands), record, [20, 200, 1000, 5000, 20000])
    np.testing.assert_allclose(got, [6, 3, 0, -3, -6], atol=0.4)


def test_a_band_that_the_plugin_does_not_have_is_refused(real):
    record = real("ZamEQ2")
    effect = BY_NAME["equalizer"](bands=[{"kind": "high_pass", "frequency_hz": 80}])
    with pytest.raises(BadPlan, match=r"ZamEQ2 has no .* high pass"):
        hosted(effect, load_maps()["ZamEQ2"], record)


def test_zamgatex2_s_shorter_range_is_said(real):
    record = real("ZamGateX2")
    mapped, notes = hosted(BY_NAME["gate"](threshold_db=-40, range_db=80), load_maps()["ZamGateX2"], record)
    assert mapped.settings["max_gate_close_db"] == -50
    assert any("-80 dB is held at -50 dB" in note for note in notes)


def built_in(effect, sound):
    return play(effect.processor(sound.rate, sound.channels), sound)


def level_dbfs(samples):
    """Of the last second, by the peak of a sine of that power."""
    return float(10 * np.log10(2 * np.mean(samples[:, -48000:] ** 2)))


def both(level: float, seconds: float = 2.0) -> Audio:
    return Audio(np.repeat(sine(1000, level, seconds).samples[:1], 2, axis=0), 48000)


@pytest.mark.parametrize("name", ["ZamComp", "ZamCompX2"])
def test_a_compressor_s_curve_is_the_built_in_s(host, real, name):
    record = real(name)
    effect = BY_NAME["compressor"](threshold_db=-30, ratio=4, attack_ms=10, release_ms=120)
    for level in (-40, -20, -8):
        got, _ = heard(host, effect, record, both(level))
        assert level_dbfs(got) == pytest.approx(level_dbfs(built_in(effect, both(level))), abs=1.5)


@pytest.mark.parametrize("name", ["ZamComp", "ZamCompX2"])
def test_a_compressor_lifts_nothing_that_lies_under_its_threshold(host, real, name):
    effect, record = BY_NAME["compressor"](threshold_db=-20, ratio=4, knee_db=8), real(name)
    for level in (-30, -24, -21):
        got, notes = heard(host, effect, record, both(level))
        assert level_dbfs(got) == pytest.approx(level, abs=0.1)
        assert f"{name} has nothing for knee_db = 8.0." in notes


@pytest.mark.parametrize("name", ["ZamGate", "ZamGateX2"])
def test_a_gate_closes_by_its_range_and_lets_through_what_is_loud(host, real, name):
    effect, record = BY_NAME["gate"](threshold_db=-40, range_db=40), real(name)
    for level, expected in ((-50, -90), (-30, -30)):
        got, _ = heard(host, effect, record, both(level, 3))
        assert level_dbfs(got) == pytest.approx(expected, abs=0.5)


def test_zameq2_cuts_3_db_at_250_hz_as_the_built_in_does(host, real):
    effect = BY_NAME["equalizer"](bands=[{"kind": "bell", "frequency_hz": 250, "gain_db": -3, "q": 1}])
    (got,) = response_db(host, effect, real("ZamEQ2"), [250])
    assert got == pytest.approx(-3, abs=0.05)


def test_zamaximx2_lets_no_sample_pass_the_ceiling_and_leaves_what_is_lower(host, real):
    effect, record = BY_NAME["limiter"](ceiling_dbtp=-6), real("ZaMaximX2")
    loud, _ = heard(host, effect, record, both(-1))
    soft, _ = heard(host, effect, record, both(-12))
    assert 20 * np.log10(np.abs(loud).max()) <= -6 + 0.01
    assert level_dbfs(soft) == pytest.approx(-12, abs=0.1)


@pytest.mark.parametrize("time_ms", [50, 500])
def test_zamdelay_repeats_after_the_time(host, real, time_ms):
    record = real("ZamDelay")
    sound = np.zeros((1, 96000), np.float32)
    sound[0, 4800] = 0.5
    effect = BY_NAME["delay"](time_ms=time_ms, feedback=0, mix=0.5)
    out, _ = heard(host, effect, record, Audio(sound, 48000))
    late = np.abs(out[0, 4800 + 1000 :])
    assert (int(late.argmax()) + 1000) / 48 == pytest.approx(time_ms, abs=2)


def test_a_map_can_be_guessed_from_what_the_real_plugin_says(real):
    record = real("ZamGateX2")
    found = guess(BY_NAME["gate"], record)
    assert found.parameters == load_maps()["ZamGateX2"].parameters
    assert not found.trusted
    assert guess(BY_NAME["equalizer"], record) is None


@pytest.mark.parametrize("name", sorted(load_maps()))
def test_a_map_as_written_for_the_user_loads_as_it_was(name, tmp_path):
    found = load_maps()[name].model_copy(update={"trusted": False})
    written = write(found, tmp_path)
    assert load_maps(own=tmp_path)[name] == found
    assert written == own_file(name, tmp_path)


def test_a_map_with_every_sort_of_value_loads_as_it_was(tmp_path):
    target = Target(
        to='odd "name" é', factor=-2.5, offset=0.1, also=("x", "y z"), points=((0.1, 1.0), (2.0, 3.5))
    )
    slot = BandSlot(kind="bell", frequency_hz="f", gain_db="g", bandwidth_octaves=target, on="b on")
    found = PluginMap(
        plugin='Pro/C "2"', effect="gate", parameters={"ratio": target}, fixed={"a b": "x\ny", "c": True, "d": -1.5},
        bands=(slot,),
    )  # fmt: skip
    write(found, tmp_path)
    assert load_maps(own=tmp_path)[found.plugin] == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('plugin = "X"', "effect"),
        ('plugin = "X"\neffect = "vocoder"', "no effect 'vocoder'"),
        ('plugin = "X"\neffect = "gate"\n[parameters]\nloudness = "x"', "no parameter 'loudness'"),
        ('plugin = "X"\neffect = "gate"\nsurprise = 1', "surprise"),
        ("plugin = ", "bad.toml"),
    ],
)
def test_a_map_that_says_nonsense_is_named(tmp_path, text, sentence):
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "bad.toml").write_text(text)
    with pytest.raises(BadInput, match=sentence):
        load_maps(tmp_path)


def test_the_user_s_map_is_written_where_it_is_loaded_from_and_what_lay_there_is_kept(tmp_path):
    folder = tmp_path / "plugins"
    folder.mkdir()
    mine = '# my own\nplugin = "ZamComp"\neffect = "compressor"\ntrusted = false\n'
    (folder / "zz-mine.toml").write_text(mine, "utf-8")
    (folder / "zamcomp.toml").write_text('plugin = "Another"\neffect = "gate"\n', "utf-8")
    found = load_maps()["ZamComp"]
    assert write(found, tmp_path) == folder / "zz-mine.toml"
    assert (folder / "zz-mine.toml.bak").read_text("utf-8") == mine
    maps = load_maps(own=tmp_path)
    assert maps["ZamComp"] == found and maps["Another"].effect == "gate"


def test_a_map_is_never_written_into_that_of_another_plugin(tmp_path):
    one, two = (PluginMap(plugin=name, effect="gate") for name in ("A/B", "A_B"))
    assert write(one, tmp_path) != write(two, tmp_path)
    maps = load_maps(own=tmp_path)
    assert maps["A/B"] == one and maps["A_B"] == two
    assert not list((tmp_path / "plugins").glob("*.bak"))


@pytest.mark.parametrize("recording", ["loop_tabla", "guit_e_fifths"])
def test_a_hosted_compressor_leaves_a_recording_as_loud_as_the_built_in_does(host, real, recording):
    """4:1 at -24 dBFS takes several decibels; both give them back, to less than anybody hears (0.1 LU)."""
    sound = bridge.read(RECORDINGS / f"{recording}.flac")
    effect = BY_NAME["compressor"](threshold_db=-24, ratio=4, attack_ms=20, release_ms=100, auto_makeup=True)
    mapped, _ = hosted(effect, load_maps()["ZamCompX2"], real("ZamCompX2"))
    step = Step(id="p1", effect="hosted_plugin", parameters=mapped.parameters())
    out = render(sound, Plan(steps=(step,)).with_id(), plugins=host).audio
    assert lufs(out) == pytest.approx(lufs(sound), abs=0.1)
    plain = mapped.model_copy(update={"keep_loudness": False})
    lost = play(host.processor(plain, sound.rate, sound.channels), sound)
    assert lufs(Audio(lost, sound.rate)) < lufs(sound) - 1.0
