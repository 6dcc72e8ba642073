"""A plan on REAPER's own effects: what is displayed afterwards is what the plan says, or the account says why not."""

from __future__ import annotations

import json

import pytest

from bridge.daws.reaper.orders import account, orders_of
from bridge.errors import BadRequest
from bridge.planning.plan import Plan
from tests.daws.reaper.playing import ScriptFailed, lua, rendering_of

BELL = {"kind": "bell", "frequency_hz": 2500, "gain_db": -3, "q": 2}
COMPRESSOR = {"threshold_db": -18, "ratio": 4, "attack_ms": 12, "release_ms": 1500, "knee_db": 6}


def plan_of(*steps: tuple[str, dict], where: str = "input") -> Plan:
    told = [
        {"id": f"s{n}", "effect": effect, "where": where, "parameters": parameters}
        for n, (effect, parameters) in enumerate(steps, 1)
    ]
    return Plan.model_validate({"steps": told}).with_id()


def orders(plan: Plan) -> str:
    return json.dumps(orders_of(plan).model_dump(mode="json", by_alias=True))


class Rack:
    """A track, and what becomes of it."""

    def __init__(self, reaper) -> None:
        self.reaper = reaper
        self.track = reaper.track("Vocal")

    def apply(self, *steps: tuple[str, dict], place: str = "after"):
        told = self.reaper.do(
            "package.path = package.path .. ';' .. arg[1] .. '/?.lua'; "
            f"local got, why = require('effects').apply(require('json').decode({literal(orders(plan_of(*steps)))}), "
            f"function() return require('project').track({lua(self.track)}) end, {lua(place)}); "
            "if not got then error(why, 0) end return got"
        )
        return account("a", told)

    def add(self, kind: str, more: str = "") -> None:
        self.reaper.do(f"local fx = mock.add_fx(mock.track({lua(self.track)}), {lua(kind)}); {more}")

    @property
    def effects(self):
        return self.reaper.do(f"return mock.shown(mock.track({lua(self.track)}))")


def literal(text: str) -> str:
    assert "]===]" not in text
    return f"[===[{text}]===]"


@pytest.fixture
def rack(reaper) -> Rack:
    return Rack(reaper)


def verdicts(applied) -> dict[str, str]:
    return {one.parameter: one.verdict for one in applied.written}


def test_a_compressor_displays_what_the_plan_says(rack):
    applied = rack.apply(("compressor", COMPRESSOR))
    (effect,) = rack.effects
    assert effect["kind"] == "ReaComp"
    shown = effect["shown"]
    assert (shown["Threshold"], shown["Ratio"], shown["Knee"]) == ("-18.0 dB", "4.00 : 1", "6.0")
    assert (shown["Attack"], shown["Release"]) == ("12.00 ms", "1.500 s")
    assert set(verdicts(applied).values()) == {"applied"}
    assert rack.reaper.state["undo"] == ["dawbridge: apply as native effects"]


def test_bands_find_bands_of_their_kind_and_others_are_made_to_it(rack):
    bands = [
        BELL,
        {"kind": "high_pass", "frequency_hz": 80},
        {"kind": "high_shelf", "frequency_hz": 8000, "gain_db": 2},
    ]
    applied = rack.apply(("equalizer", {"bands": bands}))
    assert applied.ok, applied
    assert not applied.left
    on = {(band["type"], band["hz"], band["db"]) for band in rack.effects[0]["bands"]}
    assert {(2, "2.50 kHz", "-3.0 dB"), (4, "8.00 kHz", "2.0 dB")} <= on
    assert [band["hz"] for band in rack.effects[0]["bands"] if band["type"] == 0] == ["80.0 Hz"]


def test_what_is_on_the_track_is_adjusted_and_not_doubled(rack):
    rack.add("ReaComp", "fx.name = 'my comp'")
    rack.apply(("compressor", COMPRESSOR))
    assert [effect["shown"]["Ratio"] for effect in rack.effects] == ["4.00 : 1"]


