"""Whatever a server gets wrong ends in one stated reason, within the budget."""

from __future__ import annotations

import logging
import socket
import threading
import time

import pytest

from bridge.errors import Unavailable
from bridge.llm.client import Deadline, within
from bridge.llm.planner import model_intents
from tests.llm.asking import KEY, WARM, Settings, hear
from tests.llm.wire import breaks_off, drips, fails, hangs, hangs_up, says, sends, serving
from tests.waiting import quickest_s


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (sends(b"<html><body>Welcome to nginx</body></html>", kind="text/html"), "not JSON"),
        (sends(b""), "not JSON"),
        (sends(b"[1, 2]"), "no completion"),
        (sends(b'{"error": {"message": "overloaded"}}'), "no completion"),
        (sends(b'{"choices": null}'), "no completion"),
        (sends(b'{"choices": []}'), "no completion"),
        (sends(b'{"choices": [{"index": 0}]}'), "no message"),
        (says(None, refusal="I would rather not."), "refused"),
        (says(None, finish="content_filter"), "content filter"),
        (fails(401, f"Incorrect API key provided: {KEY}"), "does not accept the key"),
        (fails(403), "does not accept the key"),
        (fails(404), "HTTP 404"),
        (fails(429, "quota", code="insufficient_quota"), "HTTP 429"),
        (fails(429, "slow down", retry_after="600"), "HTTP 429"),
        (fails(500, "internal"), "HTTP 500"),
        (hangs_up(), "cannot be reached"),
        (breaks_off(), "broke off"),
        (sends(b"not gzip", content_encoding="gzip"), "broke off|cannot be reached|failed"),
    ],
    ids=[
        "html", "empty body", "list", "error object", "null choices", "empty choices", "no message", "refusal",
        "content filter", "401", "403", "404", "no quota", "429 long", "500", "hang up", "break off", "corrupt gzip",
    ],
)  # fmt: skip
def test_a_broken_server_is_one_stated_reason(answer, reason, context, caplog):
    caplog.set_level(logging.DEBUG)
    with serving(answer) as wire, pytest.raises(Unavailable, match=reason) as caught:
        hear(wire, "warmer", context)
    assert KEY not in caught.value.message
    assert "\n" not in caught.value.message
    assert KEY not in caplog.text


def test_a_500_is_tried_once_more_and_a_401_is_not(context):
    with serving(fails(500), says(WARM)) as wire:
        assert hear(wire, "warmer", context).intents
        assert len(wire.seen) == 2
    with serving(fails(401), says(WARM)) as wire:
        with pytest.raises(Unavailable):
            hear(wire, "warmer", context)
        assert len(wire.seen) == 1


def test_a_short_retry_after_is_waited_for(context):
    with serving(fails(429, retry_after="0.3"), says(WARM)) as wire:
        start = time.monotonic()
        assert hear(wire, "warmer", context).intents
        assert time.monotonic() - start >= 0.3


def test_a_400_walks_down_the_ladder_and_the_rung_is_remembered(context):
    with serving(
        fails(400, "json_schema is not supported"), fails(400, "json_object neither"), says(WARM)
    ) as wire:
        hear(wire, "warmer", context)
        hear(wire, "warmer", context)
        formats = [seen.body.get("response_format", {}).get("type") for seen in wire.seen]
    assert formats == ["json_schema", "json_object", None, None]


def test_a_server_that_declines_every_form_says_why(context):
    with serving(fails(422, "unknown field messages")) as wire:
        with pytest.raises(Unavailable, match="declines the request: unknown field"):
            hear(wire, "warmer", context)
        assert len(wire.seen) == 3


@pytest.mark.parametrize("answer", [hangs(), drips(WARM)], ids=["hang", "drip"])
def test_a_slow_server_costs_at_most_the_budget_and_a_second(answer, context):
    import openai  # noqa: F401 - its import is paid once, before the clock runs

    def waited() -> None:
        with pytest.raises(Unavailable, match="did not answer within 1 s"):
            hear(wire, "warmer", context, budget_s=1.0)

    with serving(answer) as wire:
        assert quickest_s(waited, under=2.0) < 2.0


def test_a_refused_connection_is_named(context):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(Unavailable, match="cannot be reached"):
        model_intents("warmer", context, Settings(url))


def test_a_404_without_v1_asks_about_it(context):
    with serving(fails(404)) as wire, pytest.raises(Unavailable, match="need /v1"):
        hear(wire, "warmer", context, model_base_url=wire.base_url.removesuffix("/v1"))


def test_what_cannot_be_broken_off_is_left_behind_at_the_deadline():
    stuck = threading.Event()

    def left() -> None:
        with pytest.raises(Unavailable, match=r"did not answer within 0\.3 s"):
            within(Deadline(0.3), lambda: stuck.wait(60))

    assert quickest_s(left, under=1.3) < 1.3
    stuck.set()


def test_what_goes_wrong_in_time_is_said_as_it_is():
    def wrong() -> None:
        raise Unavailable("no such model")

    with pytest.raises(Unavailable, match="no such model"):
        within(Deadline(5.0), wrong)
    assert within(Deadline(5.0), lambda: 3) == 3
