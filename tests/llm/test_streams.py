"""Answers that come in pieces, what they take, and how a server is asked once it has said what it does not take."""

from __future__ import annotations

import json

import pytest

from bridge.errors import Unavailable
from bridge.llm import planner
from bridge.llm.events import Answer
from tests.llm.asking import WARM, hear, reply, spending
from tests.llm.wire import completion, fails, hangs_up, says, sends, serving, streams


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_an_answer_in_pieces_is_heard_as_one_and_its_growth_is_told(ending, context):
    grown: list[int] = []
    with serving(streams(WARM, ending=ending)) as wire:
        heard, usage = spending(wire, "a bit warmer", context, grown.append)
    assert [(intent.subject, intent.amount) for intent in heard.intents] == [("warm", 0.5)]
    assert grown == sorted(grown) and len(grown) > 20
    assert grown[-1] == len(json.dumps(WARM))
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (1, 5, 7)


def test_a_server_that_does_not_stream_is_understood_as_well(context):
    with serving(says(WARM)) as wire:
        heard, usage = spending(wire, "a bit warmer", context)
    assert wire.seen[0].body["stream"] is True
    assert heard.intents[0].subject == "warm"
    assert usage.prompt_tokens == 5


def test_a_server_that_refuses_to_stream_is_asked_the_same_without(context):
    with serving(fails(400, "unknown field stream_options"), says(WARM), says(WARM)) as wire:
        hear(wire, "a bit warmer", context)
        hear(wire, "a bit warmer", context)
    asked = [(seen.body["response_format"]["type"], "stream" in seen.body) for seen in wire.seen]
    assert asked == [("json_schema", True), ("json_schema", False), ("json_schema", False)]


def test_what_a_server_takes_is_remembered_by_the_next_process(context, tmp_path):
    with serving(fails(400, "no such response_format"), says(WARM)) as wire:
        hear(wire, "a bit warmer", context, state=tmp_path)
        planner.manners.forget()
        hear(wire, "a bit warmer", context, state=tmp_path)
    assert [seen.body["response_format"]["type"] for seen in wire.seen] == [
        "json_schema",
        "json_object",
        "json_object",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"[1]", b"{", b'{"a b": {"rung": "worst", "stream": 1}}', b"\xff" * 9, b"[" * 99_999]
)
def test_a_file_of_memories_that_is_broken_costs_nothing_else(data, context, tmp_path):
    (tmp_path / "model-manners.json").write_bytes(data)
    with serving(says(WARM)) as wire:
        assert hear(wire, "a bit warmer", context, state=tmp_path).intents


def test_a_stream_that_breaks_off_is_repaired_or_said(context):
    half = b'data: {"choices": [{"delta": {"content": "{\\"outcome\\": \\"pl"}}]}\n\n'
    with serving(sends(half, kind="text/event-stream"), says(WARM)) as wire:
        heard, usage = spending(wire, "a bit warmer", context)
    assert heard.intents and usage.calls == 2
    assert usage.prompt_tokens is None, "one of the two never said"


def test_an_error_in_a_stream_is_no_answer(context):
    data = b'data: {"error": {"message": "out of memory"}}\n\n'
    with (
        serving(sends(data, kind="text/event-stream")) as wire,
        pytest.raises(Unavailable, match="no completion"),
    ):
        hear(wire, "a bit warmer", context)


def test_noise_between_events_is_passed_over():
    answer = Answer()
    for piece in (
        b"data: {\n",
        b"\xff\xfe\n",
        b"data: []\n",
        b'data: {"choices": 3}\n',
        b"event: x\nid: 1\n",
    ):
        answer.push(piece)
    answer.push(b'data: {"choices": [{"delta": {"content": "hi"}}]}')
    assert json.loads(answer.body())["choices"][0]["message"]["content"] == "hi"


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        "many",
        {"prompt_tokens": -1, "completion_tokens": 2},
        {"prompt_tokens": True, "completion_tokens": 1},
    ],
)
def test_unknown_usage_is_unknown_and_never_nothing(told, context):
    data = json.dumps({**completion(json.dumps(WARM)), "usage": told}).encode()
    with serving(sends(data)) as wire:
        _, usage = spending(wire, "a bit warmer", context, model_price_in=1.0, model_price_out=1.0)
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens, usage.cost_usd) == (
        1,
        None,
        None,
        None,
    )
    assert "tokens unknown, cost unknown" in usage.sentence()


def test_cost_is_tokens_times_the_user_s_own_prices(context):
    with serving(says(WARM)) as wire:
        _, usage = spending(wire, "a bit warmer", context, model_price_in=2.0, model_price_out=10.0)
    assert usage.cost_usd == pytest.approx((5 * 2.0 + 7 * 10.0) / 1_000_000)


def test_what_the_server_charged_wins_over_prices(context):
    told = {"prompt_tokens": 5, "completion_tokens": 7, "cost": 0.0123}
    with serving(streams(WARM, usage=told)) as wire:
        _, usage = spending(wire, "a bit warmer", context, model_price_in=2.0, model_price_out=10.0)
    assert usage.cost_usd == 0.0123


def test_a_repair_turn_is_counted_and_a_form_that_was_declined_is_not(context):
    bad = reply({"operation": "dance"})
    with serving(fails(400, "response_format"), says(bad), says(WARM)) as wire:
        _, usage = spending(wire, "a bit warmer", context)
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (2, 10, 14)


def test_a_call_that_fails_is_told_with_the_fallback(tmp_path):
    from bridge.analysis.reading import Analysis
    from bridge.bootstrap.planning import plan_words
    from bridge.config import load

    with serving(hangs_up()) as wire:
        given = {"state": str(tmp_path / "state"), "model_base_url": wire.base_url, "model_name": "tiny"}
        settings = load(given, env={}).settings
        sound = {"input": Analysis.from_readings({"integrated_loudness": -9.0, "true_peak": -0.5})}
        outcome = plan_words("-14 LUFS", sound, settings)
    who = outcome.plan.planner
    assert who.kind == "offline" and who.fallback_reason
    assert (who.usage.calls, who.usage.prompt_tokens) == (1, None)