def test_bands_that_somebody_has_set_are_left_and_a_new_equalizer_comes(rack):
    rack.add("ReaEQ", "for _, band in ipairs(fx.bands) do band.raw[2] = 0.2 end")
    before = rack.effects[0]
    rack.apply(("equalizer", {"bands": [BELL]}))
    assert rack.effects[0] == before
    assert len(rack.effects) == 2


def test_one_free_band_is_taken_and_the_others_stay(rack):
    rack.add("ReaEQ", "for n = 1, 3 do fx.bands[n].raw[2] = 0.2 end")
    before = rack.effects[0]["bands"][:3]
    rack.apply(("equalizer", {"bands": [BELL]}))
    (effect,) = rack.effects
    assert effect["bands"][:3] == before
    assert (effect["bands"][3]["type"], effect["bands"][3]["db"]) == (2, "-3.0 dB")


def test_two_steps_of_a_kind_take_two_devices(rack):
    rack.apply(("compressor", COMPRESSOR), ("compressor", {**COMPRESSOR, "ratio": 2}))
    assert [effect["shown"]["Ratio"] for effect in rack.effects] == ["4.00 : 1", "2.00 : 1"]


@pytest.mark.parametrize("more", ["fx.on = false"])
def test_what_is_bypassed_is_left_alone(rack, more):
    rack.add("ReaComp", more)
    before = rack.effects[0]
    rack.apply(("compressor", COMPRESSOR))
    assert (rack.effects[0], len(rack.effects)) == (before, 2)


def test_before_the_others_means_in_front_and_in_the_plans_order(rack):
    rack.add("ReaVerbate")
    rack.apply(("equalizer", {"bands": [BELL]}), ("compressor", COMPRESSOR), place="before")
    assert [effect["kind"] for effect in rack.effects] == ["ReaEQ", "ReaComp", "ReaVerbate"]


def test_after_the_others_means_behind(rack):
    rack.add("ReaVerbate")
    rack.apply(("equalizer", {"bands": [BELL]}), ("compressor", COMPRESSOR))
    assert [effect["kind"] for effect in rack.effects] == ["ReaVerbate", "ReaEQ", "ReaComp"]


def test_what_the_device_cannot_reach_is_held_and_told(rack):
    rack.reaper.do("mock.kinds.ReaLimit[2][2] = function(raw) return ('%.2f dB'):format(-6 * (1 - raw)) end")
    applied = rack.apply(("limiter", {"ceiling_dbtp": -12, "release_ms": 80}))
    (ceiling,) = [one for one in applied.written if one.parameter == "Brickwall ceiling"]
    assert (ceiling.verdict, ceiling.got) == ("clamped", -6)
    assert "-6.00 dB is the nearest" in ceiling.reason


def test_what_does_not_stay_has_failed(rack):
    rack.reaper.do("mock.stuck = 'Ratio'")
    told = verdicts(rack.apply(("compressor", COMPRESSOR)))
    assert told.pop("Ratio") == "failed"
    assert set(told.values()) == {"applied"}


def test_an_automated_parameter_is_left_to_its_envelope(rack):
    rack.add("ReaComp", "fx.automated = 'Threshold'")
    applied = rack.apply(("compressor", COMPRESSOR))
    (threshold,) = [one for one in applied.written if one.parameter == "Threshold"]
    assert (threshold.verdict, threshold.reason) == ("failed", "it is automated; its envelope would win")


def test_a_missing_effect_is_told_and_the_rest_is_done(rack):
    rack.reaper.do("mock.kinds.ReaComp = nil")
    applied = rack.apply(("compressor", COMPRESSOR), ("gain", {"gain_db": -3}))
    assert "no ReaComp" in applied.left[0].reason
    assert verdicts(applied) == {"gain": "applied"}


def test_a_version_with_other_names_says_which_is_missing(rack):
    rack.reaper.do("mock.kinds.ReaComp[6][1] = 'Softness'")
    assert verdicts(rack.apply(("compressor", COMPRESSOR)))["Knee"] == "failed"


