"""One chat completion within one total deadline, by the openai SDK, with foreign errors turned into ours.

The SDK's own timeout runs per read: a server that drips bytes never meets it. A timer that closes the client is what
bounds a call. Retries are ours too, for they share the budget.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any, TypeVar, cast

from bridge.errors import Unavailable
from bridge.llm.events import Answer, Told
from bridge.llm.privacy import without_key

_LARGEST_ANSWER = 16_000_000
_KEYLESS = "none-needed"
"""Servers on one's own machine ask for no key, but the SDK does."""


@dataclass(frozen=True)
class Server:
    """Where the model is and what it is called. base_url None: the SDK's own (OpenAI)."""

    base_url: str | None
    model: str
    key: str | None

    @property
    def name(self) -> str:
        return self.base_url or "OpenAI"


class Declined(Exception):
    """The server refuses this form of request (400, 422): a simpler one may do."""


class Deadline:
    """A moment on the monotonic clock, `budget_s` from now."""

    def __init__(self, budget_s: float) -> None:
        self.budget_s = budget_s
        self._end = time.monotonic() + budget_s

    @property
    def left_s(self) -> float:
        return max(0.0, self._end - time.monotonic())

    def passed(self) -> Unavailable:
        return Unavailable(f"the model did not answer within {self.budget_s:g} s")


_T = TypeVar("_T")
_GRACE_S = 0.3
"""After the deadline: the client that is closed by then says why in better words."""


def within(deadline: Deadline, call: Callable[[], _T]) -> _T:
    """What the call gives. Raises Unavailable once the deadline has passed, whatever the call hangs in.

    Looking up a server's name cannot be broken off; a thread that is stuck in it is left behind.
    """
    done: Queue[tuple[bool, Any]] = Queue()

    def run() -> None:
        try:
            done.put((True, call()))
        except Exception as error:  # noqa: BLE001 - handed on to who waits
            done.put((False, error))

    threading.Thread(target=run, name="model call", daemon=True).start()
    try:
        good, result = done.get(timeout=deadline.left_s + _GRACE_S)
    except Empty:
        raise deadline.passed() from None
    if not good:
        raise result
    return cast(_T, result)


def complete(
    server: Server, request: dict[str, Any], deadline: Deadline, told: Told = lambda characters: None
) -> bytes:
    """The body of the server's answer, in one piece however it came.

    told: hears how much of a streamed answer is there. Raises Declined for a form that the server does not take, else
    Unavailable with the reason.
    429 is waited for once where Retry-After fits into the deadline; a 5xx is tried once more.
    """
    for last in (False, True):
        if deadline.left_s <= 0:
            raise deadline.passed()
        pause = _try(server, request, deadline, last, told)
        if isinstance(pause, bytes):
            return pause
        time.sleep(min(pause, deadline.left_s))
    raise Unavailable(f"{server.name} did not answer")


def _try(
    server: Server, request: dict[str, Any], deadline: Deadline, last: bool, told: Told
) -> bytes | float:
    """The body, or how many seconds to wait before the second and last try."""
    import openai

    try:
        return _post(server, request, deadline, told)
    except openai.APIStatusError as error:
        pause = None if last else _pause(error, deadline)
        if pause is not None:
            return pause
        raise _refused(error, server) from None
    except openai.APITimeoutError:
        raise deadline.passed() from None
    except openai.APIConnectionError as error:
        if deadline.left_s <= 0.01:
            raise deadline.passed() from None
        cause = without_key(str(error.__cause__ or error), server.key)
        raise Unavailable(f"{server.name} cannot be reached ({cause}); is the server running?") from None
    except openai.OpenAIError as error:
        raise Unavailable(f"the model call failed: {without_key(str(error), server.key)}") from None


def _post(server: Server, request: dict[str, Any], deadline: Deadline, told: Told) -> bytes:
    import openai

    client = openai.OpenAI(
        api_key=server.key or _KEYLESS,
        base_url=server.base_url,
        timeout=max(0.05, deadline.left_s),
        max_retries=0,
    )
    timer = threading.Timer(deadline.left_s, client.close)
    timer.daemon = True
    timer.start()
    try:
        with client.chat.completions.with_streaming_response.create(
            model=server.model, **request
        ) as response:
            return _read(response, deadline, Answer(told))
    except openai.OpenAIError:
        raise
    except Exception as error:  # the transport raises its own when the timer closes it in mid-read
        if deadline.left_s <= 0.01:
            raise deadline.passed() from None
        if isinstance(error, Unavailable):
            raise
        kind = type(error).__name__
        raise Unavailable(f"the answer of {server.name} broke off ({kind})") from None
    finally:
        timer.cancel()
        client.close()


def _read(response: Any, deadline: Deadline, answer: Answer) -> bytes:
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if deadline.left_s <= 0:
            raise deadline.passed()
        if size > _LARGEST_ANSWER:
            raise Unavailable(f"the model's answer is longer than {_LARGEST_ANSWER:,} bytes")
        answer.push(chunk)
    return answer.body()


def _pause(error: Any, deadline: Deadline) -> float | None:
    """Seconds before a second try makes sense; None where it does not."""
    if error.status_code >= 500:
        return 0.2
    if error.status_code != 429 or error.code == "insufficient_quota":
        return None
    try:
        asked = float(error.response.headers.get("retry-after", "1"))
    except ValueError:
        return None
    return asked if 0 <= asked < deadline.left_s else None


def _refused(error: Any, server: Server) -> Exception:
    status, said = error.status_code, without_key(_said(error), server.key)
    if status in (400, 422):
        return Declined(said)
    if status in (401, 403):
        return Unavailable(f"{server.name} does not accept the key (HTTP {status}); set model_api_key")
    if status == 404:
        hint = (
            "" if (server.base_url or "/v1").rstrip("/").endswith("/v1") else "; does the address need /v1?"
        )
        return Unavailable(f"{server.name} has no model {server.model!r} or no such address (HTTP 404){hint}")
    if status == 429:
        return Unavailable(f"{server.name} is busy or its quota is used up (HTTP 429): {said}")
    return Unavailable(f"{server.name} answers HTTP {status}: {said}")


def _said(error: Any) -> str:
    body = error.body
    if isinstance(body, dict):
        body = body.get("message") or body
    return str(body or error.message)
