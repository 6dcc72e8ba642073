"""What leaves the machine, and what never does."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from typing import Any

import pytest

from bridge.errors import BadRequest, Unavailable
from bridge.llm.planner import model_intents
from bridge.planning.planner import respond
from tests.llm.asking import KEY, WARM, Settings, hear, reply, step
from tests.llm.wire import says, serving


def test_no_configuration_opens_no_socket(context, monkeypatch):
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(Unavailable, match="no model is configured"):
        model_intents("warmer", context, Settings(None, model_api_key=None))
    with pytest.raises(Unavailable, match="no model is named"):
        model_intents("warmer", context, Settings("http://127.0.0.1:1/v1", model_name=None))


def test_a_server_without_a_key_is_asked_without_one(context):
    with serving(says(WARM)) as wire:
        hear(wire, "warmer", context, model_api_key=None)
        assert KEY not in json.dumps(wire.seen[0].headers)


def test_the_request_carries_the_measurement_and_the_plan_but_no_folder_and_no_key(context):
    with serving(says(reply(step("plugin", "ZamComp")))) as wire:
        first = respond(hear(wire, "use ZamComp", context), context, "use ZamComp").plan
        assert first is not None
        words = "warmer, like /home/ada/music/secret song.wav and C:\\Users\\Ada\\mix.wav"
        hear(wire, words, replace(context, previous=first))
        sent = wire.seen[1]
    body = json.dumps(sent.body)
    assert "-19.3 LUFS" in body and "ZamComp" in body
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    for private in (KEY, "/home/ada", "/usr/lib/vst3", "Users"):
        assert private not in body


def test_the_schema_is_one_that_strict_mode_takes():
    """Every object closed, every property required, no defaults, no oneOf (openai-agents-python issue 474)."""
    from bridge.llm.schema import json_schema

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert not {"default", "oneOf", "discriminator", "$ref"} & set(node)
            if node.get("type") == "object":
                assert node["additionalProperties"] is False and node["required"] == list(node["properties"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json_schema())


def test_a_request_of_a_megabyte_is_refused_before_any_call(context):
    with serving(says(WARM)) as wire:
        with pytest.raises(BadRequest):
            hear(wire, "warmer " * 150_000, context)
        assert not wire.seen