def test_a_reaeq_that_makes_no_band_of_another_kind_says_so(rack):
    rack.reaper.do("mock.stubborn = true")
    applied = rack.apply(("equalizer", {"bands": [{"kind": "high_pass", "frequency_hz": 80}]}))
    assert not applied.ok
    assert "could be made" in applied.written[0].reason


@pytest.mark.parametrize(
    ("had_db", "gain_db", "comes_to", "verdict"), [(-6, -3, -9, "applied"), (11, 3, 12, "clamped")]
)
def test_gain_goes_on_top_of_the_fader(rack, had_db, gain_db, comes_to, verdict):
    rack.reaper.do(f"mock.track({lua(rack.track)}).values.D_VOL = 10 ^ ({had_db} / 20)")
    (written,) = rack.apply(("gain", {"gain_db": gain_db})).written
    assert written.verdict == verdict
    assert written.got == pytest.approx(comes_to, abs=0.01)


@pytest.mark.parametrize(
    ("effect", "parameters", "expected"),
    [
        ("gate", {"threshold_db": -40, "range_db": 60}, {"Threshold": "-40.0 dB", "Dry": "-60.0 dB"}),
        ("delay", {"note_beats": 0.75, "tempo_bpm": 120, "feedback": 0.5},
         {"1: Length (time)": "375.00 ms", "1: Feedback": "-6.0 dB"}),
        ("limiter", {"ceiling_dbtp": -1}, {"Threshold": "-1.00 dB", "Brickwall ceiling": "-1.00 dB"}),
        ("reverb", {"pre_delay_ms": 25, "damping": 0.4}, {"Initial delay": "25.00 ms", "Dampening": "40"}),
    ],
)  # fmt: skip
def test_each_effect_displays_what_the_plan_says(rack, effect, parameters, expected):
    applied = rack.apply((effect, parameters))
    assert applied.ok, applied.written
    shown = rack.effects[0]["shown"]
    assert {name: shown[name] for name in expected} == expected


def test_what_reaper_has_nothing_for_is_left_with_its_reason(rack):
    applied = rack.apply(("declip", {}), ("gain", {"gain_db": 1}))
    assert [one.effect for one in applied.left] == ["declip"]


def test_an_error_inside_still_closes_the_undo_block(rack):
    rack.reaper.do("mock.kinds.ReaComp[1][2] = function() error('broken display', 0) end")
    with pytest.raises(ScriptFailed, match="broken display"):
        rack.apply(("compressor", COMPRESSOR))
    rack.reaper.do("return 0")
    assert (rack.reaper.state["depth"], rack.reaper.state["refresh"]) == (0, 0)


@pytest.mark.parametrize("told", [[], {"written": 5}, {"surprise": 1}, {"written": [{"step": "s"}]}, None])
def test_a_report_that_is_none_is_refused(told):
    with pytest.raises(BadRequest):
        account("a", told)


def test_a_wish_is_planned_ordered_set_and_reported(reaper, bridge, sound):
    track = reaper.track("Vocal")
    reaper.item(track, sound("vocal"))
    reaper.do(rendering_of(sound("stem")))
    reaper.run("apply", "less boomy\nafter")
    asked = bridge.taken()
    assert (asked["message"], asked["words"]) == ("plan", "less boomy")
    plan = plan_of(("equalizer", {"bands": [BELL]}))
    bridge.done(asked["id"], {"plan": plan.to_json()})
    reaper.tick()
    ordered = bridge.taken()
    assert (ordered["message"], ordered["daw"]) == ("orders", "reaper")
    bridge.done(ordered["id"], json.loads(orders(plan)))
    reaper.until_idle()
    report = bridge.taken()
    assert (report["message"], report["orders"]) == ("report", ordered["id"])
    assert account("a", report["account_json"]).ok
    assert reaper.state["boxes"] == ["3 set, 0 held, 0 failed."]
