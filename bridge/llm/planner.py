"""Words -> Heard by a model: the ladder of answer formats, one repair turn, and one total budget."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr

from bridge.errors import BadRequest, Unavailable
from bridge.llm.client import Deadline, Declined, Server, complete, within
from bridge.llm.events import Told
from bridge.llm.extract import Unusable, content, json_object
from bridge.llm.keys import key_of
from bridge.llm.manners import Manner, Manners
from bridge.llm.prompt import messages, repair
from bridge.llm.reply import heard
from bridge.llm.schema import json_schema
from bridge.llm.spent import Spent
from bridge.planning.context import Context
from bridge.planning.intent import Heard
from bridge.planning.listen import LONGEST
from bridge.planning.plugins.mentions import with_named
from bridge.planning.tail_words import tail_of
from bridge.planning.tongues import spoken

log = logging.getLogger(__name__)

manners = Manners()
"""How each server wants to be asked, for all calls of this process."""


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
    @property
    def state(self) -> Path | None: ...


def model_intents(
    words: str,
    context: Context,
    settings: ModelSettings,
    spent: Spent | None = None,
    told: Told = lambda characters: None,
) -> Heard:
    """What the model heard in the words: the same intents as the offline planner's.

    spent: adds up what the calls took, also where they end in nothing. told: hears how many characters have come.
    Raises Unavailable with the reason (no server, no key, no time, no usable answer), so that the caller falls back
    to the offline planner and says why; BadRequest for a request that is too long for either.
    """
    if len(words) > LONGEST:
        raise BadRequest(f"The request has {len(words):,} characters; up to {LONGEST:,} are read.")
    server = _server(settings)
    said = spoken(words, context.tongues, context.lexicon)
    context = with_named(words, replace(context, lexicon=said.lexicon))
    talk = _Talk(server, context, Deadline(settings.model_budget_s), spent or Spent(), told)
    found = within(talk.deadline, lambda: _down_the_ladder(talk, words, manners.kept_in(settings.state)))
    tail = tail_of(words, context.lexicon)
    language = (said.foreign and (found.language or said.foreign.code)) or said.lexicon.language
    told_tail = {"tail": tail} if tail and found.mood == "wish" else {}
    return found.model_copy(update={"language": language, **told_tail})


@dataclass(frozen=True)
class _Talk:
    """What one request to the model has in common over all its calls."""

    server: Server
    context: Context
    deadline: Deadline
    spent: Spent
    told: Told

    def answer(self, messages: list[dict[str, str]], manner: Manner) -> bytes:
        request = {"messages": messages, **_format(manner.rung), **_streamed(manner.stream)}
        self.spent.asked()
        body = complete(self.server, request, self.deadline, self.told)
        took = self.spent.answered(body)
        log.info("model %s at %s: usage %s", self.server.model, self.server.name, took or "unknown")
        return body


def _down_the_ladder(talk: _Talk, words: str, known: Manners) -> Heard:
    """Asks in the strictest manner first, and in a simpler one where the server declines it."""
    server = talk.server
    manner: Manner | None = known.of(server.name, server.model)
    while manner is not None:
        try:
            found = _ask(talk, words, manner)
        except Declined as error:
            talk.spent.declined()
            log.info("%s declines %s: %s", server.name, manner, error)
            refused, manner = error, manner.after_refusal(str(error))
            continue
        known.learn(server.name, server.model, manner)
        return found
    raise Unavailable(f"{server.name} declines the request: {refused}")


def _server(settings: ModelSettings) -> Server:
    key = key_of(settings.model_api_key)
    if not settings.model_base_url and not key:
        raise Unavailable("no model is configured (model_base_url, model_api_key)")
    if not settings.model_name:
        raise Unavailable("no model is named (model_name)")
    return Server(settings.model_base_url, settings.model_name, key or None)


def _ask(talk: _Talk, words: str, manner: Manner) -> Heard:
    """One question and at most one repair turn. Raises Unavailable where the second answer is unusable too."""
    said = messages(words, talk.context, schema_in_prompt=True)
    for last in (False, True):
        body = talk.answer(said, manner)
        text = ""
        try:
            text = content(body)
            return heard(json_object(text), words, talk.context)
        except Unusable as error:
            if last:
                raise Unavailable(f"the model's answer cannot be used: {error}") from None
            said = [
                *said,
                {"role": "assistant", "content": text[:8000]},
                {"role": "user", "content": repair(str(error))},
            ]
    raise AssertionError("unreachable")


def _streamed(stream: bool) -> dict[str, Any]:
    return {"stream": True, "stream_options": {"include_usage": True}} if stream else {}


def _format(rung: str) -> dict[str, Any]:
    if rung == "json_schema":
        return {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "intents", "strict": True, "schema": json_schema()},
            }
        }
    return {"response_format": {"type": "json_object"}} if rung == "json_object" else {}
