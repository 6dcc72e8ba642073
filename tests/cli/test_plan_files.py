"""Plans as files: changed by hand, damaged, of another version, for other programs; one clear line each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.errors import BadPlan
from bridge.jobs.plan_file import read_plan

STEP = {"id": "gain-1", "effect": "gain", "parameters": {"gain_db": -3.0}, "reason": '"quieter"'}
PLAN = {"schema": 1, "request": "quieter", "steps": [STEP]}


def written(folder: Path, content: object, name: str = "plan.json") -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({**PLAN, "schema": 2}, "schema 2"),
        ({}, "it has no steps"),
        ({"name": "my song", "tracks": []}, "it has no steps"),
        ({**PLAN, "stps": []}, "'stps'"),
        ({**PLAN, "steps": [{**STEP, "wett": 1}]}, "'wett'; did you mean wet"),
        ({**PLAN, "steps": [{**STEP, "parameters": {"gain": -3}}]}, "'gain'; did you mean gain_db"),
        ({**PLAN, "steps": [{**STEP, "parameters": {"gain_db": 99}}]}, "its span is"),
        ({**PLAN, "steps": [STEP, STEP]}, "two steps have this id"),
        (json.dumps(PLAN).replace("-3.0", "NaN"), "no number"),
        (json.dumps(PLAN).replace("-3.0", "1e999"), "no number"),
        (json.dumps(PLAN)[: len(json.dumps(PLAN)) // 2], "where it ends too early"),
        ("warmer please", "is no JSON at line 1"),
        ("", "is no JSON"),
        ("[1, 2]", "not list"),
        ({"schema": 1, "outcome": "clarify", "plan": None}, "its outcome is clarify"),
        ({"schema": 1, "error": {"message": "no such file"}}, "no such file"),
        (json.dumps({**PLAN, "request": "x" * 10_000_000}), "10.0 MB"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_one_line_that_names_it(tmp_path, content, said):
    name = written(tmp_path, content)
    with pytest.raises(BadPlan) as refused:
        read_plan(name)
    message = refused.value.message
    assert said in message and name in message and "\n" not in message and len(message) < 400 + len(name)


@pytest.mark.parametrize("command", [("diff", "{}", "{}"), ("export", "{}", "--to", "rfxchain")])
def test_commands_refuse_a_plan_that_was_cut_in_half(run, tmp_path, command):
    name = written(tmp_path, json.dumps(PLAN)[:40])
    ran = run(*(part.format(name) for part in command))
    assert ran.code == 2 and len(ran.err.strip().splitlines()) == 1 and name in ran.err


def test_steps_keep_their_ids_through_hands_and_files(run, tmp_path):
    name = written(tmp_path, PLAN)
    other = written(tmp_path, {**PLAN, "steps": [{**STEP, "parameters": {"gain_db": -4.0}}]}, "b.json")
    changes = run("diff", name, other, "--json").json["changes"]
    assert [(one["step"], one["path"], one["old"], one["new"], one["unit"]) for one in changes] == [
        ("gain-1", "parameters.gain_db", -3.0, -4.0, "dB")
    ]


def test_a_chain_is_written_beside_the_plan_and_what_is_missing_is_no_error(run, tmp_path):
    reverb = {"id": "reverb-1", "effect": "reverb", "parameters": {}}
    name = written(tmp_path, {**PLAN, "steps": [STEP, reverb]})
    ran = run("export", name, "--to", "rfxchain", "--json")
    assert ran.code == 0 and ran.json["carried"] == ["gain-1"]
    assert "not opened in REAPER" in ran.json["note"] and "reverb-1" in ran.json["left_out"][0]
    assert (tmp_path / "plan.RfxChain").read_text().startswith("BYPASS 0 0 0\n<JS utility/volume_pan")
    assert run("export", name, "--to", "dawproject", "-o", str(tmp_path / "x.dawproject")).code == 0
    assert (tmp_path / "x.dawproject").read_bytes()[:2] == b"PK"


def test_an_export_never_replaces_the_plan(run, tmp_path):
    name = written(tmp_path, PLAN)
    assert run("export", name, "--to", "rfxchain", "-o", name).code == 2
    assert json.loads(Path(name).read_text()) == PLAN


def test_steps_at_several_places_need_one_to_be_named_for_a_chain(run, tmp_path):
    drums = {**STEP, "id": "gain-2", "where": "drums"}
    name = written(tmp_path, {**PLAN, "steps": [STEP, drums]})
    ran = run("export", name, "--to", "rfxchain")
    assert ran.code == 2 and "drums" in ran.err
    assert run("export", name, "--to", "rfxchain", "--where", "drums").code == 0
