"""ReaPack's index and headers against what lies in the folder; JSON as other programs write and read it."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.daws.reaper.playing import SCRIPTS, Reaper, lua

FILES = {path.name for path in SCRIPTS.glob("*.lua")}
ACTIONS = {name for name in FILES if name.startswith("dawbridge_")}
HEADER = (SCRIPTS / "dawbridge_send.lua").read_text()


def test_the_index_brings_every_script_and_its_actions_are_the_main_ones():
    (package,) = ET.parse(SCRIPTS.parent / "index.xml").iter("reapack")
    (version,) = package.iter("version")
    sources = {source.attrib["file"]: source for source in version.iter("source")}
    assert set(sources) == FILES
    assert {name for name, source in sources.items() if source.get("main")} == ACTIONS
    assert all((source.text or "").endswith(f"/reaper/dawbridge/{name}") for name, source in sources.items())
    assert version.attrib["name"] == re.search(r"@version (\S+)", HEADER)[1]
    assert package.attrib["desc"] == re.search(r"@description (.+)", HEADER)[1]


def test_the_header_provides_every_script():
    provided = set(re.findall(r"^--   \[(?:no)?main\] (\S+)$", HEADER, re.MULTILINE))
    assert (provided - {"."}) | {"dawbridge_send.lua"} == FILES


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_is_a_package_or_says_that_it_is_none(action):
    assert re.match(r"-- @(noindex|description)", (SCRIPTS / action).read_text())


@pytest.fixture(scope="module")
def lua_json(tmp_path_factory):
    folder = tmp_path_factory.mktemp("json")
    with Reaper(folder, folder) as running:
        running.do("package.path = package.path .. ';' .. arg[1] .. '/?.lua'; JSON = require('json')")
        yield running


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(value=VALUES)
def test_what_python_writes_comes_back_through_lua_as_it_was(lua_json, value):
    text = json.dumps([value])
    again = lua_json.do(f"return JSON.encode(assert(JSON.decode({lua(text)})))")
    assert json.loads(again) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "[1,]", '{"a":1,}', '{"a":1 "b":2}', '{"a":1,"a":2}', "01", "1.", ".5", "+1", "nul", "NaN",
     "Infinity", "1e999", '"a', '"\\x"', '"\\ud800"', '"\n"', "[1] 2", "[" * 1000, "'a'", "{a:1}", "\ufeff{}"],
)  # fmt: skip
def test_what_is_no_json_is_refused(lua_json, text):
    assert lua_json.do(f"local got, why = JSON.decode({lua(text)}); return got == nil and why ~= nil")


@pytest.mark.parametrize("value", ["0/0", "1/0", "print", "{[1] = 2}", "{[true] = 1}"])
def test_what_json_cannot_say_is_not_written(lua_json, value):
    assert not lua_json.do(f"return (pcall(JSON.encode, {value}))")


def test_every_script_is_lua_5_4():
    for name in sorted(FILES):
        subprocess.run(["lua5.4", "-e", f"assert(loadfile({str(SCRIPTS / name)!r}))"], check=True)
