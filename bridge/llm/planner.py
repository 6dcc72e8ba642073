"""Words -> Heard by a model: the ladder of answer formats, one repair turn, and one total budget."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from pydantic import SecretStr

from bridge.errors import BadRequest, Unavailable
from bridge.llm.client import Deadline, Declined, Server, complete
from bridge.llm.extract import Unusable, content, json_object, usage
from bridge.llm.prompt import messages, repair
from bridge.llm.reply import heard
from bridge.llm.schema import json_schema
from bridge.planning.context import Context
from bridge.planning.intent import Heard
from bridge.planning.listen import LONGEST
from bridge.planning.plugins.mentions import with_named
from bridge.planning.tail_words import tail_of

log = logging.getLogger(__name__)

RUNGS = ("json_schema", "json_object", "plain")
_rungs: dict[tuple[str | None, str], str] = {}
"""The rung that a server took, by address and model, so that the next call does not climb down again."""


class ModelSettings(Protocol):
    """What the planner must know of the settings."""

    @property
    def model_base_url(self) -> str | None: ...
    @property
    def model_name(self) -> str | None: ...
    @property
    def model_api_key(self) -> SecretStr | None: ...
    @property
    def model_budget_s(self) -> float: ...


def model_intents(words: str, context: Context, settings: ModelSettings) -> Heard:
    """What the model heard in the words: the same intents as the offline planner's.

    Raises Unavailable with the reason (no server, no key, no time, no usable answer), so that the caller falls back
    to the offline planner and says why; BadRequest for a request that is too long for either.
    """
    if len(words) > LONGEST:
        raise BadRequest(f"The request has {len(words):,} characters; up to {LONGEST:,} are read.")
    server = _server(settings)
    context = with_named(words, context)
    deadline = Deadline(settings.model_budget_s)
    rungs = _ladder(server)
    for rung in rungs:
        try:
            found = _ask(server, words, context, rung, deadline)
        except Declined as error:
            if rung == RUNGS[-1]:
                raise Unavailable(f"{server.name} declines the request: {error}") from None
            log.info("%s declines %s: %s", server.name, rung, error)
            continue
        _rungs[server.base_url, server.model] = rung
        tail = tail_of(words, context.lexicon)
        return found.model_copy(update={"tail": tail}) if tail and found.mood == "wish" else found
    raise Unavailable(f"{server.name} takes no form of the request")


def _server(settings: ModelSettings) -> Server:
    key = settings.model_api_key.get_secret_value().strip() if settings.model_api_key else None
    if not settings.model_base_url and not key:
        raise Unavailable("no model is configured (model_base_url, model_api_key)")
    if not settings.model_name:
        raise Unavailable("no model is named (model_name)")
    return Server(settings.model_base_url, settings.model_name, key or None)


def _ladder(server: Server) -> tuple[str, ...]:
    known = _rungs.get((server.base_url, server.model), RUNGS[0])
    return RUNGS[RUNGS.index(known) :]


def _ask(server: Server, words: str, context: Context, rung: str, deadline: Deadline) -> Heard:
    """One question and at most one repair turn. Raises Unavailable where the second answer is unusable too."""
    talk = messages(words, context, schema_in_prompt=True)
    for last in (False, True):
        body = complete(server, {"messages": talk, **_format(rung)}, deadline)
        log.info("model %s at %s: usage %s", server.model, server.name, usage(body) or "unknown")
        text = ""
        try:
            text = content(body)
            return heard(json_object(text), words, context)
        except Unusable as error:
            if last:
                raise Unavailable(f"the model's answer cannot be used: {error}") from None
            talk = [
                *talk,
                {"role": "assistant", "content": text[:8000]},
                {"role": "user", "content": repair(str(error))},
            ]
    raise AssertionError("unreachable")


def _format(rung: str) -> dict[str, Any]:
    if rung == "json_schema":
        return {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "intents", "strict": True, "schema": json_schema()},
            }
        }
    return {"response_format": {"type": "json_object"}} if rung == "json_object" else {}
